// Notes to processes: the queue, interruption, handlers, the default.
#include "proc/notes.h"

#include <gtest/gtest.h>

#include <mutex>

#include "mm/failure.h"
#include "proc/control.h"
#include "proc/exit.h"
#include "sched/rendez.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

Result<void> post(ProcId to, std::string_view text, NoteKind kind = NoteKind::kUser) {
    return post_note(ref_of(to.pid), kind, text);
}

/// A call that waits until a note comes.
Result<void> blocking_call() {
    sched::Rendez rendez;
    return call_done(sched::sleep(rendez, [] { return false; }));
}

/// Waits until process `pid` blocks.
void until_blocked(ProcId id) {
    eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kWakeme); });
}

/// What a handler saw.
struct Seen {
    std::mutex mutex;
    std::vector<std::string> notes;
    NoteAnswer answer = NoteAnswer::kHandled;

    static NoteAnswer handle(void* argument, const Note& note) {
        auto& seen = *static_cast<Seen*>(argument);
        const std::lock_guard lock(seen.mutex);
        seen.notes.emplace_back(note.text.view());
        return seen.answer;
    }
};

TEST(NoteQueue, KeepsOrderAndRefusesTheSixth) {
    NoteQueue queue;
    EXPECT_TRUE(queue.empty());
    for (char c = 'a'; c < 'f'; ++c) EXPECT_TRUE(queue.push(NoteKind::kUser, {&c, 1}));
    EXPECT_TRUE(queue.full());
    EXPECT_FALSE(queue.push(NoteKind::kDebug, "f"));
    EXPECT_EQ(queue.pop().text.view(), "a");
    EXPECT_TRUE(queue.push(NoteKind::kExit, std::string(200, 'x')));
    for (char c = 'b'; c < 'f'; ++c) EXPECT_EQ(queue.pop().text.view(), (std::string_view{&c, 1}));
    EXPECT_EQ(queue.oldest().text.size(), kNoteMax - 1);
    EXPECT_EQ(queue.oldest().kind, NoteKind::kExit);
    queue.clear();
    EXPECT_TRUE(queue.empty());
}

TEST(Notes, AnUnhandledNoteEndsABlockedProcessWithTheNoteAsStatus) {
    run_world([] {
        const ProcId sleeper = child(
            [] {
                (void)blocking_call();
                ADD_FAILURE() << "came back";
                return "";
            },
            {.name = "sleeper"});
        until_blocked(sleeper);
        EXPECT_TRUE(post(sleeper, "interrupt").ok());
        std::array<char, 64> expected;
        EXPECT_EQ(must_wait().message.view(),
                  format_into(expected, "sleeper {}: interrupt", sleeper.pid));
    });
}

TEST(Notes, TheSixthIsNotPosted) {
    run_world([] {
        std::atomic<bool> go{false};
        const ProcId busy = child([&] {
            eventually([&] { return go.load(); });
            return "";
        });
        for (u32 i = 0; i < kNotesQueued; ++i) EXPECT_TRUE(post(busy, "n").ok());
        EXPECT_EQ(outcome(post(busy, "n")), "note not posted");
        // A note of the kernel that nobody handles is the one that is seen.
        EXPECT_TRUE(post(busy, "sys: trap", NoteKind::kExit).ok());
        {
            const ProcHold hold = table().hold(busy.pid);
            hold->assert_held();
            EXPECT_EQ(hold->signals().notes.size(), 1u);
            EXPECT_EQ(hold->signals().notes.oldest().text.view(), "sys: trap");
        }
        go = true;
        must_wait();
    });
}

