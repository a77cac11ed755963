// noteid, notepg and wait through #p, and handles whose process's number is another's by now.
#include <gtest/gtest.h>

#include "devproc/place.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/devproc/files.h"

namespace kernel::devproc::test {
namespace {

/// A process that waits until a note ends it.
proc::ProcId sleeper(proc::GroupOf group) {
    const proc::ProcId id = child(
        [] {
            sched::Rendez rendez;
            (void)proc::call_done(sched::sleep(rendez, [] { return false; }));
            return "came back";
        },
        {.name = "sleeper", .group = group});
    eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kWakeme); });
    return id;
}

u64 noteid_of(u32 pid) { return std::stoull(contents(file_of(pid, "noteid"))); }

TEST(ProcNotepg, ReachesTheGroupButNotTheWriter) {
    run_world([] {
        const proc::ProcId same = sleeper(proc::GroupOf::kMaker);
        const proc::ProcId other = sleeper(proc::GroupOf::kSelf);
        EXPECT_EQ(write_result(file_of(same.pid, "notepg"), "hangup"), "ok");
        EXPECT_TRUE(must_wait().message.view().ends_with(": hangup"));
        EXPECT_EQ(contents("#p/1/note"), "");
        EXPECT_EQ(ref_of(other.pid).pid, other.pid);
        EXPECT_EQ(write_result(file_of(other.pid, "notepg"), std::string(128, 'x')),
                  "read or write too large");
        EXPECT_EQ(write_result(file_of(other.pid, "notepg"), std::string(127, 'x')), "ok");
        must_wait();
    });
}

TEST(ProcNotepg, AnOpenOneReachesTheGroupWhenItsProcessIsGone) {
    run_world([] {
        const proc::ProcId leader = sleeper(proc::GroupOf::kSelf);
        const proc::ProcId member = sleeper(proc::GroupOf::kSelf);
        EXPECT_EQ(write_result(file_of(member.pid, "noteid"), std::to_string(leader.pid)), "ok");
        EXPECT_EQ(noteid_of(member.pid), leader.pid);
        const Ref<chan::Chan> group = must_open(file_of(leader.pid, "notepg"), chan::kOWrite);
        kill_and_wait(leader);
        EXPECT_EQ(write_result(*group, "bye"), "ok");
        EXPECT_TRUE(must_wait().message.view().ends_with(": bye"));
        EXPECT_EQ(write_result(*group, "nobody"), "ok");
    });
}

TEST(ProcNoteid, WritesFollowTheRules) {
    run_world([] {
        const proc::ProcId mine = sleeper(proc::GroupOf::kSelf);
        const std::string noteid = file_of(mine.pid, "noteid");
        EXPECT_EQ(noteid_of(mine.pid), mine.pid);
        for (const char* bad : {"0", "-1", "x", "", "-99999999999999999999"}) {
            EXPECT_EQ(write_result(noteid, bad), "bad arg in system call") << bad;
        }
        for (const char* nobody : {"7777", "4294967297", "99999999999999999999"}) {
            EXPECT_EQ(write_result(noteid, nobody), "permission denied") << nobody;
        }
        EXPECT_EQ(write_result(noteid, std::string(128, '1')), "read or write too large");
        const Ref<chan::Chan> chan = must_open(noteid, chan::kOWrite);
        EXPECT_EQ(outcome(chan::write(me(), *chan, as_bytes("1"), u64{1})),
                  "read or write too large");
        EXPECT_EQ(write_result(noteid, " 1\n"), "ok");
        EXPECT_EQ(noteid_of(mine.pid), 1u);
        EXPECT_EQ(write_result(noteid, std::to_string(mine.pid)), "ok");
        EXPECT_EQ(noteid_of(mine.pid), mine.pid);
        kill_and_wait(mine);
    });
}

TEST(ProcWait, AStrangerReadsTheRecordsOfAnother) {
    run_world([] {
        std::atomic<bool> go{false};
        const proc::ProcId parent = child([&] {
            child([] { return "first"; });
            eventually([&] { return go.load(); });
            return "";
        });
        const std::string name = file_of(parent.pid, "wait");
        eventually([&] { return stat_of(name).length == 1; });
        const Ref<chan::Chan> wait = must_open(name);
        EXPECT_TRUE(read_at(*wait, 0).ends_with(": first'"));
        EXPECT_EQ(stat_of(name).length, 0u);
        // No child, and none that could come: a stranger waits for the parent's end all the same.
        std::string answer;
        const proc::ProcId reader = child([&] {
            answer = read_at(*wait, 0);
            return "";
        });
        eventually([&] { return sleeps_in(ref_of(reader.pid), sched::TaskState::kWakeme); });
        EXPECT_EQ(read_at(*wait, 0), "<device or object already in use>");
        go = true;
        must_wait();
        must_wait();
        EXPECT_EQ(answer, "<process exited>");
    });
}

