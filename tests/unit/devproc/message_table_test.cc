// What each control message says to a process in each state: a table, printed and held against what
// it is to be.
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <map>

#include "devproc/control_messages.h"
#include "proc/broken.h"
#include "proc/control.h"
#include "proc/notes.h"
#include "tests/unit/devproc/files.h"
#include "tests/unit/proc/program_world.h"

namespace kernel::devproc::test {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;
using proc::ProcId;

enum State : usize { kBlocked, kRunning, kStopped, kCreated, kBroken, kKernel, kEnded, kStates };
constexpr const char* kStateNames[kStates] = {"blocked", "running", "stopped", "created",
                                              "broken",  "kernel",  "ended"};

/// What a message answers: ok; C a bad control request; X process exited; P permission denied;
/// N it is not traced; E it has not said what it needs; T its state is wrong for that; W it waits,
/// until it is interrupted. After startstop and startsyscall of a stopped one the program ends, or
/// stops at its next call.
using Row = std::array<const char*, kStates>;
constexpr Row kAny = {"ok", "ok", "ok", "ok", "ok", "P", "X"};
const std::map<std::string_view, std::pair<const char*, Row>> kTable = {
    {"admit", {"admit", {"E", "E", "E", "E", "T", "P", "X"}}},
    {"close", {"close 3", {"ok", "ok", "ok", "ok", "X", "P", "X"}}},
    {"closefiles", {"closefiles", {"ok", "ok", "ok", "ok", "X", "P", "X"}}},
    {"cost", {"cost 1ms", kAny}},
    {"deadline", {"deadline 1ms", kAny}},
    {"deadlinenotes", {"deadlinenotes", kAny}},
    {"event", {"event", kAny}},
    {"expel", {"expel", kAny}},
    {"extra", {"extra", kAny}},
    {"fixedpri", {"fixedpri 3", kAny}},
    {"hang", {"hang", kAny}},
    {"interrupt", {"interrupt", kAny}},
    {"kill", {"kill", kAny}},
    {"nohang", {"nohang", kAny}},
    {"nointerrupt", {"nointerrupt", kAny}},
    {"noswap", {"noswap", kAny}},
    {"period", {"period 1ms", kAny}},
    {"pri", {"pri 3", kAny}},
    {"private", {"private", kAny}},
    {"profile", {"profile", {"ok", "ok", "ok", "ok", "ok", "P", "X"}}},
    {"sporadic", {"sporadic", kAny}},
    {"start", {"start", {"C", "C", "ok", "ok", "C", "P", "X"}}},
    {"startstop", {"startstop", {"C", "C", "X", "W", "C", "P", "X"}}},
    {"startsyscall", {"startsyscall", {"C", "C", "ok", "ok", "C", "P", "X"}}},
    {"stop", {"stop", {"ok", "ok", "ok", "ok", "ok", "P", "X"}}},
    {"strace_drop", {"strace_drop on", {"N", "N", "N", "N", "N", "P", "X"}}},
    {"straceall", {"straceall", {"ok", "ok", "ok", "ok", "X", "P", "X"}}},
    {"straceme", {"straceme", {"ok", "ok", "ok", "ok", "X", "P", "X"}}},
    {"straceoff", {"straceoff", {"N", "N", "N", "N", "N", "P", "X"}}},
    {"trace", {"trace 0", kAny}},
    {"waitstop", {"waitstop", {"W", "W", "ok", "ok", "ok", "P", "X"}}},
    {"wired", {"wired 0", kAny}},
};

/// A program that begins with what `a0` says: blocks, spins, dies of a trap, or makes a child that
/// begins stopped. Whoever is interrupted ends.
Code program_for(State state) {
    const Code block = call(kPid) + Code{li(a1, 1)} + call(kMeet) + ending(-1);
    switch (state) {
        case kRunning:
            return {0x0000006f};  // jumps to itself
        case kBroken:
            return {0};  // no instruction
        case kCreated:
            return Code{li(a0, static_cast<u64>(proc::Memory::kCopy)),
                        li(a1, static_cast<u64>(proc::Begin::kStopped))} +
                   call(kFork) + block;
        default:
            return block;
    }
}

std::string code_of(const std::string& answer) {
    if (answer == "ok") return answer;
    if (answer == "bad process or channel control request") return "C";
    if (answer.starts_with("process exited")) return "X";
    if (answer.starts_with("permission denied")) return "P";
    if (answer.starts_with("tracing not enabled")) return "N";
    if (answer == "edf params") return "E";
    if (answer == "task state") return "T";
    if (answer == "interrupted") return "W";
    return answer;
}

bool is_waiting_for_a_stop(u32 pid) {
    const proc::ProcHold hold = proc::table().hold(pid);
    return hold && hold->task().wait_reason() == "Stopwait" &&
           hold->task().state() == sched::TaskState::kWakeme;
}

/// What writing `text` to `ctl` answers, in another process; if it waits and nothing happens, that
/// is interrupted.
std::string answer_to(chan::Chan& ctl, const char* text) {
    std::string answer;
    std::atomic<bool> done = false;
    const ProcId writer = child([&] {
        answer = write_result(ctl, text);
        done.store(true);
        return "";
    });
    u32 looks = 0;
    eventually([&] {
        if (done.load()) return true;
        if (is_waiting_for_a_stop(writer.pid) && ++looks > 200) {
            EXPECT_TRUE(proc::interrupt(ref_of(writer.pid)).ok());
        }
        return false;
    });
    eventually([&] { return !proc::table().hold(writer.pid); });
    return answer;
}

/// One in that state, of programs that program_for() made.
u32 make(State state, Ref<chan::Chan>& ctl) {
    if (state == kKernel) {
        const ProcId id = kernel_child([] { (void)sched::sleep_for(nanos_from_millis(2000)); });
        return id.pid;
    }
    const ProcId id = run_program();
    u32 pid = id.pid;
    if (state == kBroken) {
        eventually([&] { return sleeps_in(ref_of(pid), sched::TaskState::kBroken); });
    } else if (state == kRunning) {
        eventually([&] { return contents(file_of(pid, "status")).substr(0, 4) == "prog"; });
    } else {
        eventually([&] { return sleeps_in(ref_of(pid), sched::TaskState::kRendez); });
    }
    if (state == kStopped) {
        EXPECT_TRUE(proc::stop(ref_of(pid)).ok());
    }
    if (state == kCreated) {
        pid = static_cast<u32>(std::stoul(contents(file_of(pid, "children"))));
        // It has come as far as to its first instruction.
        EXPECT_TRUE(proc::wait_stopped(ref_of(pid)).ok());
    }
    ctl = must_open(file_of(pid, "ctl"), chan::kOWrite);
    if (state == kEnded) {
        EXPECT_TRUE(proc::kill(ref_of(pid)).ok());
        eventually([pid] { return !proc::table().hold(pid); });
    }
    return pid;
}

/// Ends everybody but this one, and waits for it.
void end_all() {
    eventually([] {
        proc::ProcTable::Cursor cursor;
        while (const std::optional<proc::ProcRef> ref = proc::table().next(cursor)) {
            if (ref->pid != 1) (void)proc::kill(*ref);  // ignored: it ends anyway
        }
        return proc::table().counts().live == 1;
    });
    while (proc::wait().ok()) continue;
}

TEST(ProcCtlTable, EachMessageInEachState) {
    for (usize state = 0; state < kStates; ++state) {
        run_with(
            program_for(static_cast<State>(state)), "",
            [state] {
                for (const Message& message : messages()) {
                    const auto expected = kTable.find(message.name);
                    ASSERT_NE(expected, kTable.end()) << message.name;
                    Ref<chan::Chan> ctl;
                    const u32 pid = make(static_cast<State>(state), ctl);
                    const char* text = expected->second.first;
                    const std::string answer = state == kKernel
                                                   ? write_result(file_of(pid, "ctl"), text)
                                                   : answer_to(*ctl, text);
                    EXPECT_EQ(code_of(answer), expected->second.second[state])
                        << message.name << " to one that is " << kStateNames[state];
                    ctl.reset();
                    end_all();
                }
            },
            1, 2);
        if (testing::Test::HasFailure()) return;
    }
    std::cout << "message       ";
    for (const char* name : kStateNames) std::cout << std::string(9 - strlen(name), ' ') << name;
    for (const auto& [name, row] : kTable) {
        std::cout << "\n" << name << std::string(14 - name.size(), ' ');
        for (const char* code : row.second) {
            std::cout << std::string(9 - strlen(code), ' ') << code;
        }
    }
    std::cout << "\n";
}

}  // namespace
}  // namespace kernel::devproc::test
