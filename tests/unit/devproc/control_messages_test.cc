// What may be written to ctl: each message to a process in each state, and what is no message.
#include "devproc/control_messages.h"

#include <gtest/gtest.h>

#include <set>

#include "devproc/raw_proc.h"
#include "proc/control.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/devproc/files.h"

namespace kernel::devproc::test {
namespace {

constexpr const char* kBadCtl = "bad process or channel control request";

std::string ctl(u32 pid, std::string_view message) {
    return write_result(file_of(pid, "ctl"), message);
}

RawProc raw_of(u32 pid) {
    const std::string bytes = contents(file_of(pid, "proc"));
    RawProc raw{};
    EXPECT_EQ(bytes.size(), sizeof raw);
    std::memcpy(&raw, bytes.data(), std::min(bytes.size(), sizeof raw));
    return raw;
}

std::string state_of(u32 pid) {
    const std::string status = contents(file_of(pid, "status"));
    const std::string state = status.substr(56, 11);
    return state.substr(0, state.find(' '));
}

/// A process that waits in one call until it is ended, or until the call is interrupted and it goes
/// on to the next.
proc::ProcId blocked_child() {
    const proc::ProcId id = child([] {
        for (;;) {  // ends by kill
            sched::Rendez rendez;
            (void)proc::call_done(sched::sleep(rendez, [] { return false; }));
        }
        return "";
    });
    eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kWakeme); });
    return id;
}

proc::ProcId stopped_child() {
    const proc::ProcId id = calling_child();
    EXPECT_EQ(ctl(id.pid, "stop"), "ok");
    return id;
}

proc::ProcId broken_child() {
    const proc::ProcId id = child([] {
        proc::exits_by_note(proc::NoteKind::kDebug, "sys: trap");
        return "";
    });
    EXPECT_EQ(must_wait().id, id);
    eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kBroken); });
    return id;
}

/// Writes to the ctl of a process that ended, which was opened before.
std::string ctl_of_ended(std::string_view message) {
    const proc::ProcId id = calling_child();
    const Ref<chan::Chan> open = must_open(file_of(id.pid, "ctl"), chan::kOWrite);
    kill_and_wait(id);
    return write_result(*open, message);
}

void expect_killed(proc::ProcId id) {
    const proc::WaitRecord record = must_wait();
    EXPECT_EQ(record.id, id);
    EXPECT_TRUE(record.message.view().ends_with(": Killed")) << record.message.view();
}

TEST(ProcCtl, KillEndsAProcessInAnyState) {
    run_world([] {
        for (const auto make : {+[] { return calling_child(); }, +[] { return blocked_child(); },
                                +[] { return stopped_child(); }}) {
            const proc::ProcId id = make();
            EXPECT_EQ(ctl(id.pid, "kill"), "ok");
            expect_killed(id);
        }
        const proc::ProcId broken = broken_child();
        EXPECT_EQ(ctl(broken.pid, "kill"), "ok");
        eventually([&] { return ref_of(broken.pid).pid == 0; });
        EXPECT_EQ(ctl_of_ended("kill"), "process exited");
    });
}

TEST(ProcCtl, StopIsDoneWhenTheProcessHasStopped) {
    run_world([] {
        for (const auto make : {+[] { return calling_child(); }, +[] { return blocked_child(); },
                                +[] { return stopped_child(); }}) {
            const proc::ProcId id = make();
            EXPECT_EQ(ctl(id.pid, "stop"), "ok");
            EXPECT_EQ(state_of(id.pid), "Stopped");
            EXPECT_EQ(ctl(id.pid, "waitstop"), "ok");
            EXPECT_EQ(state_of(id.pid), "Stopped");
            kill_and_wait(id);
        }
        const proc::ProcId broken = broken_child();
        EXPECT_EQ(ctl(broken.pid, "stop"), "ok");
        EXPECT_EQ(ctl(broken.pid, "waitstop"), "ok");
        EXPECT_EQ(state_of(broken.pid), "Broken");
        EXPECT_EQ(ctl(broken.pid, "kill"), "ok");
        EXPECT_EQ(ctl_of_ended("stop"), "process exited");
        EXPECT_EQ(ctl_of_ended("waitstop"), "process exited");
    });
}