TEST(ProcHandles, ANumberThatIsAnothersByNowIsNotMistakenForIt) {
    WorldOptions options;
    options.machine.harts = 1;
    options.table.max_processes = 32;
    options.table.reuse_delay = Nanos{};
    options.table.number_bits = 12;  // 512 cells, so a number comes again after eight rounds
    run_world(
        [] {
            // Numbers below a hundred are given once, so go beyond.
            while (child([] { return ""; }).pid < 200) must_wait();
            must_wait();
            const proc::ProcId old = calling_child();
            std::vector<std::pair<std::string, Ref<chan::Chan>>> handles;
            for (const char* file : {"args", "ctl", "note", "noteid"}) {
                handles.emplace_back(file, must_open(file_of(old.pid, file), chan::kORdWr));
            }
            for (const char* file : {"fd", "kregs", "ns", "ppid", "proc", "status", "wait"}) {
                handles.emplace_back(file, must_open(file_of(old.pid, file)));
            }
            const Ref<chan::Chan> dir = must_open("#p/" + std::to_string(old.pid));
            kill_and_wait(old);
            proc::ProcId again{};
            for (u32 i = 0; i < 20000 && again.pid != old.pid; ++i) {
                if (i != 0) kill_and_wait(again);
                again = calling_child();
            }
            ASSERT_EQ(again.pid, old.pid);
            ASSERT_NE(again.serial, old.serial);
            for (const auto& [file, chan] : handles) {
                EXPECT_EQ(read_at(*chan, 0), "<process exited>") << file;
                if (chan->mode().writes()) {
                    EXPECT_EQ(write_result(*chan, "kill"), "process exited") << file;
                }
                chan::Stat stat;
                EXPECT_EQ(outcome(chan::stat(me(), *chan, stat)), "process exited") << file;
            }
            EXPECT_EQ(read_at(*dir, 0), "<process exited>");
            // The newcomer is untouched, and found by its own serial only.
            const std::string name = "#p/" + std::to_string(again.pid);
            EXPECT_EQ(open_result(name + "." + std::to_string(again.serial)), "ok");
            EXPECT_NE(open_result(name + "." + std::to_string(old.serial)), "ok");
            EXPECT_EQ(contents(name + "/args"), "");
            kill_and_wait(again);
        },
        options);
}

TEST(ProcHandles, AWriteToTheEndedSaysSoBeforeAllElse) {
    run_world([] {
        std::atomic<bool> go{false};
        const proc::ProcId ended = child([&] {
            eventually([&] { return go.load(); });
            return "";
        });
        const Ref<chan::Chan> noteid = must_open(file_of(ended.pid, "noteid"), chan::kORdWr);
        const Ref<chan::Chan> args = must_open(file_of(ended.pid, "args"), chan::kORdWr);
        go = true;
        eventually([] { return proc::waiting_records(proc::current().ref()) == 1; });
        for (const bool record_read : {false, true}) {
            if (record_read) must_wait();
            EXPECT_EQ(write_result(*noteid, "x"), "process exited");
            EXPECT_EQ(write_result(*args, std::string(128, 'x')), "process exited");
            EXPECT_EQ(read_at(*args, 0), "<process exited>");
        }
    });
}

TEST(ProcHandles, NamesUnderProcSayWhereTheyEnd) {
    run_world([] {
        child(
            [] {
                EXPECT_EQ(outcome(chan::bind(me(), "#p", "/proc", chan::kMRepl)), "ok");
                EXPECT_EQ(contents("/proc/1/status").size(), 176u);
                for (const char* name : {"01", "-1", "0", "999999"}) {
                    const std::string path = std::string("/proc/") + name;
                    EXPECT_EQ(contents(path + "/status"), "<file does not exist: '" + path + "'>");
                }
                EXPECT_EQ(contents("/proc/1/ns"), "cd /\n");  // of process 1, which did not bind
                const std::string self = std::to_string(proc::current().id().pid);
                EXPECT_EQ(contents("/proc/" + self + "/ns"), "bind  '#p' /proc\ncd /\n");
                EXPECT_EQ(contents("/proc/1/nothing"), "<file does not exist: '/proc/1/nothing'>");
                return "";
            },
            {.name = "binder", .names = proc::Inherit::kCopy});
        must_wait();
    });
}

}  // namespace
}  // namespace kernel::devproc::test