TEST(Notes, AHandlerSeesThemInOrderAndTheCallIsInterrupted) {
    run_world([] {
        Seen seen;
        const ProcId handler = child([&] {
            set_note_handler(Seen::handle, &seen);
            EXPECT_EQ(outcome(blocking_call()), "interrupted");
            EXPECT_FALSE(current().task().interrupt_pending());
            EXPECT_EQ(outcome(blocking_call()), "interrupted");
            return "";
        });
        until_blocked(handler);
        EXPECT_TRUE(post(handler, "one").ok());
        eventually([&] {
            const std::lock_guard lock(seen.mutex);
            return seen.notes.size() == 1;
        });
        until_blocked(handler);
        EXPECT_TRUE(post(handler, "two").ok());
        EXPECT_TRUE(must_wait().message.empty());
        EXPECT_EQ(seen.notes, (std::vector<std::string>{"one", "two"}));
    });
}

TEST(Notes, AHandlerMayChooseTheDefault) {
    run_world([] {
        Seen seen;
        seen.answer = NoteAnswer::kDefault;
        const ProcId handler = child(
            [&] {
                set_note_handler(Seen::handle, &seen);
                (void)blocking_call();
                ADD_FAILURE() << "came back";
                return "";
            },
            {.name = "h"});
        until_blocked(handler);
        EXPECT_TRUE(post(handler, "hangup").ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": hangup"));
    });
}

TEST(Notes, WhileAHandlerRunsUserNotesWaitAndOthersEndTheProcess) {
    run_world([] {
        static std::atomic<u32> handled;
        static std::atomic<bool> in_handler;
        handled = 0;
        in_handler = false;
        const ProcId handler = child(
            [] {
                set_note_handler(
                    [](void*, const Note& note) {
                        if (++handled == 1) {
                            in_handler = true;
                            // A call in the handler: the second note waits until it returns.
                            EXPECT_EQ(outcome(blocking_call()), "interrupted");
                            EXPECT_EQ(handled.load(), 1u);
                        } else {
                            EXPECT_EQ(note.text.view(), "second");
                        }
                        return NoteAnswer::kHandled;
                    },
                    nullptr);
                (void)blocking_call();
                EXPECT_EQ(handled.load(), 2u);
                return "";
            },
            {.name = "h"});
        until_blocked(handler);
        EXPECT_TRUE(post(handler, "first").ok());
        eventually([&] { return in_handler.load(); });
        until_blocked(handler);
        EXPECT_TRUE(post(handler, "second").ok());
        EXPECT_TRUE(must_wait().message.empty());
        EXPECT_EQ(handled.load(), 2u);

        const ProcId doomed = child(
            [] {
                set_note_handler(
                    [](void*, const Note&) {
                        in_handler = true;
                        (void)blocking_call();
                        ADD_FAILURE() << "came back";
                        return NoteAnswer::kHandled;
                    },
                    nullptr);
                (void)blocking_call();
                return "";
            },
            {.name = "d"});
        in_handler = false;
        until_blocked(doomed);
        EXPECT_TRUE(post(doomed, "first").ok());
        eventually([&] { return in_handler.load(); });
        until_blocked(doomed);
        EXPECT_TRUE(post(doomed, "sys: end", NoteKind::kExit).ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": sys: end"));
    });
}

TEST(Notes, ADebugNoteLeavesTheProcessBrokenWithAComplaintAndARecord) {
    run_world([] {
        open_log(2);
        const ProcId bad = child(
            [] {
                EXPECT_TRUE(post_note(current().ref(), NoteKind::kDebug, "sys: odd address").ok());
                end_of_call();
                return "";
            },
            {.name = "bad"});
        EXPECT_TRUE(must_wait().message.view().ends_with(": sys: odd address"));
        const ProcRef ref = ref_of(bad.pid);
        EXPECT_EQ(table().hold(ref)->state(), ProcState::kBroken);  // as soon as that is known
        eventually([&] { return sleeps_in(ref, sched::TaskState::kBroken); });
        std::array<char, 64> expected;
        EXPECT_EQ(log_text(),
                  format_into(expected, "bad {}: suicide: sys: odd address\n", bad.pid));
        EXPECT_EQ(outcome(post(bad, "x")), "note not posted");
        EXPECT_TRUE(stop(ref).ok());  // as good as stopped
        EXPECT_EQ(outcome(start(ref)), "bad process or channel control request");
        EXPECT_TRUE(kill(ref).ok());
        eventually([&] { return ref_of(bad.pid).pid == 0; });
        EXPECT_EQ(outcome(kill(ref)), "process exited");
        me().my_fds().close_all();
    });
}

