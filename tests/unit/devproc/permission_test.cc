// Who may open and change what: every file, every kind of user, every way to open.
#include <gtest/gtest.h>

#include "devproc/file_table.h"
#include "devproc/place.h"
#include "proc/self.h"
#include "tests/unit/devproc/files.h"

namespace kernel::devproc::test {
namespace {

/// What one user may do with one file: any of "r", "w", "b" (to read and write).
struct Rights {
    const char* file;
    const char* owner;
    const char* eve;
    const char* other;
};

/// With the mode that processes begin with, 0640.
constexpr Rights kInitially[] = {
    {"args", "rwb", "rwb", ""},  {"children", "r", "r", "r"},   {"core", "r", "r", ""},
    {"ctl", "rwb", "r", ""},     {"cwd", "r", "r", "r"},        {"fd", "r", "r", "r"},
    {"fpregs", "rwb", "r", ""},  {"info", "r", "r", "r"},       {"io", "r", "r", ""}, {"kregs", "", "r", ""},
    {"limits", "r", "r", "r"},   {"maps", "r", "r", "r"},       {"mem", "rwb", "r", ""},
    {"note", "rwb", "r", ""},    {"noteid", "rwb", "rwb", "r"}, {"notepg", "w", "", ""},
    {"ns", "r", "r", "r"},       {"ppid", "r", "r", "r"},       {"proc", "", "r", ""},
    {"profile", "r", "r", ""}, {"regs", "rwb", "r", ""},    {"segment", "r", "r", "r"},    {"stack", "", "r", ""},
    {"status", "r", "r", "r"},   {"strace", "rwb", "r", ""},    {"straceset", "rwb", "r", ""},
    {"syscall", "r", "r", ""},   {"text", "r", "r", "r"},       {"threads", "r", "r", "r"},
    {"traps", "r", "r", "r"},    {"user", "r", "r", "r"},       {"wait", "r", "r", ""},
    {"watchpt", "rwb", "r", ""}, {"wchan", "r", "r", "r"},
};
/// After chmod 0666 of any of them.
constexpr Rights kOpenToAll[] = {
    {"args", "rwb", "rwb", "r"},     {"children", "r", "r", "r"},
    {"core", "r", "r", "r"},         {"ctl", "rwb", "rwb", "rwb"},
    {"cwd", "r", "r", "r"},          {"fd", "r", "r", "r"},
    {"fpregs", "rwb", "rwb", "rwb"}, {"info", "r", "r", "r"},
    {"io", "r", "r", "r"}, {"kregs", "", "r", ""},          {"limits", "r", "r", "r"},
    {"maps", "r", "r", "r"},         {"mem", "rwb", "rwb", "rwb"},
    {"note", "rwb", "rwb", "rwb"},   {"noteid", "rwb", "rwb", "r"},
    {"notepg", "w", "w", "w"},       {"ns", "r", "r", "r"},
    {"ppid", "r", "r", "r"},         {"proc", "", "r", ""},
    {"profile", "r", "r", "r"}, {"regs", "rwb", "rwb", "rwb"},   {"segment", "r", "r", "r"},
    {"stack", "", "r", ""},          {"status", "r", "r", "r"},
    {"strace", "rwb", "rwb", "rwb"}, {"straceset", "rwb", "rwb", "rwb"},
    {"syscall", "r", "r", "r"},      {"text", "r", "r", "r"},
    {"threads", "r", "r", "r"},      {"traps", "r", "r", "r"},
    {"user", "r", "r", "r"},         {"wait", "r", "r", "r"},
    {"watchpt", "rwb", "r", "r"},    {"wchan", "r", "r", "r"},
};
/// After chmod 0: what is everybody's stays so.
constexpr Rights kClosedToAll[] = {
    {"args", "rwb", "rwb", ""}, {"children", "r", "r", "r"},   {"core", "r", "", ""},
    {"ctl", "", "", ""},        {"cwd", "r", "r", "r"},        {"fd", "r", "r", "r"},
    {"fpregs", "", "", ""},     {"info", "r", "r", "r"},       {"io", "r", "", ""}, {"kregs", "", "", ""},
    {"limits", "r", "r", "r"},  {"maps", "r", "r", "r"},       {"mem", "", "", ""},
    {"note", "", "", ""},       {"noteid", "rwb", "rwb", "r"}, {"notepg", "", "", ""},
    {"ns", "r", "r", "r"},      {"ppid", "r", "r", "r"},       {"proc", "", "", ""},
    {"profile", "r", "", ""}, {"regs", "", "", ""},       {"segment", "r", "r", "r"},    {"stack", "", "", ""},
    {"status", "r", "r", "r"},  {"strace", "", "", ""},        {"straceset", "", "", ""},
    {"syscall", "r", "", ""},   {"text", "r", "r", "r"},       {"threads", "r", "r", "r"},
    {"traps", "r", "r", "r"},   {"user", "r", "r", "r"},       {"wait", "r", "", ""},
    {"watchpt", "rwb", "", ""}, {"wchan", "r", "r", "r"},
};
/// The files of a kernel process, which eve owns.
constexpr Rights kKernelProcess[] = {
    {"args", "r", "r", ""},    {"children", "r", "r", "r"}, {"core", "", "", ""},
    {"ctl", "r", "r", ""},     {"cwd", "r", "r", "r"},      {"fd", "r", "r", "r"},
    {"fpregs", "", "", ""},    {"info", "r", "r", "r"},     {"io", "", "", ""}, {"kregs", "r", "r", ""},
    {"limits", "r", "r", "r"}, {"maps", "r", "r", "r"},     {"mem", "", "", ""},
    {"note", "", "", ""},      {"noteid", "r", "r", "r"},   {"notepg", "", "", ""},
    {"ns", "r", "r", "r"},     {"ppid", "r", "r", "r"},     {"proc", "r", "r", ""},
    {"profile", "", "", ""}, {"regs", "", "", ""},      {"segment", "r", "r", "r"},  {"stack", "r", "r", ""},
    {"status", "r", "r", "r"}, {"strace", "", "", ""},      {"straceset", "", "", ""},
    {"syscall", "", "", ""},   {"text", "r", "r", "r"},     {"threads", "r", "r", "r"},
    {"traps", "r", "r", "r"},  {"user", "r", "r", "r"},     {"wait", "r", "r", ""},
    {"watchpt", "", "", ""},   {"wchan", "r", "r", "r"},
};

/// Whether opening says that one may. Processes without a program have no file of it and no core,
/// and those without a trace nothing to read of it, which only those hear who may look.
bool may_open(const std::string& name, chan::OpenMode mode) {
    const std::string result = open_result(name, mode);
    if (result == "ok" || result == "file does not exist: '" + name + "'" ||
        result == "bad arg in system call: '" + name + "'" ||
        result == "tracing not enabled: '" + name + "'") {
        return true;
    }
    EXPECT_EQ(result, "permission denied: '" + name + "'");
    return false;
}

/// What the current process may do with a file of `pid`.
std::string rights(u32 pid, std::string_view file) {
    std::string may;
    const std::string name = file_of(pid, file);
    const auto ask = [&](char letter, chan::OpenMode mode) {
        if (may_open(name, mode)) may += letter;
    };
    ask('r', chan::kORead);
    ask('w', chan::kOWrite);
    ask('b', chan::kORdWr);
    // To execute is to read; to truncate changes nothing about who may.
    EXPECT_EQ(may_open(name, chan::kOExec), may.starts_with('r')) << name;
    EXPECT_EQ(may_open(name, chan::kORdWr | chan::kOTrunc), may.ends_with('b')) << name;
    return may;
}

/// Runs `body` in a process of `user`, in a note group of its own, and waits for it.
void as_user(const char* user, std::function<void()> body) {
    const proc::ProcId id = child(
        [user, body] {
            proc::set_user(user);
            body();
            return "";
        },
        {.name = "asker", .group = proc::GroupOf::kSelf});
    EXPECT_EQ(must_wait().id, id);
}

/// A process of `user` that makes calls until it is killed.
proc::ProcId process_of(const char* user) {
    const proc::ProcId id = calling_child();
    const proc::ProcHold hold = proc::table().hold(id.pid);
    hold->caller().set_user(user);
    return id;
}

chan::Stat with_mode(u32 mode) {
    chan::Stat changes = chan::keep_stat();
    changes.mode = mode;
    return changes;
}

chan::Stat with_owner(std::string_view user) {
    chan::Stat changes = chan::keep_stat();
    changes.uid.assign(user);
    return changes;
}

void expect_rights(u32 pid, const char* owner, std::span<const Rights> table) {
    ASSERT_EQ(table.size(), process_files().size());
    for (const Rights& row : table) {
        as_user(owner, [&] { EXPECT_EQ(rights(pid, row.file), row.owner) << row.file; });
        as_user("eve", [&] { EXPECT_EQ(rights(pid, row.file), row.eve) << row.file; });
        as_user("bob", [&] { EXPECT_EQ(rights(pid, row.file), row.other) << row.file; });
        as_user("none", [&] { EXPECT_EQ(rights(pid, row.file), "") << row.file; });
    }
}

TEST(ProcPermission, FollowsModesOwnersAndUsers) {
    run_world([] {
        const proc::ProcId target = process_of("glenda");
        expect_rights(target.pid, "glenda", kInitially);
        // Private is about memory and registers; nothing here is.
        EXPECT_EQ(write_result(file_of(1, "ctl"), "private"), "ok");
        expect_rights(target.pid, "glenda", kInitially);
        as_user("glenda", [&] {
            EXPECT_EQ(wstat_result(file_of(target.pid, "status"), with_mode(0666)), "ok");
        });
        expect_rights(target.pid, "glenda", kOpenToAll);
        as_user("eve",
                [&] { EXPECT_EQ(wstat_result(file_of(target.pid, "ctl"), with_mode(0)), "ok"); });
        expect_rights(target.pid, "glenda", kClosedToAll);
        kill_and_wait(target);
    });
}

TEST(ProcPermission, KernelProcessesAreOnlyLookedAt) {
    run_world([] {
        std::atomic<u32> pid{0};
        std::atomic<bool> go{false};
        kernel_child([&] {
            pid = proc::current().id().pid;
            eventually([&] { return go.load(); });
        });
        eventually([&] { return pid.load() != 0; });
        expect_rights(pid, "eve", kKernelProcess);
        // Not even with open modes; but its mode may change.
        EXPECT_EQ(wstat_result(file_of(pid, "ctl"), with_mode(0666)), "ok");
        EXPECT_EQ(rights(pid, "ctl"), "r");
        EXPECT_EQ(rights(pid, "note"), "");
        go = true;
        eventually([&] { return ref_of(pid).pid == 0; });
    });
}

TEST(ProcPermission, NoneSeesAllButOpensOnlyItsOwn) {
    run_world([] {
        as_user("none", [] {
            const u32 self = proc::current().id().pid;
            EXPECT_EQ(rights(self, "ctl"), "rwb");
            EXPECT_EQ(rights(self, "status"), "r");
            EXPECT_EQ(rights(1, "status"), "");
            EXPECT_EQ(listing("#p/1").size(), process_files().size());
            EXPECT_EQ(stat_of("#p/1/status").length, 176u);
            EXPECT_EQ(open_result("#p/stats"), "ok");
            EXPECT_EQ(open_result("#p/ctl"), "ok");
            EXPECT_EQ(write_result("#p/ctl", "piddelay 1"), "permission denied: '#p/ctl'");
            // Another process of the same user is another's.
            const proc::ProcId sibling = calling_child();
            EXPECT_EQ(rights(sibling.pid, "status"), "");
            EXPECT_EQ(wstat_result(file_of(sibling.pid, "ctl"), with_mode(0666)),
                      "permission denied");
            EXPECT_EQ(write_result(file_of(self, "noteid"), std::to_string(sibling.pid)),
                      "permission denied");
            EXPECT_EQ(write_result(file_of(self, "noteid"), std::to_string(self)), "ok");
            EXPECT_EQ(wstat_result(file_of(self, "ctl"), with_mode(0600)), "ok");
            kill_and_wait(sibling);
        });
    });
}

TEST(ProcPermission, OnlyOwnerAndEveChangeModesAndOwners) {
    run_world([] {
        const proc::ProcId target = process_of("glenda");
        const std::string ctl = file_of(target.pid, "ctl");
        as_user("bob", [&] {
            EXPECT_EQ(wstat_result(ctl, with_mode(0666)), "permission denied");
            EXPECT_EQ(wstat_result(ctl, with_owner("bob")), "permission denied");
        });
        as_user("glenda", [&] {
            // The mode is one for all; bits beyond permissions are not kept.
            EXPECT_EQ(wstat_result(file_of(target.pid, "args"), with_mode(07755)), "ok");
            EXPECT_EQ(stat_of(ctl).mode, 0755u);
            EXPECT_EQ(wstat_result(ctl, with_mode(0640)), "ok");
            // As who reads an entry, changes the mode in it, and writes it back.
            chan::Stat entry = stat_of(ctl);
            EXPECT_EQ(entry.uid.view(), "glenda");
            EXPECT_EQ(entry.muid.view(), "glenda");
            EXPECT_EQ(entry.gid.view(), "eve");
            entry.mode = 0600;
            EXPECT_EQ(wstat_result(ctl, entry), "ok");
            EXPECT_EQ(stat_of(ctl).mode, 0600u);
            EXPECT_EQ(wstat_result(ctl, with_mode(0640)), "ok");
            EXPECT_EQ(wstat_result(ctl, with_owner("bob")), "permission denied");
            EXPECT_EQ(wstat_result(ctl, with_owner("eve")), "permission denied");
            // What has no meaning here is left alone, silently.
            chan::Stat other = chan::keep_stat();
            other.name.assign("other");
            other.gid.assign("other");
            other.length = 5;
            other.mtime = 5;
            EXPECT_EQ(wstat_result(ctl, other), "ok");
            EXPECT_EQ(stat_of(ctl).name.view(), "ctl");
            for (const char* fixed : {"", "notepg"}) {
                EXPECT_EQ(wstat_result(file_of(target.pid, fixed), with_mode(0666)),
                          "permission denied");
            }
            EXPECT_EQ(wstat_result("#p/stats", with_mode(0666)), "permission denied");
            EXPECT_EQ(wstat_result("#p", with_mode(0666)), "permission denied");
            EXPECT_EQ(wstat_result(ctl, with_owner("none")), "ok");
            // It is no longer glenda's, who has lost all say.
            EXPECT_EQ(wstat_result(ctl, with_owner("none")), "permission denied");
        });
        EXPECT_EQ(stat_of(ctl).uid.view(), "none");
        EXPECT_EQ(wstat_result(ctl, with_owner("ken")), "ok");
        EXPECT_EQ(stat_of(ctl).uid.view(), "ken");
        EXPECT_EQ(contents(file_of(target.pid, "status")).substr(28, 4), "ken ");
        kill_and_wait(target);
        const Ref<chan::Chan> stale = must_open("#p/1/ctl");
        stale->set_qid(Place{FileType::kCtl, {.slot = 0, .pid = 1, .serial_low = 999}}.qid());
        std::array<std::byte, chan::kStatRecordMax> record;
        const usize size = MUST(chan::marshal_stat(with_mode(0666), record));
        EXPECT_EQ(outcome(chan::wstat(me(), *stale, ConstBytes(record.data(), size))),
                  "process exited");
    });
}

TEST(ProcPermission, AnOpenFileStaysOpenWhateverItsModeBecomes) {
    run_world([] {
        const proc::ProcId target = calling_child();
        const Ref<chan::Chan> ctl = must_open(file_of(target.pid, "ctl"), chan::kORdWr);
        EXPECT_EQ(wstat_result(file_of(target.pid, "ctl"), with_mode(0)), "ok");
        EXPECT_EQ(write_result(*ctl, "pri 3"), "ok");
        EXPECT_EQ(write_result(*ctl, "kill"), "ok");
        must_wait();
    });
}

TEST(ProcPermission, AnOpenFileIsAskedForAgainWhenItsProcessIsSomebodyElses) {
    run_world([] {
        const proc::ProcId target = calling_child();
        const std::string name = file_of(target.pid, "ctl");
        const Ref<chan::Chan> ctl = must_open(name, chan::kORdWr);
        const Ref<chan::Chan> notepg = must_open(file_of(target.pid, "notepg"), chan::kOWrite);
        EXPECT_EQ(wstat_result(name, with_owner("glenda")), "ok");
        // Eve goes by the group's bits, which do not let it write.
        EXPECT_EQ(write_result(*ctl, "pri 3"), "permission denied");
        EXPECT_EQ(read_at(*ctl, 0), "<permission denied>");
        EXPECT_EQ(wstat_result(name, with_mode(0660)), "ok");
        EXPECT_EQ(write_result(*ctl, "pri 3"), "ok");
        EXPECT_EQ(read_at(*ctl, 0).size(), 12U);
        EXPECT_EQ(wstat_result(name, with_owner("eve")), "ok");
        EXPECT_EQ(wstat_result(name, with_mode(0640)), "ok");
        EXPECT_EQ(write_result(*ctl, "pri 3"), "ok");
        // A note group is what was opened, not its process, which this note ends.
        EXPECT_EQ(wstat_result(name, with_owner("glenda")), "ok");
        EXPECT_EQ(write_result(*notepg, "hello"), "ok");
        must_wait();
    });
}

TEST(ProcPermission, WaysToOpenThatMeanNothingAreBadArguments) {
    EXPECT_EQ(outcome(chan::OpenMode::parse(0x2000)), "bad arg in system call");
    run_world([] {
        for (const chan::OpenMode more : {chan::kORClose, chan::kOTrunc}) {
            EXPECT_EQ(open_result("#p/1", chan::kORead | more), "permission denied: '#p/1'");
        }
        EXPECT_EQ(open_result("#p/1/status", chan::kORead | chan::kOCExec), "ok");
    });
}

}  // namespace
}  // namespace kernel::devproc::test
