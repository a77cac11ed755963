// Shells that are told to end, wherever they are: they unwind, give back their memory, and end with
// what they were told.
#include <gtest/gtest.h>

#include "dev/env.h"
#include "dev/pipe.h"
#include "proc/control.h"
#include "proc/notes.h"
#include "shell/kernel_host.h"
#include "shell/rc/exit_status.h"
#include "shell/rc/interpreter.h"
#include "syscall/calls.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::shell {
namespace {

using namespace proc::test;

const std::vector<chan::Dev*> kDevices = {&dev::pipe_device(), &dev::env_device()};

void run_shells(const std::function<void()>& body) { run_world(body, {.devices = kDevices}); }

/// A shell process that evaluates `text`.
proc::ProcId shell(std::string text, proc::GroupOf group = proc::GroupOf::kSelf) {
    return child(
        [text] {
            for (const i32 fd : {0, 1, 2}) open_log(fd);
            EXPECT_EQ(outcome(chan::bind(me(), "#e", "/env", chan::kMRepl | chan::kMCreate)), "ok");
            rc::StatusText status;
            {
                KernelHost host;
                const Result<rc::Owned<rc::Interpreter>> made = rc::Interpreter::create(host);
                if (!made.ok()) return std::string("no memory");
                (void)made.value()->run_text(text, "test");
                status.assign(rc::exit_status(made.value()->finish()));
            }
            return std::string(status.view());
        },
        {.name = "rc",
         .names = proc::Inherit::kCopy,
         .environment = proc::Inherit::kEmpty,
         .group = group});
}

/// Waits until process `id` is in the call that status shows as `call`.
void until_in(proc::ProcId id, std::string_view call) {
    eventually([&] {
        const proc::ProcHold hold = proc::table().hold(id.pid);
        return hold && hold->task().wait_reason() == call &&
               hold->task().state() == sched::TaskState::kWakeme;
    });
}

/// Lets it run for a while.
void let_run() { (void)sched::sleep_for(nanos_from_millis(3)); }

void expect_end(proc::ProcId id, const std::string& why) {
    const proc::WaitRecord record = must_wait();
    EXPECT_EQ(record.id, id);
    EXPECT_TRUE(record.message.view().ends_with(": " + why)) << record.message.view();
}

/// Ends what shells left behind, their children, and takes all records.
void end_orphans() {
    proc::ProcTable::Cursor cursor;
    while (const std::optional<proc::ProcRef> next = proc::table().next(cursor)) {
        if (next->pid != 1) (void)proc::kill(*next);
    }
    while (proc::wait().ok()) continue;
}

/// What a shell may be busy with, and the call that it then sleeps in; none: it runs.
struct Business {
    const char* text;
    const char* call;
};
constexpr Business kBusiness[] = {
    {"while(~ 1 1) {}", nullptr},
    {"fn f {while(~ 1 1) {x=($x a)}}; f", nullptr},
    {"for(i in 1 2 3) {while(! ~ 1 2) y=`{echo $i}}", nullptr},
    {"sleep 100", "Sleep"},
    {"x=(a b c) {sleep 100}", "Sleep"},
    {"sleep 100 | sleep 100 | sleep 100", "Sleep"},  // the last stage is the shell itself
    {"sleep 100 | sleep 100 | {sleep 0.001}", "Await"},
    {"x=`{sleep 100}", "Pread"},
    {"@{sleep 100}", "Await"},
    {"sleep 100 &; wait", "Await"},
    {"fn sigexit {while(~ 1 1) {}}; sleep 100", "Sleep"},
    {"fn sigint {while(~ 1 1) {}}; while(~ 1 1) {}", nullptr},
};

void await(const Business& business, proc::ProcId id) {
    if (business.call == nullptr) {
        let_run();
    } else {
        until_in(id, business.call);
    }
}

/// The record of `id`; those of what it left behind, which ended meanwhile, may come first.
proc::WaitRecord wait_for(proc::ProcId id) {
    for (;;) {  // ends with its record, or fails when nobody is left
        proc::WaitRecord record = must_wait();
        if (record.id == id || record.id == proc::ProcId{}) return record;
    }
}

TEST(ShellEnding, KillEndsAShellWhateverItDoes) {
    for (const Business& business : kBusiness) {
        run_shells([&] {
            const proc::ProcId id = shell(business.text);
            await(business, id);
            EXPECT_EQ(outcome(proc::kill(ref_of(id.pid))), "ok") << business.text;
            const proc::WaitRecord record = wait_for(id);
            EXPECT_TRUE(record.message.view().ends_with(": Killed")) << record.message.view();
            end_orphans();
        });
    }
}

TEST(ShellEnding, ANoteThatRcDoesNotKnowEndsItWhateverItDoes) {
    for (const Business& business : kBusiness) {
        run_shells([&] {
            const proc::ProcId id = shell(business.text);
            await(business, id);
            EXPECT_EQ(outcome(proc::post_note(ref_of(id.pid), proc::NoteKind::kUser, "go away")),
                      "ok")
                << business.text;
            const proc::WaitRecord record = wait_for(id);
            EXPECT_TRUE(record.message.view().ends_with(": go away")) << record.message.view();
            end_orphans();
        });
    }
}

TEST(ShellEnding, NotesThatRcKnowsAreItsBusiness) {
    run_shells([] {
        const proc::ProcId plain = shell("while(~ 1 1) {}");
        let_run();
        EXPECT_TRUE(proc::post_note(ref_of(plain.pid), proc::NoteKind::kUser, "interrupt").ok());
        expect_end(plain, "interrupt");
        const proc::ProcId handler = shell("fn sigint {exit handled}; while(~ 1 1) {}");
        let_run();
        EXPECT_TRUE(proc::post_note(ref_of(handler.pid), proc::NoteKind::kUser, "interrupt").ok());
        expect_end(handler, "handled");
    });
}

TEST(ShellEnding, AStageOfAPipelineIsKilledAlone) {
    run_shells([] {
        const proc::ProcId id = shell("sleep 100 | sleep 0.001; echo $status >/log");
        until_in(id, "Await");
        u32 stage = 0;
        eventually([&] {
            proc::ProcTable::Cursor cursor;
            while (const std::optional<proc::ProcRef> next = proc::table().next(cursor)) {
                const proc::ProcHold hold = proc::table().hold(*next);
                if (!hold || next->pid == id.pid) continue;
                if (hold->task().wait_reason() == std::string_view("Sleep")) stage = next->pid;
            }
            return stage != 0 && proc::table().counts().live == 3;
        });
        EXPECT_TRUE(proc::kill(ref_of(stage)).ok());
        EXPECT_EQ(must_wait().id, id);
        EXPECT_EQ(log_text(), "Killed|\n");
    });
}

TEST(ShellEnding, ALoopWithoutCallsStopsAndGoesOn) {
    run_shells([] {
        const proc::ProcId id = shell("while(~ 1 1) {}");
        const proc::ProcRef ref = ref_of(id.pid);
        EXPECT_TRUE(proc::stop(ref).ok());
        EXPECT_EQ(task_state(ref), sched::TaskState::kStopped);
        EXPECT_TRUE(proc::start(ref).ok());
        EXPECT_TRUE(proc::stop(ref).ok());
        EXPECT_TRUE(proc::kill(ref).ok());
        expect_end(id, "Killed");
    });
}

TEST(ShellEnding, WhoUnwindsTakesNoNotesAndDoesNotStop) {
    run_shells([] {
        std::atomic<u32> step{0};
        const proc::ProcId id = child([&] {
            proc::set_note_handler(
                [](void*, const proc::Note&) { return proc::NoteAnswer::kHandled; }, nullptr,
                proc::OnEnd::kUnwinds);
            while (!proc::is_unwinding())
                (void)proc::call_done(sched::sleep_for(nanos_from_millis(1)));
            const proc::ProcRef self = proc::current().ref();
            EXPECT_EQ(outcome(proc::post_note(self, proc::NoteKind::kUser, "x")),
                      "note not posted");
            const auto note = proc::take_note(self);
            EXPECT_TRUE(note.ok() && !note.value().has_value());
            EXPECT_EQ(outcome(proc::clear_interrupt(self)), "notes pending");
            EXPECT_EQ(outcome(try_child([] { return ""; })), "interrupted");
            EXPECT_EQ(outcome(kernel::syscall::sleep(nanos_from_seconds(100))), "interrupted");
            EXPECT_EQ(outcome(kernel::syscall::open("/log", chan::kOWrite)), "interrupted");
            EXPECT_EQ(outcome(sched::sleep_for(nanos_from_seconds(100))), "interrupted");
            EXPECT_EQ(outcome(kernel::syscall::close(99)), "fd out of range or not open");
            step = 1;
            while (step != 2) sched::yield();
            return "all is well";
        });
        EXPECT_TRUE(proc::kill(ref_of(id.pid)).ok());
        eventually([&] { return step == 1; });
        // Who waits for it to stop learns of its end.
        const proc::ProcRef ref = ref_of(id.pid);
        const proc::ProcId debugger = child([ref] { return outcome(proc::stop(ref)); });
        until_in(debugger, "Stopwait");
        step = 2;
        for (u32 i = 0; i < 2; ++i) {
            const proc::WaitRecord record = must_wait();
            const char* why = record.id == id ? ": Killed" : ": process exited";
            EXPECT_TRUE(record.message.view().ends_with(why)) << record.message.view();
        }
    });
}

TEST(ShellEnding, ATrapOfTheKernelLeavesItBrokenWithItsMemoryGivenBack) {
    run_shells([] {
        const proc::ProcId id = shell("x=(a b c); while(~ 1 1) {}");
        let_run();
        EXPECT_TRUE(
            proc::post_note(ref_of(id.pid), proc::NoteKind::kDebug, "sys: odd address").ok());
        expect_end(id, "sys: odd address");
        eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kBroken); });
        EXPECT_TRUE(proc::kill(ref_of(id.pid)).ok());
    });
}

TEST(ShellEnding, KillsAtAnyMomentLeaveNothing) {
    // The moment follows from the seed; process 1 counts what is in use before and after.
    run_world_seeds(
        150, 2,
        [] {
            constexpr const char* kText =
                "fn f {for(i in a b c) {x=`{echo $i $*}; echo $x | {y=$x; echo $y}}}\n"
                "while(~ 1 1) {f one two >/log; @{sleep 0.0001; f}; sleep 0.0001 &; wait}";
            std::vector<proc::ProcId> shells;
            for (u32 i = 0; i < 2; ++i) shells.push_back(shell(kText));
            const u64 moment = fixture::seed() * 2654435761u % 4'000'000;
            (void)sched::sleep_for(Nanos{moment});
            for (const proc::ProcId id : shells) EXPECT_TRUE(proc::kill(ref_of(id.pid)).ok());
            do {
                end_orphans();
            } while (proc::table().counts().live > 1);
            end_orphans();
        },
        kDevices);
}

}  // namespace
}  // namespace kernel::shell