TEST(ProcCtl, StartIsForStoppedProcesses) {
    run_world([] {
        const proc::ProcId running = calling_child();
        EXPECT_EQ(ctl(running.pid, "start"), kBadCtl);
        EXPECT_EQ(ctl(running.pid, "stop"), "ok");
        const u64 before = raw_of(running.pid).switches;
        EXPECT_EQ(ctl(running.pid, "start"), "ok");
        eventually([&] { return raw_of(running.pid).switches > before + 2; });
        EXPECT_EQ(ctl(running.pid, "start"), kBadCtl);
        kill_and_wait(running);
        const proc::ProcId blocked = blocked_child();
        EXPECT_EQ(ctl(blocked.pid, "start"), kBadCtl);
        kill_and_wait(blocked);
        const proc::ProcId broken = broken_child();
        EXPECT_EQ(ctl(broken.pid, "start"), kBadCtl);
        EXPECT_EQ(ctl(broken.pid, "kill"), "ok");
        EXPECT_EQ(ctl_of_ended("start"), "process exited");
    });
}

TEST(ProcCtl, PrioritiesAreSetInAnyStateAndClamped) {
    run_world([] {
        for (const auto make : {+[] { return calling_child(); }, +[] { return blocked_child(); },
                                +[] { return stopped_child(); }}) {
            const proc::ProcId id = make();
            EXPECT_EQ(ctl(id.pid, "pri 5"), "ok");
            EXPECT_EQ(raw_of(id.pid).base_priority, 5u);
            EXPECT_EQ(raw_of(id.pid).flags & RawProc::kFixedPriority, 0u);
            EXPECT_EQ(ctl(id.pid, "fixedpri 7"), "ok");
            EXPECT_EQ(raw_of(id.pid).base_priority, 7u);
            EXPECT_NE(raw_of(id.pid).flags & RawProc::kFixedPriority, 0u);
            EXPECT_EQ(ctl(id.pid, "pri -4"), "ok");
            EXPECT_EQ(raw_of(id.pid).base_priority, 0u);
            EXPECT_EQ(ctl(id.pid, "pri 12"), "ok");  // eve may
            EXPECT_EQ(ctl(id.pid, "pri 999"), "ok");
            EXPECT_EQ(raw_of(id.pid).base_priority, 19u);
            EXPECT_EQ(ctl(id.pid, "pri x"), "ok");  // as atoi reads it
            EXPECT_EQ(raw_of(id.pid).base_priority, 0u);
            kill_and_wait(id);
        }
        const proc::ProcId broken = broken_child();
        EXPECT_EQ(ctl(broken.pid, "pri 5"), "ok");
        EXPECT_EQ(ctl(broken.pid, "kill"), "ok");
        EXPECT_EQ(ctl_of_ended("pri 5"), "process exited");
        child([] {
            proc::set_user("glenda");
            const u32 self = proc::current().id().pid;
            EXPECT_EQ(ctl(self, "pri 11"), "permission denied");
            EXPECT_EQ(ctl(self, "fixedpri 11"), "permission denied");
            EXPECT_EQ(ctl(self, "pri 10"), "ok");
            return "";
        });
        must_wait();
    });
}

TEST(ProcCtl, AProcessThatStopsItselfGoesOnFromThere) {
    run_world([] {
        const proc::ProcId id = child([] {
            EXPECT_EQ(ctl(proc::current().id().pid, "stop"), "ok");
            proc::end_of_call();
            return "on";
        });
        EXPECT_EQ(ctl(id.pid, "waitstop"), "ok");
        EXPECT_EQ(state_of(id.pid), "Stopped");
        EXPECT_EQ(ctl(id.pid, "start"), "ok");
        EXPECT_TRUE(must_wait().message.view().ends_with(": on"));
    });
}

