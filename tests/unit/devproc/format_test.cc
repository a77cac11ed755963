// What the files of #p say, to the byte, and in pieces of any size.
#include <gtest/gtest.h>

#include "devproc/control_messages.h"
#include "devproc/files.h"
#include "devproc/raw_proc.h"
#include "proc/control.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/devproc/files.h"

namespace kernel::devproc::test {
namespace {

/// The n-th column of a status line: 0 text, 1 user, 2 state, 3.. numbers.
std::string column(const std::string& status, usize n) {
    constexpr usize kStarts[] = {0, 28, 56, 68, 80, 92, 104, 116, 128, 140, 152, 164};
    const usize start = kStarts[n];
    const usize width = n < 2 ? 27 : 11;
    return status.substr(start, width);
}

std::string number(u64 value) {
    std::array<char, 16> text;
    return std::string(format_into(text, "{:11}", value));
}

TEST(ProcStatus, Is176BytesInColumns) {
    run_world([] {
        const std::string status = contents("#p/1/status");
        ASSERT_EQ(status.size(), kStatusSize);
        EXPECT_EQ(column(status, 0), "test                       ");
        EXPECT_EQ(column(status, 1), "eve                        ");
        EXPECT_EQ(column(status, 2), "Running    ");
        for (usize end : {27u, 55u, 67u, 79u, 91u, 103u, 115u, 127u, 139u, 151u, 163u}) {
            EXPECT_EQ(status[end], ' ') << end;
        }
        EXPECT_EQ(status.back(), '\n');
        EXPECT_EQ(column(status, 8), number(0));    // children's real time
        EXPECT_EQ(column(status, 9), number(0));    // memory
        EXPECT_EQ(column(status, 10), number(10));  // base priority
    });
}

TEST(ProcHelp, TellsOfEachFileAndMessage) {
    run_world([] {
        const std::string help = "\n" + contents("#p/help");
        const auto expect_line = [&help](const std::string& line) {
            EXPECT_NE(help.find("\n" + line + "\n"), std::string::npos) << line;
        };
        const auto text = [](std::string_view view) { return std::string(view); };
        for (const File& file : process_files()) {
            expect_line("N/" + text(file.name) + " " + text(file.help));
        }
        for (const File& file : root_files()) expect_line(text(file.name) + " " + text(file.help));
        for (const Message& message : messages()) {
            expect_line("N/ctl `" + text(message.usage) + "` " + text(message.help));
        }
        for (const Message& message : settings()) {
            expect_line("ctl `" + text(message.usage) + "` " + text(message.help));
        }
    });
}

TEST(ProcStatus, StaysThatSizeWhateverTheNames) {
    run_world([] {
        child(
            [] {
                proc::set_text("a name\twith blanks and beyond 27", "");
                proc::set_user(
                    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4");
                const std::string status = contents(file_of(proc::current().id().pid, "status"));
                EXPECT_EQ(status.size(), kStatusSize);
                EXPECT_EQ(column(status, 0), "a_name_with_blanks_and_beyo");
                // Fourteen of two bytes do not fit: thirteen and a blank.
                EXPECT_EQ(column(status, 1),
                          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                          "\xc3\xa4 ");
                return "";
            },
            {.name = "x"});
        must_wait();
    });
}

TEST(ProcStatus, ShowsTheCallTheStateAndTheNumbers) {
    run_world([] {
        const proc::ProcId sleeping = child([] {
            const sched::WaitReason reason("Sleep");
            sched::Rendez rendez;
            (void)sched::sleep(rendez, [] { return false; });
            return "";
        });
        eventually([&] { return sleeps_in(ref_of(sleeping.pid), sched::TaskState::kWakeme); });
        EXPECT_EQ(column(contents(file_of(sleeping.pid, "status")), 2), "Sleep      ");
        EXPECT_EQ(write_result(file_of(sleeping.pid, "ctl"), "fixedpri 4"), "ok");
        const std::string status = contents(file_of(sleeping.pid, "status"));
        EXPECT_EQ(column(status, 10), number(4));
        EXPECT_EQ(column(status, 11).substr(0, 11), number(4));
        kill_and_wait(sleeping);

        const proc::ProcId worker = calling_child();
        EXPECT_EQ(write_result(file_of(worker.pid, "ctl"), "stop"), "ok");
        EXPECT_EQ(column(contents(file_of(worker.pid, "status")), 2), "Stopped    ");
        kill_and_wait(worker);

        child([] {
            proc::exits_by_note(proc::NoteKind::kDebug, "sys: trap");
            return "";
        });
        const u32 broken = must_wait().id.pid;
        eventually([&] { return sleeps_in(ref_of(broken), sched::TaskState::kBroken); });
        EXPECT_EQ(column(contents(file_of(broken, "status")), 2), "Broken     ");
        EXPECT_EQ(contents(file_of(broken, "fd")), "");
        EXPECT_EQ(contents(file_of(broken, "ns")), "<process exited>");
        EXPECT_EQ(write_result(file_of(broken, "ctl"), "kill"), "ok");
    });
}

/// Every readable text file, read in pieces of any size, says the same.
TEST(ProcFormats, AnySequenceOfShortReadsGivesOneConsistentText) {
    run_world([] {
        EXPECT_EQ(write_result("#p/1/args", "some arguments"), "ok");
        for (const char* name : {"args", "ctl", "kregs", "noteid", "ppid", "proc"}) {
            const std::string whole = contents(file_of(1, name));
            EXPECT_FALSE(whole.empty()) << name;
            // The times in these differ from read to read, the size does not.
            for (usize piece :
                 {usize{1}, usize{7}, whole.size() - 1, whole.size(), whole.size() + 1}) {
                EXPECT_EQ(contents(file_of(1, name), piece).size(), whole.size()) << name;
            }
        }
        const Ref<chan::Chan> status = must_open("#p/1/status");
        const std::string first = read_at(*status, 0);
        std::string pieces;
        for (usize i = 0; i < kStatusSize; ++i) pieces += read_at(*status, i, 1);
        EXPECT_EQ(pieces.size(), kStatusSize);
        EXPECT_EQ(read_at(*status, 0, 0), "");
        EXPECT_EQ(read_at(*status, 1, kStatusSize - 1).size(), kStatusSize - 1);
        EXPECT_EQ(read_at(*status, 1, kStatusSize).size(), kStatusSize - 1);
        EXPECT_EQ(read_at(*status, kStatusSize - 1, 5), "\n");
        EXPECT_EQ(read_at(*status, kStatusSize, 5), "");
        EXPECT_EQ(read_at(*status, kStatusSize + 1, 5), "");
        EXPECT_EQ(first.substr(0, 60), pieces.substr(0, 60));
    });
}

TEST(ProcFormats, ARereadAtTheBeginningIsFresh) {
    run_world([] {
        const Ref<chan::Chan> args = must_open("#p/1/args", chan::kORdWr);
        EXPECT_EQ(write_result(*args, "one"), "ok");
        EXPECT_EQ(read_at(*args, 0), "test [one]");
        EXPECT_EQ(write_result(*args, "two"), "ok");
        EXPECT_EQ(read_at(*args, 6), "one]");  // still the same text
        EXPECT_EQ(read_at(*args, 0), "test [two]");
    });
}

TEST(ProcFormats, NumbersAreTwelveBytes) {
    run_world([] {
        child([] {
            const u32 pid = proc::current().id().pid;
            EXPECT_EQ(contents(file_of(pid, "ctl")), number(pid) + " ");
            EXPECT_EQ(contents(file_of(pid, "ppid")), number(1) + " ");
            EXPECT_EQ(contents(file_of(pid, "noteid")), number(1) + " ");
            return "";
        });
        must_wait();
        EXPECT_EQ(contents("#p/1/ppid"), number(0) + " ");
    });
}

TEST(ProcFormats, ArgsShowWhatWasGivenOrWritten) {
    run_world([] {
        const proc::ProcId with_args = child(
            [] {
                for (;;) (void)proc::call_done(sched::sleep_for(nanos_from_micros(50)));
                return "";
            },
            {.name = "echo", .args = {"echo\0a b\0\0", 10}});
        const std::string args = file_of(with_args.pid, "args");
        EXPECT_EQ(contents(args), "echo 'a b' ''");
        EXPECT_EQ(write_result(args, std::string(128, 'x')), "read or write too large");
        EXPECT_EQ(write_result(args, std::string(127, 'x')), "ok");
        EXPECT_EQ(contents(args), "echo [" + std::string(127, 'x') + "]");
        EXPECT_EQ(write_result(args, ""), "ok");
        EXPECT_EQ(contents(args), "echo []");
        const Ref<chan::Chan> chan = must_open(args, chan::kOWrite);
        EXPECT_EQ(outcome(chan::write(me(), *chan, as_bytes("x"), u64{1})),
                  "read or write too large");
        kill_and_wait(with_args);
    });
}

TEST(ProcFormats, FdIsARecordPerRead) {
    run_world([] {
        open_log(0);
        open_log(2);
        const Ref<chan::Chan> fd = must_open("#p/1/fd");
        std::vector<std::string> lines;
        u64 offset = 0;
        for (;;) {  // ends with the file
            const std::string line = read_at(*fd, offset);
            if (line.empty()) break;
            lines.push_back(line);
            offset += line.size();
        }
        ASSERT_EQ(lines.size(), 3u);
        EXPECT_EQ(lines[0], "/\n");
        EXPECT_EQ(lines[1], "  0 w  /    0 (0000000000000001 0 00)     0        0 /log\n");
        EXPECT_EQ(lines[2], "  2 w  /    0 (0000000000000001 0 00)     0        0 /log\n");
        EXPECT_EQ(contents("#p/1/fd", 5), lines[0] + lines[1] + lines[2]);
        me().my_fds().close_all();
    });
}

TEST(ProcFormats, NsEndsWithTheDirectory) {
    run_world([] { EXPECT_EQ(contents("#p/1/ns"), "cd /\n"); });
}

TEST(ProcFormats, NoteReadsTakeTheOldestWithItsNul) {
    run_world([] {
        std::atomic<bool> go{false};
        const proc::ProcId busy = child([&] {
            while (!go) sched::yield();
            return "";
        });
        const Ref<chan::Chan> note = must_open(file_of(busy.pid, "note"), chan::kORdWr);
        EXPECT_EQ(read_at(*note, 0), "");
        EXPECT_EQ(write_result(*note, "first"), "ok");
        EXPECT_EQ(write_result(*note, std::string("second\0more", 11)), "ok");
        EXPECT_EQ(write_result(*note, std::string(127, 'x')), "ok");
        EXPECT_EQ(write_result(*note, std::string(128, 'x')), "read or write too large");
        EXPECT_EQ(read_at(*note, 0, 0), "<read or write too small>");
        EXPECT_EQ(read_at(*note, 5), std::string("first\0", 6));
        EXPECT_EQ(read_at(*note, 0, 4), std::string("sec\0", 4));
        EXPECT_EQ(read_at(*note, 0, 1000).size(), 128u);
        EXPECT_EQ(read_at(*note, 0), "");
        for (u32 i = 0; i < 5; ++i) EXPECT_EQ(write_result(*note, "n"), "ok");
        EXPECT_EQ(write_result(*note, "sixth"), "note not posted");
        go = true;
        must_wait();
    });
}

TEST(ProcFormats, WaitIsARecordPerRead) {
    run_world([] {
        const proc::ProcId quiet = child([] { return ""; });
        eventually([] { return proc::waiting_records(proc::current().ref()) == 1; });
        const proc::ProcId loud = child([] { return "it's bad"; }, {.name = "loud"});
        eventually([] { return proc::waiting_records(proc::current().ref()) == 2; });
        const Ref<chan::Chan> wait = must_open("#p/1/wait");
        std::string record = read_at(*wait, 999);
        const std::string pid = std::to_string(loud.pid);
        EXPECT_TRUE(record.starts_with(pid + " ")) << record;
        EXPECT_TRUE(record.ends_with(" 'loud " + pid + ": it''s bad'")) << record;
        EXPECT_EQ(std::count(record.begin(), record.end(), ' '), 4 + 3);
        record = read_at(*wait, 0, 8192);
        EXPECT_TRUE(record.starts_with(std::to_string(quiet.pid) + " "));
        EXPECT_TRUE(record.ends_with(" ''"));
        EXPECT_EQ(read_at(*wait, 0), "<no living children>");
        child([] { return ""; });
        EXPECT_EQ(read_at(*wait, 0, 2).size(), 2u);  // the rest is lost
        EXPECT_EQ(read_at(*wait, 0), "<no living children>");
    });
}

TEST(ProcFormats, ProcIsTheDocumentedRecord) {
    run_world([] {
        const proc::ProcId worker = calling_child("raw");
        EXPECT_EQ(write_result(file_of(worker.pid, "ctl"), "stop"), "ok");
        EXPECT_EQ(write_result(file_of(worker.pid, "ctl"), "private"), "ok");
        const std::string bytes = contents(file_of(worker.pid, "proc"));
        ASSERT_EQ(bytes.size(), sizeof(RawProc));
        RawProc raw;
        std::memcpy(&raw, bytes.data(), sizeof raw);
        EXPECT_EQ(raw.magic, RawProc::kMagic);
        EXPECT_EQ(raw.version, RawProc::kVersion);
        EXPECT_EQ(raw.size, sizeof raw);
        EXPECT_EQ(raw.pid, worker.pid);
        EXPECT_EQ(raw.serial, worker.serial);
        EXPECT_EQ(raw.parent, 1u);
        EXPECT_EQ(raw.birth_parent, 1u);
        EXPECT_EQ(raw.note_id, 1u);
        EXPECT_EQ(raw.proc_state, 2u);
        EXPECT_EQ(raw.flags & ~RawProc::kOnHart, RawProc::kStopped | RawProc::kPrivate);
        EXPECT_EQ(raw.mode, 0640u);
        EXPECT_STREQ(raw.text.data(), "raw");
        EXPECT_STREQ(raw.user.data(), "eve");
        kill_and_wait(worker);
    });
}

TEST(ProcFormats, KregsHavePcAndSpOfASuspendedProcess) {
    run_world([] {
        const proc::ProcId worker = calling_child();
        EXPECT_EQ(write_result(file_of(worker.pid, "ctl"), "stop"), "ok");
        eventually([&] { return sleeps_in(ref_of(worker.pid), sched::TaskState::kStopped); });
        std::array<u64, kRegisterWords> words{};
        eventually([&] {
            const std::string bytes = contents(file_of(worker.pid, "kregs"));
            EXPECT_EQ(bytes.size(), sizeof words);
            std::memcpy(words.data(), bytes.data(), sizeof words);
            return words[31] != 0;
        });
        EXPECT_NE(words[1], 0u);  // x2, the stack pointer
        {
            const proc::ProcHold hold = proc::table().hold(worker.pid);
            const Bytes stack = hold->task().stack();
            const u64 low = reinterpret_cast<std::uintptr_t>(stack.data());
            EXPECT_GE(words[1], low);
            EXPECT_LE(words[1], low + stack.size());
        }
        EXPECT_EQ(words[0], 0u);
        EXPECT_EQ(words[32], 0u);
        kill_and_wait(worker);
        // Whoever reads its own is running.
        const std::string own = contents("#p/1/kregs");
        EXPECT_EQ(own, std::string(sizeof words, '\0'));
    });
}

TEST(ProcFormats, StatsAreNamesAndValues) {
    run_world([] {
        const std::string stats = contents("#p/stats");
        for (const char* name :
             {"procs.created ", "procs.live 1\n", "procs.peak ", "procs.slots ", "procs.limit ",
              "pids.live 1\n", "pids.peak ", "pids.capacity ", "pids.gate ", "pids.wraps ",
              "pids.refused ", "pages.inuse ", "objects.inuse ", "objects.chan "}) {
            EXPECT_NE(("\n" + stats).find("\n" + std::string(name)), std::string::npos) << name;
        }
        EXPECT_EQ(stats.back(), '\n');
    });
}

}  // namespace
}  // namespace kernel::devproc::test
