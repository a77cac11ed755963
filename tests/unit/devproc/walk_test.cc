// Names, listings, Qids and stats of #p.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "devproc/file_table.h"
#include "devproc/place.h"
#include "proc/self.h"
#include "tests/fixture/stat_record.h"
#include "tests/unit/devproc/files.h"

namespace kernel::devproc::test {
namespace {

TEST(ProcNames, OnlyCanonicalNumbersOfTheLivingResolve) {
    run_world([] {
        EXPECT_EQ(open_result("#p/1"), "ok");
        EXPECT_EQ(open_result("#p/1.1"), "ok");
        for (const char* name : {"01", "+1", "-1", "0", "2", "999999", "1x", "1.", "1.2", "1.01",
                                 "1.1.1", ".1", "4294967297", "99999999999999999999", "statsx"}) {
            const std::string path = std::string("#p/") + name;
            EXPECT_EQ(open_result(path), "file does not exist: '" + path + "'");
        }
        EXPECT_EQ(open_result("#p/999999/status"), "file does not exist: '#p/999999'");
        EXPECT_EQ(open_result("#p/1/nothing"), "file does not exist: '#p/1/nothing'");
    });
}

TEST(ProcNames, DotDotLeadsToTheRoot) {
    run_world([] {
        EXPECT_EQ(stat_of("#p/1/..").qid.path, 0u);
        EXPECT_EQ(stat_of("#p/..").qid.path, 0u);
        EXPECT_EQ(open_result("#p/1/../stats"), "ok");
    });
}

TEST(ProcNames, TheRootListsFixedNamesThenProcessesInOrder) {
    run_world([] {
        const proc::ProcId two = calling_child();
        const proc::ProcId three = calling_child();
        EXPECT_EQ(listing("#p"),
                  (std::vector<std::string>{"trace", "ctl", "help", "stats", "tracepids", "1",
                                            std::to_string(two.pid), std::to_string(three.pid)}));
        kill_and_wait(two);
        kill_and_wait(three);
    });
}

TEST(ProcNames, SelfIsWhoeverAsksAndInNoListing) {
    run_world([] {
        EXPECT_EQ(contents("#p/self/ctl"), contents("#p/1/ctl"));
        EXPECT_EQ(stat_of("#p/self/status").qid, stat_of("#p/1/status").qid);
        for (const std::string& name : listing("#p")) EXPECT_NE(name, "self");
        const proc::ProcId other = child([] {
            const std::string pid = std::to_string(proc::current().id().pid);
            EXPECT_EQ(contents("#p/self/ctl"), std::string(11 - pid.size(), ' ') + pid + " ");
            return "";
        });
        EXPECT_EQ(must_wait().id, other);
    });
}

TEST(ProcNames, AProcessDirectoryListsTheTable) {
    run_world([] {
        EXPECT_EQ(listing("#p/1"),
                  (std::vector<std::string>{
                      "args",    "children", "core",    "ctl",     "cwd",    "fd",     "fpregs",
                      "info",    "io",       "kregs",   "limits",  "maps",   "mem",    "note",
                      "noteid",  "notepg",   "ns",      "ppid",    "proc",   "profile", "regs",
                      "segment", "stack",    "status",  "strace",  "straceset", "syscall", "text",
                      "threads", "traps",    "user",    "wait",    "watchpt", "wchan"}));
        EXPECT_EQ(listing("#p/1").size(), process_files().size());
    });
}

TEST(ProcNames, EachStableProcessIsListedExactlyOnceWhileOthersComeAndGo) {
    run_world([] {
        std::atomic<bool> end{false};
        std::set<std::string> stable;
        for (u32 i = 0; i < 20; ++i) {
            stable.insert(std::to_string(child([&] {
                                             eventually([&] { return end.load(); });
                                             return "";
                                         }).pid));
        }
        child([&] {
            while (!end) {
                child([] { return ""; });
                must_wait();
            }
            return "";
        });
        for (u32 i = 0; i < 5; ++i) {
            const std::vector<std::string> names = listing("#p");
            for (const std::string& pid : stable) {
                EXPECT_EQ(std::count(names.begin(), names.end(), pid), 1);
            }
        }
        end = true;
        for (u32 i = 0; i < 21; ++i) must_wait();
    });
}

TEST(ProcNames, WalkStatAndListingAgreeOnQidOwnerAndMode) {
    run_world([] {
        child([] {
            proc::set_user("glenda");
            const u32 pid = proc::current().id().pid;
            const chan::Stat dir = stat_of("#p/" + std::to_string(pid));
            EXPECT_EQ(dir.uid.view(), "glenda");
            EXPECT_EQ(dir.gid.view(), "eve");
            EXPECT_EQ(dir.mode, chan::kDmDir | 0555);
            EXPECT_EQ(dir.qid.vers, pid);
            EXPECT_EQ(dir.qid.path & 0xffffffff, proc::current().id().serial);
            EXPECT_EQ((dir.qid.path >> 32) & 0xffffff, proc::current().slot());
            EXPECT_EQ(dir.qid.path >> 56, 0u);
            EXPECT_EQ(dir.name.view(), std::to_string(pid));
            const Ref<chan::Chan> open_dir = must_open("#p/" + std::to_string(pid));
            std::array<std::byte, 8192> records;
            const Result<usize> got = chan::read(me(), *open_dir, records);
            EXPECT_TRUE(got.ok());
            ConstBytes rest(records.data(), got.ok() ? got.value() : 0);
            while (!rest.empty()) {
                const usize size = MUST(chan::next_stat_record(rest));
                const chan::Stat listed = MUST(fixture::stat_of_record(rest.first(size)));
                rest = rest.subspan(size);
                chan::Stat found = stat_of(file_of(pid, listed.name.view()));
                EXPECT_EQ(found.qid, listed.qid) << listed.name.view();
                EXPECT_EQ(found.mode, listed.mode);
                EXPECT_EQ(found.length, listed.length);
                EXPECT_EQ(found.uid.view(), "glenda");
                EXPECT_EQ(listed.uid.view(), "glenda");
            }
            return "";
        });
        must_wait();
    });
}

TEST(ProcNames, ModesAndLengthsAreThoseOfTheTable) {
    run_world([] {
        const struct {
            const char* name;
            u32 mode;
            u64 length;
        } kExpected[] = {{"args", 0660, 0},     {"children", 0444, 0}, {"core", 0440, 0},
                         {"ctl", 0640, 0},      {"cwd", 0444, 0},      {"fd", 0444, 0},
                         {"fpregs", 0640, 264}, {"info", 0444, 0},     {"kregs", 0440, 280},
                         {"io", 0440, 0},       {"profile", 0440, 0},
                         {"limits", 0444, 0},   {"maps", 0444, 0},     {"mem", 0640, 0},
                         {"note", 0640, 0},     {"noteid", 0664, 0},   {"notepg", 0640, 0},
                         {"ns", 0444, 0},       {"ppid", 0444, 0},     {"proc", 0440, 0},
                         {"regs", 0640, 280},   {"segment", 0444, 0},  {"stack", 0440, 0},
                         {"status", 0444, 176}, {"strace", 0640, 0},   {"straceset", 0640, 0},
                         {"syscall", 0440, 0},  {"text", 0640, 0},     {"threads", 0444, 0},
                         {"traps", 0444, 0},    {"user", 0444, 0},     {"wait", 0440, 0},
                         {"watchpt", 0640, 0},  {"wchan", 0444, 0}};
        for (const auto& file : kExpected) {
            const chan::Stat stat = stat_of(file_of(1, file.name));
            EXPECT_EQ(stat.mode, file.mode) << file.name;
            EXPECT_EQ(stat.length, file.length) << file.name;
            EXPECT_EQ(stat.qid.vers, 1u);
        }
        EXPECT_EQ(stat_of("#p/trace").mode, 0400u);
        EXPECT_EQ(stat_of("#p/ctl").mode, 0664u);
        EXPECT_EQ(stat_of("#p/stats").mode, 0444u);
        EXPECT_EQ(stat_of("#p").mode, chan::kDmDir | 0555);
    });
}

TEST(ProcNames, TheLengthOfWaitIsTheNumberOfRecords) {
    run_world([] {
        for (u32 i = 0; i < 3; ++i) child([] { return ""; });
        eventually([] { return proc::waiting_records(proc::current().ref()) == 3; });
        EXPECT_EQ(stat_of("#p/1/wait").length, 3u);
        for (u32 i = 0; i < 3; ++i) must_wait();
        EXPECT_EQ(stat_of("#p/1/wait").length, 0u);
    });
}

TEST(ProcNames, AnEndedProcessIsFoundBySerialUntilItsRecordIsRead) {
    run_world([] {
        const proc::ProcId ended = child([] { return ""; });
        eventually([] { return proc::waiting_records(proc::current().ref()) == 1; });
        const std::string by_number = "#p/" + std::to_string(ended.pid);
        const std::string by_serial = by_number + "." + std::to_string(ended.serial);
        EXPECT_EQ(open_result(by_number), "file does not exist: '" + by_number + "'");
        EXPECT_EQ(open_result(by_serial), "ok");
        EXPECT_EQ(stat_of(by_serial).qid.vers, ended.pid);
        EXPECT_EQ(open_result(by_serial + "/note", chan::kOWrite),
                  "process exited: '" + by_serial + "/note'");
        EXPECT_EQ(open_result(by_serial + "/status"), "process exited: '" + by_serial + "/status'");
        must_wait();
        EXPECT_EQ(open_result(by_serial), "file does not exist: '" + by_serial + "'");
    });
}

TEST(ProcNames, StaleHandlesSayProcessExitedAlsoWhenTheSlotIsUsedAgain) {
    run_world([] {
        const proc::ProcId old = calling_child();
        const std::string dir_name = "#p/" + std::to_string(old.pid);
        const Ref<chan::Chan> dir = must_open(dir_name);
        std::vector<std::pair<const File*, Ref<chan::Chan>>> handles;
        for (const File& file : process_files()) {
            // There is neither a program nor a trace.
            if (file.type == FileType::kText || file.type == FileType::kCore ||
                file.type == FileType::kStrace) {
                continue;
            }
            const chan::OpenMode mode = file.use == Use::kReadOnly    ? chan::kORead
                                        : file.use == Use::kWriteOnly ? chan::kOWrite
                                                                      : chan::kORdWr;
            handles.emplace_back(&file, must_open(file_of(old.pid, file.name), mode));
        }
        Result<Ref<chan::Chan>> unopened = chan::namec(me(), dir_name, chan::NameUse::kAccess);
        ASSERT_TRUE(unopened.ok());
        // A text that was begun is read to its end; a new one is not made.
        const Ref<chan::Chan> known = must_open(file_of(old.pid, "status"));
        EXPECT_EQ(read_at(*known, 0).size(), 176u);
        const Ref<chan::Chan> secret = must_open(file_of(old.pid, "syscall"));
        EXPECT_EQ(read_at(*secret, 0), "");  // a text of nothing: it runs no program
        const u32 slot = ref_of(old.pid).slot;
        kill_and_wait(old);
        for (bool used_again : {false, true}) {
            std::vector<proc::ProcId> others;
            if (used_again) {
                // Make processes until one is in the slot, which may be put back a little late.
                eventually([&] {
                    if (!others.empty()) (void)sched::sleep_for(nanos_from_millis(2));
                    others.push_back(calling_child());
                    return ref_of(others.back().pid).slot == slot;
                });
                EXPECT_EQ(ref_of(others.back().pid).slot, slot);
            }
            for (const auto& [file, chan] : handles) {
                if (file->read != nullptr) {
                    EXPECT_EQ(read_at(*chan, 0), "<process exited>") << file->name;
                }
                if (file->write == nullptr || file->name == "notepg") continue;
                EXPECT_EQ(write_result(*chan, "1"), "process exited") << file->name;
            }
            EXPECT_EQ(read_at(*known, 10).size(), 166u);
            EXPECT_EQ(read_at(*known, 176), "");
            EXPECT_EQ(read_at(*dir, 0), "<process exited>");
            EXPECT_EQ(read_at(*secret, 1), "<process exited>");
            chan::Stat stat;
            EXPECT_EQ(outcome(chan::stat(me(), *unopened.value(), stat)), "process exited");
            for (const proc::ProcId other : others) kill_and_wait(other);
        }
    });
}

TEST(ProcNames, NothingIsCreatedOrRemovedAndDirectoriesOpenOnlyToRead) {
    run_world([] {
        EXPECT_EQ(result_of(chan::create_name(me(), "#p/new", chan::kOWrite, 0666)),
                  "permission denied: '#p/new'");
        EXPECT_EQ(result_of(chan::remove_name(me(), "#p/1")), "permission denied");
        EXPECT_EQ(open_result("#p", chan::kOWrite), "permission denied: '#p'");
        EXPECT_EQ(open_result("#p/1", chan::kORdWr), "permission denied: '#p/1'");
    });
}

TEST(ProcPlace, QidsRoundTrip) {
    const Place place{FileType::kWait,
                      {.slot = 0xabcdef, .pid = 0x7fffffff, .serial_low = 0xdeadbeef}};
    const Place back = Place::of(place.qid());
    EXPECT_EQ(back.type, place.type);
    EXPECT_EQ(back.process, place.process);
    EXPECT_EQ(Place{}.qid(), chan::dir_qid(0));
    // Field by field as documented: type, slot, serial.
    EXPECT_EQ(place.qid().path, 0x12abcdefdeadbeefu);
}

}  // namespace
}  // namespace kernel::devproc::test