TEST(ProcCtl, FlagsAreSetAndCleared) {
    run_world([] {
        const proc::ProcId id = blocked_child();
        const auto has = [&](u32 flag) { return (raw_of(id.pid).flags & flag) != 0; };
        EXPECT_FALSE(has(RawProc::kHang));
        EXPECT_EQ(ctl(id.pid, "hang"), "ok");
        EXPECT_TRUE(has(RawProc::kHang));
        EXPECT_EQ(ctl(id.pid, "nohang"), "ok");
        EXPECT_FALSE(has(RawProc::kHang));
        EXPECT_FALSE(has(RawProc::kPrivate));
        EXPECT_EQ(ctl(id.pid, "private"), "ok");
        EXPECT_TRUE(has(RawProc::kPrivate));
        EXPECT_FALSE(has(RawProc::kNoSwap));
        EXPECT_EQ(ctl(id.pid, "noswap"), "ok");
        EXPECT_TRUE(has(RawProc::kNoSwap));
        kill_and_wait(id);
    });
}

TEST(ProcCtl, InterruptEndsTheBlockingCallOnly) {
    run_world([] {
        std::atomic<u32> interrupted{0};
        const proc::ProcId id = child([&] {
            for (;;) {  // ends by kill
                sched::Rendez rendez;
                const auto slept = proc::call_done(sched::sleep(rendez, [] { return false; }));
                EXPECT_EQ(outcome(slept), "interrupted");
                ++interrupted;
            }
            return "";
        });
        eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kWakeme); });
        EXPECT_EQ(ctl(id.pid, "nointerrupt"), "ok");
        EXPECT_EQ(interrupted.load(), 0u);
        EXPECT_EQ(ctl(id.pid, "interrupt"), "ok");
        eventually([&] { return interrupted == 1; });
        eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kWakeme); });
        EXPECT_EQ(interrupted.load(), 1u);
        kill_and_wait(id);
        const proc::ProcId stopped = stopped_child();
        EXPECT_EQ(write_result(file_of(stopped.pid, "note"), "wait"), "ok");
        EXPECT_EQ(ctl(stopped.pid, "nointerrupt"), "notes pending");
        kill_and_wait(stopped);
    });
}

TEST(ProcCtl, DescriptorsAreClosedFromOutside) {
    run_world([] {
        open_log(0);
        open_log(1);
        open_log(7);
        const proc::ProcId id = blocked_child();
        const auto open_in = [&] {
            const std::string text = contents(file_of(id.pid, "fd"));
            return std::count(text.begin(), text.end(), '\n') - 1;
        };
        EXPECT_EQ(open_in(), 3);
        EXPECT_EQ(ctl(id.pid, "close 1"), "ok");
        EXPECT_EQ(open_in(), 2);
        EXPECT_EQ(ctl(id.pid, "close 1"), "ok");  // is not open
        EXPECT_EQ(ctl(id.pid, "close 99999999999"), "ok");
        EXPECT_EQ(ctl(id.pid, "close -1"), "fd out of range or not open");
        EXPECT_EQ(open_in(), 2);
        EXPECT_EQ(ctl(id.pid, "closefiles"), "ok");
        EXPECT_EQ(open_in(), 0);
        kill_and_wait(id);
        const proc::ProcId broken = broken_child();
        EXPECT_EQ(ctl(broken.pid, "close 0"), "process exited");
        EXPECT_EQ(ctl(broken.pid, "closefiles"), "process exited");
        EXPECT_EQ(ctl(broken.pid, "kill"), "ok");
        me().my_fds().close_all();
    });
}

TEST(ProcCtl, WiredConfinesToHartsOfTheMachine) {
    WorldOptions options;
    options.machine.harts = 2;
    run_world(
        [] {
            const proc::ProcId id = blocked_child();
            const u64 all = raw_of(id.pid).harts;
            EXPECT_EQ(ctl(id.pid, "wired 1"), "ok");
            EXPECT_EQ(raw_of(id.pid).harts, 2u);
            EXPECT_EQ(ctl(id.pid, "wired 2"), "ok");  // modulo their number
            EXPECT_EQ(raw_of(id.pid).harts, 1u);
            EXPECT_EQ(ctl(id.pid, "wired -1"), "ok");
            EXPECT_EQ(std::popcount(raw_of(id.pid).harts), 1);
            EXPECT_EQ(ctl(id.pid, "wired mask 0x3"), "ok");
            EXPECT_EQ(raw_of(id.pid).harts & all & 3, 3u);
            EXPECT_EQ(ctl(id.pid, "wired mask 0"), "bad arg in system call");
            EXPECT_EQ(ctl(id.pid, "wired mask 0x10"), "bad arg in system call");
            EXPECT_EQ(ctl(id.pid, "wired mask 1x"), "bad arg in system call");
            EXPECT_EQ(ctl(id.pid, "wired set 1"), "bad arg in system call");
            kill_and_wait(id);
        },
        options);
}

