// Stop, start, kill, and the handshake with debuggers.
#include "proc/control.h"

#include <gtest/gtest.h>

#include "proc/notes.h"
#include "sched/rendez.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

/// A child that makes calls without end and counts them.
ProcId worker(std::atomic<u64>& calls, bool stop_on_note = false) {
    return child(
        [&calls, stop_on_note] {
            if (stop_on_note) {
                set_note_handler([](void*, const Note&) { return NoteAnswer::kHandled; }, nullptr);
            }
            for (;;) {  // ends by kill
                ++calls;
                (void)call_done(sched::sleep_for(nanos_from_micros(50)));
            }
            return "";
        },
        {.name = "worker"});
}

bool is_stopped(ProcRef ref) {
    const ProcHold hold = table().hold(ref);
    if (!hold) return false;
    hold->assert_held();
    return hold->signals().stopped;
}

TEST(Control, StopWaitsUntilItHasStopped) {
    run_world_seeds(50, 2, [] {
        std::atomic<u64> calls{0};
        const ProcRef ref = ref_of(worker(calls).pid);
        EXPECT_TRUE(stop(ref).ok());
        EXPECT_TRUE(is_stopped(ref));
        const u64 before = calls;
        (void)sched::sleep_for(nanos_from_millis(2));
        EXPECT_EQ(calls.load(), before);
        EXPECT_TRUE(stop(ref).ok());  // already
        EXPECT_TRUE(wait_stopped(ref).ok());
        EXPECT_TRUE(start(ref).ok());
        EXPECT_EQ(outcome(start(ref)), "bad process or channel control request");
        eventually([&] { return calls > before; });
        EXPECT_TRUE(kill(ref).ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": Killed"));
        EXPECT_EQ(outcome(stop(ref)), "process exited");
        EXPECT_EQ(outcome(start(ref)), "process exited");
        EXPECT_EQ(outcome(wait_stopped(ref)), "process exited");
        EXPECT_EQ(outcome(kill(ref)), "process exited");
    });
}

TEST(Control, StopInterruptsASleep) {
    run_world([] {
        const ProcId sleeping = child([] {
            sched::Rendez rendez;
            EXPECT_EQ(outcome(call_done(sched::sleep(rendez, [] { return false; }))),
                      "interrupted");
            EXPECT_FALSE(current().task().interrupt_pending());
            return "went on";
        });
        const ProcRef ref = ref_of(sleeping.pid);
        eventually([&] { return sleeps_in(ref, sched::TaskState::kWakeme); });
        EXPECT_TRUE(stop(ref).ok());
        EXPECT_TRUE(start(ref).ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": went on"));
    });
}

TEST(Control, KillEndsAStoppedProcess) {
    run_world([] {
        std::atomic<u64> calls{0};
        const ProcRef ref = ref_of(worker(calls).pid);
        EXPECT_TRUE(stop(ref).ok());
        EXPECT_TRUE(kill(ref).ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": Killed"));
    });
}

TEST(Control, StopOfSelfOnlyArms) {
    run_world([] {
        const ProcId self_stopper = child([] {
            EXPECT_TRUE(stop(current().ref()).ok());
            end_of_call();
            return "started again";
        });
        const ProcRef ref = ref_of(self_stopper.pid);
        EXPECT_TRUE(wait_stopped(ref).ok());
        EXPECT_TRUE(start(ref).ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": started again"));
    });
}

TEST(Control, TheSecondDebuggerIsRefused) {
    run_world([] {
        std::atomic<bool> go{false};
        const ProcId busy = child([&] {
            // No calls, so it does not stop yet.
            while (!go) sched::yield();
            end_of_call();
            return "";
        });
        const ProcRef ref = ref_of(busy.pid);
        const ProcId debugger = child([ref] { return outcome(stop(ref)); });
        eventually([&] {
            const ProcHold hold = table().hold(ref);
            hold->assert_held();
            return hold->signals().debugger != nullptr;
        });
        EXPECT_EQ(outcome(stop(ref)), "device or object already in use");
        EXPECT_EQ(outcome(wait_stopped(ref)), "device or object already in use");
        go = true;
        const WaitRecord record = must_wait();
        EXPECT_EQ(record.id, debugger);
        EXPECT_TRUE(record.message.view().ends_with(": ok"));
        EXPECT_TRUE(start(ref).ok());
        must_wait();
    });
}