TEST(Notes, TheFifthBrokenProcessReleasesTheOldest) {
    run_world([] {
        std::vector<ProcRef> broken;
        for (u32 i = 0; i < kBrokenKept + 1; ++i) {
            const ProcId bad = child([] {
                exits_by_note(NoteKind::kDebug, "sys: trap");
                return "";
            });
            must_wait();
            broken.push_back(ref_of(bad.pid));
            eventually([&] { return sleeps_in(broken.back(), sched::TaskState::kBroken); });
        }
        eventually([&] { return !table().hold(broken[0]); });
        for (u32 i = 1; i <= kBrokenKept; ++i) EXPECT_TRUE(bool(table().hold(broken[i]))) << i;
        // One that was released otherwise leaves its place.
        EXPECT_TRUE(kill(broken[2]).ok());
        eventually([&] { return !table().hold(broken[2]); });
        child([] {
            exits_by_note(NoteKind::kDebug, "sys: trap");
            return "";
        });
        const ProcId last = must_wait().id;
        eventually([&] { return sleeps_in(ref_of(last.pid), sched::TaskState::kBroken); });
        EXPECT_TRUE(bool(table().hold(broken[1])));
        broken.push_back(ref_of(last.pid));
        for (const ProcRef ref : broken) (void)kill(ref);
    });
}

TEST(Notes, AKernelProcessThatReturnsStaysBroken) {
    run_world([] {
        const Result<ProcId> made = kproc(
            "careless", [](void*) {}, nullptr);
        ASSERT_TRUE(made.ok());
        eventually([&] { return sleeps_in(ref_of(made.value().pid), sched::TaskState::kBroken); });
        EXPECT_TRUE(kill(ref_of(made.value().pid)).ok());
    });
}

TEST(Notes, ANoteToTheEndedSaysSo) {
    run_world([] {
        const ProcId gone = child([] { return ""; });
        const ProcRef ref = ref_of(gone.pid);
        must_wait();
        if (ref.pid != 0) {
            EXPECT_EQ(outcome(post_note(ref, NoteKind::kUser, "x")), "process exited");
        }
        EXPECT_EQ(outcome(post_note(ProcRef{}, NoteKind::kUser, "x")), "process exited");
        EXPECT_EQ(outcome(post_note({.slot = 99, .pid = 9, .serial_low = 9}, NoteKind::kUser, "x")),
                  "process exited");
        EXPECT_EQ(outcome(post_to_group_of(99, "x")), "file does not exist");
    });
}

TEST(Notes, TakingTheLastNoteTakesTheInterruptToo) {
    run_world([] {
        std::atomic<bool> go{false};
        const ProcId busy = child([&] {
            eventually([&] { return go.load(); });
            end_of_call();
            return "";
        });
        const ProcRef ref = ref_of(busy.pid);
        EXPECT_TRUE(post(busy, "one").ok());
        EXPECT_TRUE(post(busy, "two").ok());
        EXPECT_TRUE(interrupt(ref).ok());  // goes with the last note
        EXPECT_EQ(outcome(clear_interrupt(ref)), "notes pending");
        Result<std::optional<Note>> note = take_note(ref);
        ASSERT_TRUE(note.ok() && note.value().has_value());
        EXPECT_EQ(note.value()->text.view(), "one");
        {
            const ProcHold hold = table().hold(ref);
            EXPECT_TRUE(hold->task().interrupt_pending());
        }
        EXPECT_TRUE(take_note(ref).value().has_value());
        EXPECT_FALSE(take_note(ref).value().has_value());
        {
            const ProcHold hold = table().hold(ref);
            EXPECT_FALSE(hold->task().interrupt_pending());
        }
        go = true;
        EXPECT_TRUE(must_wait().message.empty());
    });
}