TEST(ProcCtl, WiredNamesHartsByTheirHardwareIds) {
    WorldOptions options;
    options.machine.harts = 4;
    options.machine.first_hart_id = 1;
    run_world(
        [] {
            const proc::ProcId id = blocked_child();
            EXPECT_EQ(ctl(id.pid, "wired 1"), "ok");
            EXPECT_EQ(raw_of(id.pid).harts, 0b0001u);
            EXPECT_EQ(ctl(id.pid, "wired 4"), "ok");
            EXPECT_EQ(raw_of(id.pid).harts, 0b1000u);
            EXPECT_EQ(ctl(id.pid, "wired 6"), "ok");  // not there: 6 modulo 4
            EXPECT_EQ(raw_of(id.pid).harts, 0b0100u);
            EXPECT_EQ(ctl(id.pid, "wired mask 0x12"), "ok");
            EXPECT_EQ(raw_of(id.pid).harts, 0b1001u);
            EXPECT_EQ(ctl(id.pid, "wired mask 1"), "bad arg in system call") << "no hart 0 here";
            kill_and_wait(id);
        },
        options);
}

TEST(ProcCtl, TimesOfRealTimeAreDigitsAndAUnit) {
    run_world([] {
        const proc::ProcId id = blocked_child();
        const struct {
            std::string_view text;
            u64 nanos;
        } kGood[] = {
            {"1", 1},           {"250", 250},       {"7ns", 7},          {"20us", 20'000},   {"20\u00b5s", 20'000},
            {"3ms", 3'000'000}, {".5s", 500'000'000}, {"1.5ms", 1'500'000}, {"2.s", 2'000'000'000},
            {"0.123456789s", 123'456'789}, {"1.9ns", 1}, {"0", 0},
        };
        const auto needs = [&id] {
            const proc::ProcHold hold = proc::table().hold(id.pid);
            hold->assert_held();
            return hold->attributes().real_time;
        };
        for (const auto& row : kGood) {
            EXPECT_EQ(ctl(id.pid, "period " + std::string(row.text)), "ok") << row.text;
            EXPECT_EQ(needs().period.value, row.nanos) << row.text;
        }
        const struct {
            std::string_view text;
            std::string_view answer;
        } kBad[] = {
            {"''", "missing value"},
            {"ms", "ill-formed number"},
            {".", "ill-formed number"},
            {".ms", "ill-formed number"},
            {"-1ms", "ill-formed number"},
            {"1.0123456789s", "too many digits after decimal point"},
            {"1m", "unrecognized unit"},
            {"1 ms", "wrong #args in control message \"cost 1 ms\""},
            {"1msx", "unrecognized unit"},
            {"0x10ms", "unrecognized unit"},
            {"1e3ns", "unrecognized unit"},
            {"9999999999999999999", "bad arg in system call"},
            {"9999999s", "bad arg in system call"},
        };
        for (const auto& row : kBad) EXPECT_EQ(ctl(id.pid, "cost " + std::string(row.text)), row.answer) << row.text;
        EXPECT_EQ(needs().cost.value, 0u);
        kill_and_wait(id);
    });
}

TEST(ProcCtl, AdmitNamesWhatCannotBe) {
    run_world([] {
        const proc::ProcId id = blocked_child();
        EXPECT_EQ(ctl(id.pid, "admit"), "edf params");
        EXPECT_EQ(ctl(id.pid, "extra"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "T not set");
        EXPECT_EQ(ctl(id.pid, "period 10ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "C not set");
        EXPECT_EQ(ctl(id.pid, "cost 2ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "deadline 11ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "D > T");
        EXPECT_EQ(ctl(id.pid, "deadline 1ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "C > D");
        EXPECT_EQ(ctl(id.pid, "deadline 10ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "cost 10ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "not schedulable");
        EXPECT_EQ(ctl(id.pid, "cost 5ms"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "ok");
        EXPECT_EQ(raw_of(id.pid).priority, 21u);
        EXPECT_EQ(std::popcount(raw_of(id.pid).harts), 1);
        EXPECT_EQ(ctl(id.pid, "admit"), "task state");
        EXPECT_EQ(ctl(id.pid, "wired 0"), "task state");
        EXPECT_TRUE(contents(file_of(id.pid, "info")).contains("realtime 1 10000000 10000000 5000000\n"));
        EXPECT_EQ(ctl(id.pid, "sporadic"), "ok");  // goes by that at once
        EXPECT_EQ(ctl(id.pid, "deadlinenotes"), "ok");
        EXPECT_EQ(ctl(id.pid, "pri 7"), "ok");  // for later
        EXPECT_EQ(raw_of(id.pid).priority, 21u);
        EXPECT_EQ(ctl(id.pid, "expel"), "ok");
        EXPECT_EQ(raw_of(id.pid).priority, 7u);
        EXPECT_EQ(ctl(id.pid, "expel"), "ok");
        EXPECT_EQ(ctl(id.pid, "admit"), "ok");
        EXPECT_EQ(ctl(id.pid, "cost 1ms"), "ok");  // which expels
        EXPECT_EQ(raw_of(id.pid).priority, 7u);
        EXPECT_EQ(ctl(id.pid, "admit"), "ok");
        kill_and_wait(id);
        EXPECT_EQ(ctl_of_ended("admit"), "process exited");
    });
}

TEST(ProcCtl, SharesAreOfLivingProcessesOnly) {
    WorldOptions options;
    options.machine.harts = 1;
    run_world(
        [] {
            // Each takes nearly all there is; each end gives it back.
            for (u32 round = 0; round < 3; ++round) {
                const proc::ProcId id = blocked_child();
                for (const char* text : {"period 10ms", "cost 9ms", "admit"}) EXPECT_EQ(ctl(id.pid, text), "ok");
                const proc::ProcId other = blocked_child();
                for (const char* text : {"period 10ms", "cost 9ms"}) EXPECT_EQ(ctl(other.pid, text), "ok");
                EXPECT_EQ(ctl(other.pid, "admit"), "not schedulable");
                kill_and_wait(id);
                EXPECT_EQ(ctl(other.pid, "admit"), "ok");
                kill_and_wait(other);
            }
        },
        options);
}

TEST(ProcCtl, WhatIsNoMessageSaysWhy) {
    run_world([] {
        const struct {
            std::string_view text;
            std::string_view answer;
        } kCases[] = {
            {"", "empty control message"},
            {"\n", "empty control message"},
            {"  \t ", "empty control message"},
            {"frob", "unknown control message \"frob\""},
            {"frob 3", "unknown control message \"frob 3\""},
            {"frob 3\n", "unknown control message \"frob 3\""},
            {"frob  'a b' c", "unknown control message \"frob 'a b' c\""},
            {"frob it''s", "unknown control message \"frob its\""},
            {"frob 'it''s'", "unknown control message \"frob 'it''s'\""},
            {"''", "unknown control message \"''\""},
            {"KILL", "unknown control message \"KILL\""},
            {"kil", "unknown control message \"kil\""},
            {"kills", "unknown control message \"kills\""},
            {"close", "wrong #args in control message \"close\""},
            {"close 1 2", "wrong #args in control message \"close 1 2\""},
            {"kill me", "wrong #args in control message \"kill me\""},
            {"pri", "wrong #args in control message \"pri\""},
            {"wired", "wrong #args in control message \"wired\""},
            {"wired 1 2 3", "wrong #args in control message \"wired 1 2 3\""},
            {"stop now", "wrong #args in control message \"stop now\""},
            {"a b c d e f g h i j", "read or write too large"},
        };
        const proc::ProcId id = blocked_child();
        for (const auto& row : kCases) EXPECT_EQ(ctl(id.pid, row.text), row.answer) << row.text;
        EXPECT_EQ(ctl(id.pid, std::string(257, 'x')), "read or write too large");
        EXPECT_TRUE(ctl(id.pid, std::string(256, 'x')).starts_with("unknown control message"));
        // Words may be quoted, and end in a newline.
        EXPECT_EQ(ctl(id.pid, " 'pri'\t'3' \n"), "ok");
        EXPECT_EQ(raw_of(id.pid).base_priority, 3u);
        EXPECT_EQ(state_of(id.pid), "Wakeme");
        kill_and_wait(id);
        EXPECT_EQ(ctl_of_ended("frob"), "process exited");
    });
}

TEST(ProcCtl, AWriteAnswersHowMuchItTook) {
    run_world([] {
        const proc::ProcId id = blocked_child();
        const Ref<chan::Chan> open = must_open(file_of(id.pid, "ctl"), chan::kORdWr);
        for (const u64 offset : {u64{0}, u64{7}, u64{1} << 40}) {
            const Result<usize> wrote = chan::write(me(), *open, as_bytes("pri 4\n"), offset);
            EXPECT_EQ(wrote.ok() ? wrote.value() : 0, 6u);
        }
        kill_and_wait(id);
    });
}

TEST(ProcCtl, SettingsForAllAreReadBackAsTheyWereTaken) {
    run_world([] {
        EXPECT_EQ(contents("#p/ctl"), "piddelay 10\nrandompid 0\n");
        const struct {
            const char* text;
            const char* result;
            const char* after;
        } kWrites[] = {
            {"piddelay 3\n", "ok", "piddelay 3\nrandompid 0\n"},
            {"piddelay 3601", "bad arg in system call", "piddelay 3\nrandompid 0\n"},
            {"piddelay -1", "bad arg in system call", "piddelay 3\nrandompid 0\n"},
            {"piddelay soon", "bad arg in system call", "piddelay 3\nrandompid 0\n"},
            {"piddelay 0", "ok", "piddelay 0\nrandompid 0\n"},
            {"randompid 1", "ok", "piddelay 0\nrandompid 0\n"},
            {"randompid 50", "ok", "piddelay 0\nrandompid 100\n"},
            {"randompid 1000000000", "ok", "piddelay 0\nrandompid 1000000000\n"},
            {"randompid 99999999999", "ok", "piddelay 0\nrandompid 2147483547\n"},
            {"randompid -1", "ok", "piddelay 0\nrandompid 2147483547\n"},
            {"randompid 0", "ok", "piddelay 0\nrandompid 0\n"},
            {"kill", "unknown control message \"kill\"", "piddelay 0\nrandompid 0\n"},
            {"randompid", "wrong #args in control message \"randompid\"",
             "piddelay 0\nrandompid 0\n"},
        };
        for (const auto& write : kWrites) {
            EXPECT_EQ(write_result("#p/ctl", write.text), write.result) << write.text;
            EXPECT_EQ(contents("#p/ctl"), write.after) << write.text;
        }
    });
}

TEST(ProcCtl, EveryMessageHasARowThatSaysWhatItDoes) {
    std::set<std::string_view> names;
    for (const NameTable<Message>& table : {messages(), settings()}) {
        for (const Message& message : table) {
            EXPECT_TRUE(names.insert(message.name).second) << message.name;
            EXPECT_TRUE(message.usage.starts_with(message.name));
            EXPECT_TRUE(message.help.ends_with('.'));
            EXPECT_LE(message.least_arguments, message.most_arguments);
            EXPECT_NE(message.act, nullptr);
        }
        EXPECT_TRUE(
            std::is_sorted(table.begin(), table.end(),
                           [](const Message& a, const Message& b) { return a.name < b.name; }));
    }
    for (const char* name : {"kill", "stop", "start", "pri"}) EXPECT_TRUE(names.contains(name));
}

}  // namespace
}  // namespace kernel::devproc::test