TEST(Control, AnInterruptedDebuggerLeavesTheRequestArmed) {
    run_world([] {
        std::atomic<bool> go{false};
        const ProcId busy = child([&] {
            while (!go) sched::yield();
            end_of_call();
            return "";
        });
        const ProcRef ref = ref_of(busy.pid);
        const ProcId debugger = child([ref] {
            set_note_handler([](void*, const Note&) { return NoteAnswer::kHandled; }, nullptr);
            return outcome(call_done(stop(ref)));
        });
        eventually([&] {
            const ProcHold hold = table().hold(ref);
            hold->assert_held();
            return hold->signals().debugger != nullptr;
        });
        EXPECT_TRUE(post_note(ref_of(debugger.pid), NoteKind::kUser, "give up").ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": interrupted"));
        go = true;
        EXPECT_TRUE(wait_stopped(ref).ok());
        EXPECT_TRUE(start(ref).ok());
        must_wait();
    });
}

TEST(Control, ADebuggerLearnsOfTheEnd) {
    run_world_seeds(50, 2, [] {
        std::atomic<bool> go{false};
        const ProcId busy = child([&] {
            while (!go) sched::yield();
            return "";  // ends without another call
        });
        const ProcRef ref = ref_of(busy.pid);
        child([ref] { return outcome(stop(ref)); }, {.name = "d"});
        eventually([&] {
            const ProcHold hold = table().hold(ref);
            hold->assert_held();
            return hold->signals().debugger != nullptr;
        });
        go = true;
        const WaitRecord one = must_wait();
        const WaitRecord two = must_wait();
        const WaitRecord& debugger = one.id == ProcId{ref.pid, ref.serial_low} ? two : one;
        EXPECT_TRUE(debugger.message.view().ends_with(": process exited"));
    });
}

TEST(Control, StopAndStartLoseNoWakeUp) {
    run_world_seeds(200, 3, [] {
        std::atomic<u64> calls{0};
        const ProcRef ref = ref_of(worker(calls, true).pid);
        for (u32 i = 0; i < 3; ++i) {
            EXPECT_TRUE(stop(ref).ok());
            EXPECT_TRUE(post_note(ref, NoteKind::kUser, "wake").ok());
            EXPECT_TRUE(start(ref).ok());
        }
        EXPECT_TRUE(kill(ref).ok());
        must_wait();
    });
}

TEST(Control, OneWaiterAtATime) {
    run_world([] {
        std::atomic<bool> go{false};
        const ProcId parent = child([&] {
            child([&] {
                eventually([&] { return go.load(); });
                return "";
            });
            eventually([&] { return go.load(); });
            const Result<WaitRecord> own = wait();
            return outcome(own);
        });
        const ProcRef ref = ref_of(parent.pid);
        const ProcId reader = child([ref] { return outcome(wait_of(ref)); });
        eventually([&] { return sleeps_in(ref_of(reader.pid), sched::TaskState::kWakeme); });
        EXPECT_EQ(outcome(wait_of(ref)), "device or object already in use");
        go = true;
        // One of parent and reader got the record; the other found none, or the parent gone. If
        // the parent ended first, its child came to this process.
        must_wait();
        must_wait();
        while (wait().ok()) continue;
    });
}

TEST(Control, AForeignReaderOfWaitLearnsOfTheEnd) {
    run_world_seeds(50, 2, [] {
        std::atomic<bool> go{false};
        const ProcId parent = child([&] {
            while (!go) sched::yield();
            return "";
        });
        const ProcRef ref = ref_of(parent.pid);
        const ProcId reader = child([ref] { return outcome(wait_of(ref)); });
        eventually([&] { return sleeps_in(ref_of(reader.pid), sched::TaskState::kWakeme); });
        go = true;
        const WaitRecord one = must_wait();
        const WaitRecord two = must_wait();
        const WaitRecord& said = one.id == reader ? one : two;
        EXPECT_TRUE(said.message.view().ends_with(": process exited")) << said.message.view();
    });
}

}  // namespace
}  // namespace kernel::proc::test