TEST(Notes, AnAskedInterruptLastsUntilABlockingCallEndsByIt) {
    run_world([] {
        std::atomic<u32> step{0};
        const ProcId process = child([&] {
            eventually([&] { return step.load() == 1; });
            end_of_call();  // a call that did not block: it stays
            EXPECT_TRUE(current().task().interrupt_pending());
            EXPECT_EQ(outcome(blocking_call()), "interrupted");
            EXPECT_FALSE(current().task().interrupt_pending());
            step = 2;
            eventually([&] { return step.load() == 3; });
            EXPECT_FALSE(current().task().interrupt_pending());
            return "";
        });
        // It polls with sleeps, which end early when interrupted; that is no call and changes
        // nothing.
        EXPECT_TRUE(interrupt(ref_of(process.pid)).ok());
        step = 1;
        eventually([&] { return step.load() == 2; });
        EXPECT_TRUE(interrupt(ref_of(process.pid)).ok());
        EXPECT_TRUE(clear_interrupt(ref_of(process.pid)).ok());
        step = 3;
        EXPECT_TRUE(must_wait().message.empty());
    });
}

TEST(Notes, ANoteRememberedBetweenCallsIsNotSleptOver) {
    run_world([] {
        child([] {
            Seen seen;
            seen.answer = NoteAnswer::kRemembered;
            set_note_handler(Seen::handle, &seen);
            const auto note_in_a_call_that_does_not_sleep = [&] {
                EXPECT_TRUE(post_note(current().ref(), NoteKind::kUser, "n").ok());
                EXPECT_TRUE(call_done(Result<void>{}).ok());
            };
            note_in_a_call_that_does_not_sleep();
            EXPECT_EQ(seen.notes.size(), 1u);
            EXPECT_EQ(outcome(blocking_call()), "interrupted");
            // That call has told of it: the next sleeps.
            EXPECT_EQ(outcome(call_done(sched::sleep_for(nanos_from_millis(1)))), "ok");
            // Whoever looks without being told is not told.
            note_in_a_call_that_does_not_sleep();
            see_notes();
            EXPECT_EQ(outcome(call_done(sched::sleep_for(nanos_from_millis(1)))), "ok");
            // A call that ends by the note itself has told of it.
            EXPECT_TRUE(post_note(current().ref(), NoteKind::kUser, "n").ok());
            EXPECT_EQ(outcome(blocking_call()), "interrupted");
            EXPECT_EQ(outcome(call_done(sched::sleep_for(nanos_from_millis(1)))), "ok");
            EXPECT_EQ(seen.notes.size(), 3u);
            // Without handler nobody will look.
            note_in_a_call_that_does_not_sleep();
            set_note_handler(nullptr, nullptr);
            EXPECT_EQ(outcome(call_done(sched::sleep_for(nanos_from_millis(1)))), "ok");
            return "";
        });
        must_wait();
    });
}

TEST(Notes, AMakerThatGotANoteMeetsItBeforeThereIsAChild) {
    run_world([] {
        child([] {
            set_note_handler([](void*, const Note&) { return NoteAnswer::kHandled; }, nullptr);
            // The note comes while the child is being made.
            static std::atomic<bool> armed;
            armed = true;
            mm::set_failure_hook([](usize) {
                if (armed.exchange(false)) {
                    EXPECT_TRUE(post_note(current().ref(), NoteKind::kUser, "now").ok());
                }
                return false;
            });
            const Result<ProcId> made = try_child([] { return ""; });
            mm::set_failure_hook(nullptr);
            EXPECT_EQ(outcome(made), "interrupted");
            end_of_call(Result<void>(Error::kInterrupted));
            EXPECT_EQ(outcome(wait()), "no living children");
            child([] { return ""; });
            must_wait();
            return "";
        });
        must_wait();
    });
}

}  // namespace
}  // namespace kernel::proc::test
