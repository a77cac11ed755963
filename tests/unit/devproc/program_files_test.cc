// The files about a program's memory and registers: mem, text, segment, maps, regs, fpregs.
#include <gtest/gtest.h>

#include "devproc/files.h"
#include "machine/user.h"
#include "proc/broken.h"
#include "proc/control.h"
#include "proc/notes.h"
#include "proc/wait.h"
#include "tests/unit/devproc/files.h"
#include "tests/unit/proc/failing.h"
#include "tests/unit/proc/program_world.h"

namespace kernel::devproc::test {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;
using proc::kill;
using proc::ProcId;
using proc::stop;
using proc::table;

/// Stores 0x123 in s1 and behind the text of its data, then waits at a meeting of its own, to which
/// nobody comes; after that it ends with the text at its data.
Code meeting() {
    return Code{li(s1, 0x123), lui(s2, kData), sd(s1, 64, s2)} + call(kPid) + Code{li(a1, 1)} +
           call(kMeet) + ending(0);
}
constexpr u64 kMeetingPc = kCode + 8 * 4;  // behind its call

/// Runs `body(pid)` while such a program waits, and ends it.
void run_meeting(const std::function<void(u32)>& body) {
    run_with(meeting(), "some data", [&body] {
        const ProcId child = run_program();
        eventually([&] { return sleeps_in(ref_of(child.pid), sched::TaskState::kRendez); });
        body(child.pid);
        (void)kill(ref_of(child.pid));  // ignored: some bodies end it
        must_wait();
        proc::release_all_broken();
        eventually([] { return table().counts().live == 1; });
    });
}

/// Runs `body(maker, other)` while two such programs wait that share data, one made by the other,
/// and ends them.
void run_threads(const std::function<void(u32, u32)>& body) {
    const Code code = Code{li(a0, static_cast<u64>(proc::Memory::kShareData)), li(a1, 0)} +
                      call(kFork) + meeting();
    run_with(code, "some data", [&body] {
        const ProcId maker = run_program();
        u32 other = 0;
        eventually([&] {
            const std::string children = contents(file_of(maker.pid, "children"));
            other = children.empty() ? 0 : static_cast<u32>(std::stoul(children));
            return other != 0;
        });
        for (const u32 each : {maker.pid, other}) {
            eventually([&] { return sleeps_in(ref_of(each), sched::TaskState::kRendez); });
        }
        body(maker.pid, other);
        for (const u32 each : {other, maker.pid}) ASSERT_TRUE(kill(ref_of(each)).ok());
        must_wait();
        eventually([] { return table().counts().live == 1; });
        while (proc::wait().ok()) continue;
    });
}

std::string words(std::initializer_list<u64> all) {
    return {reinterpret_cast<const char*>(all.begin()), all.size() * sizeof(u64)};
}
u64 word(const std::string& text, usize index) {
    u64 value = 0;
    if (text.size() >= (index + 1) * sizeof(u64)) {
        std::memcpy(&value, text.data() + index * sizeof(u64), sizeof(u64));
    }
    return value;
}

/// Opens a file of process `pid`.
Ref<chan::Chan> open_of(u32 pid, std::string_view file, chan::OpenMode mode = chan::kORead) {
    return must_open(file_of(pid, file), mode);
}
std::string write_at(chan::Chan& chan, u64 offset, std::string_view text) {
    return result_of(chan::write(me(), chan, as_bytes(text), offset));
}

TEST(ProcMem, ReadsUpToTheEndOfASegment) {
    run_meeting([](u32 pid) {
        const Ref<chan::Chan> mem = open_of(pid, "mem");
        EXPECT_EQ(read_at(*mem, kData, 9), "some data");
        EXPECT_EQ(read_at(*mem, kData + 5, 4), "data");
        EXPECT_EQ(read_at(*mem, kData + 64, 8), words({0x123}));
        // Data and no bss: one page.
        EXPECT_EQ(read_at(*mem, kData, 2 * kPageSize).size(), kPageSize);
        EXPECT_EQ(read_at(*mem, kData + kPageSize - 1, 8).size(), 1U);
        EXPECT_EQ(read_at(*mem, kData, 0), "");
        for (const u64 at : {u64{0}, kData - 1, kData + kPageSize, machine::kUserEnd - 1,
                             machine::kUserEnd, u64{1} << 40}) {
            EXPECT_EQ(read_at(*mem, at, 8), "<bad arg in system call>") << at;
        }
    });
}

TEST(ProcMem, IsWrittenWhileItsProcessIsStopped) {
    run_meeting([](u32 pid) {
        const Ref<chan::Chan> mem = open_of(pid, "mem", chan::kORdWr);
        EXPECT_EQ(write_at(*open_of(pid, "regs", chan::kORdWr), 0, "other"),
                  "bad process or channel control request");
        EXPECT_EQ(write_at(*mem, kData, "other"), "bad process or channel control request");
        ASSERT_TRUE(stop(ref_of(pid)).ok());
        EXPECT_EQ(write_at(*mem, kData, "other text"), "ok");
        EXPECT_EQ(read_at(*mem, kData, 10), "other text");
        // All or nothing.
        EXPECT_EQ(write_at(*mem, kData + kPageSize - 1, "xy"), "bad arg in system call");
        EXPECT_EQ(read_at(*mem, kData + kPageSize - 1, 1), std::string(1, '\0'));
        EXPECT_EQ(write_at(*mem, 0, "x"), "bad arg in system call");
        // A text is changed for this process only, and it executes what was written.
        const std::string before = read_at(*mem, kCode, 4);
        const u32 end = li(a0, 0);
        EXPECT_EQ(write_at(*mem, kMeetingPc, as_text(std::as_bytes(std::span(&end, 1)))), "ok");
        EXPECT_EQ(write_at(*mem, kMeetingPc + 4, as_text(std::as_bytes(std::span(&end, 1)))), "ok");
        EXPECT_EQ(read_at(*mem, kCode, 4), before);
        EXPECT_TRUE(proc::start(ref_of(pid)).ok());
    });
}

TEST(ProcMem, ChangesTheTextOfOneProcessOnly) {
    run_with(meeting(), "some data", [] {
        const ProcId first = run_program();
        const ProcId second = run_program();
        for (const ProcId& each : {first, second}) {
            eventually([&] { return sleeps_in(ref_of(each.pid), sched::TaskState::kRendez); });
        }
        ASSERT_TRUE(stop(ref_of(first.pid)).ok());
        const Ref<chan::Chan> mem = open_of(first.pid, "mem", chan::kORdWr);
        const std::string original = read_at(*open_of(second.pid, "mem"), kCode, 16);
        EXPECT_EQ(write_at(*mem, kCode, "breakpoint"), "ok");
        EXPECT_EQ(read_at(*mem, kCode, 16), "breakpoint" + original.substr(10));
        EXPECT_EQ(read_at(*open_of(second.pid, "mem"), kCode, 16), original);
        EXPECT_EQ(read_at(*open_of(first.pid, "text"), kCode - 0x10000, 16), original);
        for (const ProcId& each : {first, second}) {
            ASSERT_TRUE(kill(ref_of(each.pid)).ok());
            must_wait();
        }
    });
}

TEST(ProcMem, OfKernelCodeIsNone) {
    run_world([] {
        EXPECT_EQ(read_at(*must_open("#p/1/mem"), kData, 8), "<bad arg in system call>");
        EXPECT_EQ(read_at(*must_open("#p/1/regs"), 0, 8), "<process has no saved registers>");
        EXPECT_EQ(read_at(*must_open("#p/1/fpregs"), 0, 8), "<process has no saved registers>");
        EXPECT_EQ(contents("#p/1/segment"), "");
        EXPECT_EQ(contents("#p/1/maps"), "");
        EXPECT_EQ(open_result("#p/1/text"), "file does not exist: '#p/1/text'");
    });
}

TEST(ProcRegs, AreThoseOfTheProgram) {
    run_meeting([](u32 pid) {
        const Ref<chan::Chan> regs = open_of(pid, "regs");
        const std::string all = read_at(*regs, 0);
        ASSERT_EQ(all.size(), 35 * sizeof(u64));
        EXPECT_EQ(word(all, s1 - 1), 0x123U);
        EXPECT_EQ(word(all, 31), kMeetingPc);
        // In pieces.
        for (const usize piece : {1U, 7U, 8U, 279U, 280U, 281U}) {
            std::string pieces;
            while (pieces.size() < all.size()) pieces += read_at(*regs, pieces.size(), piece);
            EXPECT_EQ(pieces, all) << piece;
        }
        EXPECT_EQ(read_at(*regs, 280, 8), "");
        EXPECT_EQ(read_at(*regs, ~u64{0} >> 1, 8), "");
    });
}

TEST(ProcRegs, AreWrittenButForWhatIsTheMachines) {
    run_meeting([](u32 pid) {
        const Ref<chan::Chan> regs = open_of(pid, "regs", chan::kORdWr);
        ASSERT_TRUE(stop(ref_of(pid)).ok());
        const std::string before = read_at(*regs, 0);
        EXPECT_EQ(write_at(*regs, (s1 - 1) * 8, words({0x456})), "ok");
        EXPECT_EQ(write_at(*regs, (s2 - 1) * 8 + 7, "\x12"), "ok");
        EXPECT_EQ(write_at(*regs, 32 * 8, words({~u64{0}, ~u64{0}, ~u64{0}})), "ok");
        EXPECT_EQ(write_at(*regs, 35 * 8, "beyond"), "ok");
        const std::string after = read_at(*regs, 0);
        EXPECT_EQ(word(after, s1 - 1), 0x456U);
        EXPECT_EQ(word(after, s2 - 1),
                  (word(before, s2 - 1) & ~(u64{0xff} << 56)) | u64{0x12} << 56);
        for (const usize kept : {32U, 33U, 34U, 31U, 1U}) {
            EXPECT_EQ(word(after, kept), word(before, kept)) << kept;
        }
        // It goes on there, at an even address: at the end of the program, with "".
        EXPECT_EQ(write_at(*regs, (a0 - 1) * 8, words({0})), "ok");
        EXPECT_EQ(write_at(*regs, 31 * 8, words({kMeetingPc + 8 + 1})), "ok");
        EXPECT_EQ(word(read_at(*regs, 0), 31), kMeetingPc + 8);
        EXPECT_TRUE(proc::start(ref_of(pid)).ok());
    });
}

TEST(ProcFpregs, AreZeroesUntilWritten) {
    run_meeting([](u32 pid) {
        ASSERT_TRUE(stop(ref_of(pid)).ok());
        const Ref<chan::Chan> fpregs = open_of(pid, "fpregs", chan::kORdWr);
        EXPECT_EQ(read_at(*fpregs, 0), std::string(33 * sizeof(u64), '\0'));
        EXPECT_EQ(write_at(*fpregs, 31 * 8, words({0x4009'21fb'5444'2d18, ~u64{0}})), "ok");
        EXPECT_EQ(read_at(*fpregs, 31 * 8, 16), words({0x4009'21fb'5444'2d18, 0xff}));
        EXPECT_EQ(read_at(*fpregs, 0, 8), words({0}));
    });
}

TEST(ProcSecrets, AreClosedToThoseWhoOpenedThemBefore) {
    run_meeting([](u32 pid) {
        std::vector<Ref<chan::Chan>> open;
        for (const std::string_view file : {"mem", "regs", "fpregs"}) {
            open.push_back(open_of(pid, file, chan::kORdWr));
        }
        EXPECT_EQ(write_result(file_of(pid, "ctl"), "private"), "ok");
        for (const Ref<chan::Chan>& each : open) {
            EXPECT_EQ(read_at(*each, kData, 8), "<permission denied>");
            EXPECT_EQ(write_at(*each, kData, "x"), "permission denied");
        }
        for (const std::string_view file : {"mem", "regs", "fpregs"}) {
            EXPECT_EQ(open_result(file_of(pid, file)),
                      "permission denied: '" + file_of(pid, file) + "'");
        }
        // What is no secret stays.
        EXPECT_EQ(contents(file_of(pid, "segment")).substr(0, 5), "Stack");
        EXPECT_EQ(open_result(file_of(pid, "text")), "ok");
    });
}

TEST(ProcSecrets, AreNoneOfTheNextProgram) {
    run_meeting([](u32 pid) {
        const std::string ctl = file_of(pid, "ctl");
        EXPECT_EQ(write_result(ctl, "private"), "ok");
        EXPECT_EQ(write_result(ctl, "stop"), "ok");
        EXPECT_EQ(write_result(ctl, "startsyscall"), "ok");
        EXPECT_EQ(open_result(file_of(pid, "syscall")),
                  "permission denied: '" + file_of(pid, "syscall") + "'");
        // A thread that is private is in no core but its own.
        EXPECT_EQ(open_result(file_of(pid, "core")),
                  "permission denied: '" + file_of(pid, "core") + "'");
    });
    run_threads([](u32 maker, u32 other) {
        for (const u32 each : {maker, other}) ASSERT_TRUE(stop(ref_of(each)).ok());
        const auto threads_in_core = [maker] {
            const std::string core = contents(file_of(maker, "core"));
            const u64 size = word(core.substr(64, 56), 4);
            return size / (2 * 20 + 376 + 264);
        };
        EXPECT_EQ(threads_in_core(), 2U);
        EXPECT_EQ(write_result(file_of(other, "ctl"), "private"), "ok");
        EXPECT_EQ(threads_in_core(), 1U);
    });
}

TEST(ProcOwner, TakesItsFilesWithIt) {
    run_meeting([](u32 pid) {
        const Ref<chan::Chan> ctl = open_of(pid, "ctl", chan::kORdWr);
        const Ref<chan::Chan> status = open_of(pid, "status");
        chan::Stat stat = chan::keep_stat();
        stat.uid.assign("glenda");
        EXPECT_EQ(wstat_result(file_of(pid, "ctl"), stat), "ok");
        // Whoever is eve reads by the group's bits, and does not write.
        EXPECT_EQ(write_result(*ctl, "nohang"), "permission denied");
        EXPECT_EQ(read_at(*status, 28, 6), "glenda");
        stat = chan::keep_stat();
        stat.mode = 0660;
        EXPECT_EQ(wstat_result(file_of(pid, "ctl"), stat), "ok");
        EXPECT_EQ(write_result(*ctl, "nohang"), "ok");
    });
}

TEST(ProcText, IsTheFileWhateverItsModeSays) {
    run_meeting([](u32 pid) {
        const std::string file = program(meeting(), "some data");
        EXPECT_EQ(contents(file_of(pid, "text")), file);
        EXPECT_EQ(contents(file_of(pid, "text"), 100), file);
        // Each opening has an offset of its own, and the program's name.
        const Ref<chan::Chan> text = open_of(pid, "text");
        std::array<char, 64> name;
        EXPECT_EQ(text->path()->copy_to(name), "#x/prog");
        chan::Stat stat = chan::keep_stat();
        stat.mode = 0;
        EXPECT_EQ(wstat_result(file_of(pid, "ctl"), stat), "ok");
        EXPECT_EQ(open_result(file_of(pid, "text")), "ok");
        EXPECT_EQ(open_result(file_of(pid, "text"), chan::kOExec), "ok");
        EXPECT_EQ(open_result(file_of(pid, "text"), chan::kORdWr),
                  "permission denied: '" + file_of(pid, "text") + "'");
        // It stays while it is open.
        ASSERT_TRUE(kill(ref_of(pid)).ok());
        eventually([pid] { return !table().hold(pid); });
        EXPECT_EQ(read_at(*text, 0, 4), file.substr(0, 4));
    });
}

TEST(ProcSegment, SaysWhatThereIs) {
    run_meeting([](u32 pid) {
        const std::string all = contents(file_of(pid, "segment"));
        EXPECT_EQ(all,
                  "Stack     3f000000 40000000    1\n"
                  "Text   R     11000    12000    1\n"
                  "Data         20000    21000    1\n"
                  "Bss          21000    21000    1\n");
        const std::string blanks(33, ' ');
        EXPECT_EQ(contents(file_of(pid, "maps")), "00011000-00012000 r-xp 00001000 00:00 0 " +
                                                      blanks +
                                                      "#x/prog\n"
                                                      "00020000-00021000 rw-p 00002000 00:00 0 " +
                                                      blanks +
                                                      "#x/prog\n"
                                                      "3f000000-40000000 rw-p 00000000 00:00 0 " +
                                                      blanks + "[stack]\n");
    });
}

TEST(ProcStatus, ShowsTheSizeInKiB) {
    run_meeting([](u32 pid) {
        u64 pages = 0;
        {
            const proc::ProcHold hold = table().hold(pid);
            pages = hold->my_space()->resident();
        }
        // One of data and one of stack; its text too, unless the file lies in memory.
        EXPECT_TRUE(pages == 2 || pages == 3) << pages;
        const std::string size = std::to_string(4 * pages);
        EXPECT_EQ(contents(file_of(pid, "status")).substr(140, 12),
                  std::string(11 - size.size(), ' ') + size + " ");
    });
}

TEST(ProcThreads, ShareData) {
    run_threads([](u32 maker, u32 other) {
        EXPECT_EQ(contents("#p/1/children"), std::to_string(maker) + "\n");
        EXPECT_EQ(contents(file_of(other, "children")), "");
        const std::string threads = contents(file_of(maker, "threads"));
        EXPECT_EQ(contents(file_of(other, "threads")).size(), threads.size());
        for (const u32 each : {maker, other}) {
            EXPECT_NE(threads.find(std::to_string(each) + " Rendez "), std::string::npos)
                << threads;
        }
        EXPECT_EQ(std::ranges::count(threads, '\n'), 2);
        EXPECT_EQ(std::ranges::count(contents("#p/1/threads"), '\n'), 1);
    });
}

TEST(ProcKernelStack, SaysWhereItWaits) {
    run_meeting([](u32 pid) {
        EXPECT_NE(contents(file_of(pid, "wchan")).find("meet"), std::string::npos);
        const std::string stack = contents(file_of(pid, "stack"));
        EXPECT_NE(stack.find("meet"), std::string::npos) << stack;
        EXPECT_NE(stack.find("+0x"), std::string::npos) << stack;
        const u32 self = proc::current().id().pid;
        EXPECT_EQ(contents(file_of(self, "wchan")), "-\n");
        EXPECT_EQ(contents(file_of(self, "stack")), "");
    });
}

TEST(ProcLimits, SayWhatIsUsed) {
    run_meeting([](u32 pid) {
        const std::string limits = contents(file_of(pid, "limits"));
        EXPECT_EQ(limits.find("notes 0 5\nrecords 0 128\ndescriptors "), 0U) << limits;
        EXPECT_NE(limits.find("\nsegments 4 12\nprocesses 2 "), std::string::npos) << limits;
        EXPECT_NE(contents("#p/1/limits").find("\nsegments 0 12\n"), std::string::npos);
    });
}

TEST(ProcInfo, HasALineForEachNumber) {
    run_meeting([](u32 pid) {
        const std::string info = contents(file_of(pid, "info"));
        const auto line = [&info](std::string_view name) {
            const std::string start = "\n" + std::string(name) + " ";
            const usize at = ("\n" + info).find(start);
            if (at == std::string::npos) return std::string("no such line");
            const usize value = at + start.size() - 1;
            return info.substr(value, info.find('\n', value) - value);
        };
        EXPECT_EQ(line("pid"), std::to_string(pid));
        EXPECT_EQ(line("ppid"), "1");
        EXPECT_EQ(line("birthppid"), "1");
        EXPECT_EQ(line("state"), "Rendez");
        EXPECT_EQ(line("user"), "eve");
        EXPECT_EQ(line("mode"), "0640");
        EXPECT_EQ(line("kp"), "0");
        EXPECT_EQ(line("text"), "prog");
        EXPECT_EQ(line("cwd"), "/");
        EXPECT_EQ(line("pri"), "10");
        EXPECT_EQ(line("nnote"), "0");
        EXPECT_NE(line("memk"), "0");
        EXPECT_NE(line("wchan").find("meet"), std::string::npos);
        // Nobody learns here what `args` hides.
        EXPECT_EQ(line("args"), "no such line");
    });
}

TEST(ProcCtl, StartsyscallStopsWhereCallsBeginAndEnd) {
    run_meeting([](u32 pid) {
        const Ref<chan::Chan> ctl = open_of(pid, "ctl", chan::kORdWr);
        const Ref<chan::Chan> syscall = open_of(pid, "syscall");
        // Until then it tells what the program called: for its number, and to meet, which goes on.
        const std::string calls = read_at(*syscall, 0);
        EXPECT_NE(calls.find(" ? = " + std::to_string(pid) + "\n"), std::string::npos) << calls;
        EXPECT_TRUE(calls.ends_with(" ?\n")) << calls;
        EXPECT_EQ(write_result(*ctl, "startsyscall"), "bad process or channel control request");
        EXPECT_EQ(write_result(*ctl, "stop"), "ok");
        // The meeting ends, as it is interrupted; the next call is exits.
        EXPECT_EQ(write_result(*ctl, "startsyscall"), "ok");
        EXPECT_EQ(read_at(*syscall, 0), "call " + std::to_string(kExits));
        EXPECT_EQ(read_at(*syscall, 2, 4), "ll " + std::to_string(kExits));
        EXPECT_EQ(contents(file_of(pid, "status")).substr(56, 7), "Stopped");
        EXPECT_EQ(write_result(*ctl, "startsyscall"), "process exited");
        EXPECT_EQ(read_at(*syscall, 0), "<process exited>");
    });
}

TEST(ProcCtl, StartsyscallIsInheritedAndEndsByAnyOtherStart) {
    // After a meeting that somebody interrupts, two processes that ask for their numbers and end.
    const Code code = call(kPid) + Code{li(a1, 1)} + call(kMeet) +
                      Code{li(a0, static_cast<u64>(proc::Memory::kCopy)), li(a1, 0)} + call(kFork) +
                      call(kPid) + ending(-1);
    run_with(code, "", [] {
        const ProcId maker = run_program();
        const std::string ctl = file_of(maker.pid, "ctl");
        const std::string syscall = file_of(maker.pid, "syscall");
        eventually([&] { return sleeps_in(ref_of(maker.pid), sched::TaskState::kRendez); });
        EXPECT_EQ(write_result(ctl, "stop"), "ok");
        EXPECT_EQ(write_result(ctl, "startsyscall"), "ok");
        EXPECT_EQ(contents(syscall), "call " + std::to_string(kFork));
        EXPECT_EQ(write_result(ctl, "startsyscall"), "ok");
        const std::string result = contents(syscall);
        ASSERT_EQ(result.substr(0, 7), "result ");
        const u32 child = static_cast<u32>(std::stoul(result.substr(7)));
        eventually([&] { return sleeps_in(ref_of(child), sched::TaskState::kStopped); });
        EXPECT_EQ(contents(file_of(child, "syscall")), "call " + std::to_string(kPid));
        EXPECT_EQ(write_result(file_of(child, "ctl"), "start"), "ok");
        eventually([&] { return !table().hold(child); });
        EXPECT_EQ(write_result(ctl, "start"), "ok");
        must_wait();
        while (proc::wait().ok()) continue;
    });
}

TEST(ProcCtl, StartstopStopsBeforeANote) {
    const Code code = Code{lui(a0, kCode), addi(a0, a0, 10 * 4)} + call(kNotify) +
                      Code{li(a0, 7), li(a1, 1)} + call(kMeet) + Code{addi(a0, zero, 0)} +
                      Code{0x0000006f /* j . */} + /* the handler */ ending(0);
    run_with(code, "handled", [] {
        const ProcId child = run_program();
        const std::string ctl = file_of(child.pid, "ctl");
        eventually([&] { return sleeps_in(ref_of(child.pid), sched::TaskState::kRendez); });
        EXPECT_EQ(write_result(ctl, "startstop"), "bad process or channel control request");
        EXPECT_EQ(write_result(ctl, "stop"), "ok");
        const ProcId poster = test::child([&child] {
            eventually(
                [&child] { return task_state(ref_of(child.pid)) != sched::TaskState::kStopped; });
            EXPECT_TRUE(proc::post_note(ref_of(child.pid), proc::NoteKind::kUser, "hello").ok());
            return "";
        });
        EXPECT_EQ(write_result(ctl, "startstop"), "ok");
        EXPECT_EQ(contents(file_of(child.pid, "status")).substr(56, 7), "Stopped");
        EXPECT_EQ(must_wait().id, poster);
        // Once more is to let it be met. First: not delivered, so it can be read, and put back.
        EXPECT_EQ(read_at(*open_of(child.pid, "note"), 0), std::string("hello\0", 6));
        EXPECT_EQ(write_result(file_of(child.pid, "note"), "again"), "ok");
        EXPECT_EQ(write_result(ctl, "startstop"), "process exited");
        EXPECT_EQ(message(), "prog " + std::to_string(child.pid) + ": handled");
    });
}

TEST(ProcCore, IsAnElfFileOfOneMoment) {
    run_meeting([](u32 pid) {
        const std::string name = file_of(pid, "core");
        EXPECT_EQ(open_result(name), "bad process or channel control request: '" + name + "'");
        ASSERT_TRUE(stop(ref_of(pid)).ok());
        const Ref<chan::Chan> core = open_of(pid, "core");
        std::string file;
        for (std::string piece; !(piece = read_at(*core, file.size(), 1000)).empty();) {
            file += piece;
            ASSERT_LT(file.size(), 1U << 20);
        }
        EXPECT_EQ(contents(name), file);
        EXPECT_EQ(file.substr(0, 4), "\177ELF");
        const auto half = [&file](usize at) {
            return static_cast<u8>(file.at(at)) | static_cast<u8>(file.at(at + 1)) << 8;
        };
        EXPECT_EQ(half(16), 4);    // a core
        EXPECT_EQ(half(18), 243);  // of RISC-V
        const int headers = half(56);
        EXPECT_EQ(headers, 5);  // notes, text, data, bss, stack
        // Memory by the program headers is as in `mem`.
        const Ref<chan::Chan> mem = open_of(pid, "mem");
        usize notes = 0;
        for (int i = 1; i < headers; ++i) {
            const std::string header = file.substr(64 + 56 * static_cast<usize>(i), 56);
            const u64 offset = word(header, 1);
            const u64 size = word(header, 4);
            EXPECT_EQ(offset % kPageSize, 0U);
            for (u64 done = 0; done < size; done += kPageSize) {
                EXPECT_EQ(file.substr(offset + done, kPageSize),
                          read_at(*mem, word(header, 2) + done, kPageSize));
            }
        }
        // The registers: behind the header and owner of the first note.
        notes = word(file.substr(64, 56), 1);
        const std::string status = file.substr(notes + 20, 376);
        EXPECT_EQ(word(status, 14), kMeetingPc);
        EXPECT_EQ(word(status, 14 + s1), 0x123U);
        // It has gone on and stopped again: that is another moment.
        EXPECT_TRUE(proc::start(ref_of(pid)).ok());
        EXPECT_EQ(read_at(*core, 0, 4), "<bad process or channel control request>");
    });
}

TEST(ProcProgramFiles, WithoutMemoryLoseNothing) {
    run_with(
        meeting(), "some data",
        [] {
            const ProcId child = run_program();
            eventually([&] { return sleeps_in(ref_of(child.pid), sched::TaskState::kRendez); });
            ASSERT_TRUE(stop(ref_of(child.pid)).ok());
            for (const std::string_view file : {"core", "fpregs", "info", "maps", "mem", "regs",
                                                "segment", "stack", "text", "wchan"}) {
                const std::string name = file_of(child.pid, file);
                proc::test::fail_each(
                    [&name, file]() -> Result<void> {
                        const Ref<chan::Chan> chan = TRY(chan::open_name(me(), name, chan::kORead));
                        std::array<std::byte, 100> piece;
                        TRY(chan::read(me(), *chan, piece, file == "mem" ? kData : u64{0}));
                        return {};
                    },
                    [] {});
            }
            // Pages that come to be looked at, and those that come to be written.
            const Ref<chan::Chan> mem = open_of(child.pid, "mem", chan::kORdWr);
            for (const u64 at : {kCode, kCode, u64{0x3f000000}, u64{0x3f800000}}) {
                proc::test::fail_each(
                    [&mem, at]() -> Result<void> {
                        TRY(chan::write(me(), *mem, as_bytes("new"), at));
                        return {};
                    },
                    [] {});
                EXPECT_EQ(read_at(*mem, at, 3), "new");
            }
            ASSERT_TRUE(kill(ref_of(child.pid)).ok());
            must_wait();
        },
        1, 1);
}

TEST(ProcUser, AndCwdAreLines) {
    run_meeting([](u32 pid) {
        EXPECT_EQ(contents(file_of(pid, "user")), "eve\n");
        EXPECT_EQ(contents(file_of(pid, "cwd")), "/\n");
    });
}

}  // namespace
}  // namespace kernel::devproc::test
