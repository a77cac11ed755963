// Every allocation of using #p, failed in turn: nothing is lost, nothing half done.
#include <gtest/gtest.h>

#include "devproc/control_messages.h"
#include "devproc/file_table.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/devproc/files.h"
#include "tests/unit/proc/failing.h"

namespace kernel::devproc::test {
namespace {

void run_on_one_hart(const std::function<void()>& body) {
    WorldOptions options;
    options.machine.harts = 1;
    run_world(body, options);
}

void nothing() {}

/// A process that waits and stays in one call whatever notes and messages come.
proc::ProcId quiet_child() {
    const proc::ProcId id = child([] {
        sched::Rendez rendez;
        const auto killed = [] {
            const proc::ProcHold hold = proc::table().hold(proc::current().ref());
            hold->assert_held();
            return hold->signals().control == proc::Control::kExit;
        };
        while (!killed()) (void)sched::sleep_for(nanos_from_millis(100));
        return "";
    });
    eventually([&] { return sleeps_in(ref_of(id.pid), sched::TaskState::kWakeme); });
    return id;
}

chan::OpenMode mode_of_use(const File& file) {
    switch (file.use) {
        case Use::kReadOnly:
            return chan::kORead;
        case Use::kWriteOnly:
            return chan::kOWrite;
        case Use::kReadWrite:
            return chan::kORdWr;
    }
    return chan::kORead;
}

/// Of processes with programs or a trace only; program_files_test.cc does the same to those with
/// programs.
bool needs_program(const File& file) {
    if (file.name.starts_with("strace")) return true;
    return file.name == "core" || file.name == "fpregs" || file.name == "mem" ||
           file.name == "profile" || file.name == "regs" || file.name == "text";
}

TEST(ProcFileAllocation, OpeningEachFile) {
    run_on_one_hart([] {
        const proc::ProcId target = quiet_child();
        for (const File& file : process_files()) {
            if (needs_program(file)) continue;
            const std::string name = file_of(target.pid, file.name);
            fail_each(
                [&]() -> Result<void> {
                    TRY(chan::open_name(me(), name, mode_of_use(file)));
                    return {};
                },
                nothing);
        }
        kill_and_wait(target);
    });
}

TEST(ProcFileAllocation, ReadingEachFile) {
    run_on_one_hart([] {
        const proc::ProcId target = quiet_child();
        const auto read_all = [](const std::string& name) -> Result<void> {
            const Ref<chan::Chan> chan = TRY(chan::open_name(me(), name, chan::kORead));
            std::array<std::byte, 7> piece;
            u64 offset = 0;
            for (;;) {  // ends with the file
                const usize got = TRY(chan::read(me(), *chan, piece, offset));
                if (got == 0) return {};
                offset += got;
            }
        };
        for (const File& file : process_files()) {
            // Nobody ends, so who waits would do so for ever.
            if (file.read == nullptr || file.name == "wait" || needs_program(file)) continue;
            const std::string name = file_of(target.pid, file.name);
            fail_each([&] { return read_all(name); }, nothing);
        }
        fail_each([&] { return read_all("#p/stats"); }, nothing);
        // Failures leave it to be opened by the next.
        fail_each([&] { return read_all("#p/trace"); }, nothing);
        kill_and_wait(target);
    });
}

TEST(ProcFileAllocation, ListingAndDescribing) {
    run_on_one_hart([] {
        const proc::ProcId target = quiet_child();
        for (const std::string& name : {std::string("#p"), file_of(target.pid, "")}) {
            fail_each(
                [&]() -> Result<void> {
                    const Ref<chan::Chan> dir = TRY(chan::open_name(me(), name, chan::kORead));
                    std::array<std::byte, 512> records;
                    while (TRY(chan::read(me(), *dir, records)) != 0) continue;
                    return {};
                },
                nothing);
        }
        fail_each(
            [&]() -> Result<void> {
                const Ref<chan::Chan> found =
                    TRY(chan::namec(me(), file_of(target.pid, "status"), chan::NameUse::kAccess));
                chan::Stat stat;
                return chan::stat(me(), *found, stat);
            },
            nothing);
        kill_and_wait(target);
    });
}

TEST(ProcFileAllocation, WritingMessagesAndNotes) {
    run_on_one_hart([] {
        const proc::ProcId target = quiet_child();
        const Ref<chan::Chan> ctl = must_open(file_of(target.pid, "ctl"), chan::kOWrite);
        for (const char* message :
             {"pri 5", "fixedpri 5", "hang", "nohang", "private", "noswap", "interrupt",
              "nointerrupt", "wired 0", "close 0", "closefiles"}) {
            fail_each(
                [&]() -> Result<void> {
                    TRY(chan::write(me(), *ctl, as_bytes(message), u64{0}));
                    return {};
                },
                nothing, Allocates::kPerhaps);
        }
        // Posting and taking a note allocates nothing, so that it cannot fail for that.
        const Ref<chan::Chan> note = must_open(file_of(target.pid, "note"), chan::kORdWr);
        fail_each(
            [&]() -> Result<void> {
                TRY(chan::write(me(), *note, as_bytes("hello"), u64{0}));
                return {};
            },
            [&] { EXPECT_EQ(read_at(*note, 0), std::string("hello\0", 6)); }, Allocates::kPerhaps);
        kill_and_wait(target);
    });
}

TEST(ProcFileAllocation, Tracing) {
    run_on_one_hart([] {
        const proc::ProcId target = quiet_child();
        const std::string ctl = file_of(target.pid, "ctl");
        const auto write = [&](const std::string& file, std::string_view text) -> Result<void> {
            const Ref<chan::Chan> chan = TRY(chan::open_name(me(), file, chan::kOWrite));
            TRY(chan::write(me(), *chan, as_bytes(text), u64{0}));
            return {};
        };
        const auto stop = [&] { EXPECT_EQ(outcome(write(ctl, "straceoff")), "ok"); };
        fail_each([&] { return write(ctl, "straceme"); }, stop);
        ASSERT_TRUE(write(ctl, "straceall").ok());
        fail_each([&] { return write(file_of(target.pid, "straceset"), "all"); }, nothing);
        const std::string strace = file_of(target.pid, "strace");
        {
            const Ref<chan::Chan> reader = must_open(strace, chan::kORead);
            fail_each([&] { return write(strace, "a marker"); },
                      [&] { EXPECT_EQ(read_at(*reader, 0), "M a marker\n"); });
        }
        kill_and_wait(target);
    });
}

TEST(ProcFileAllocation, ChangingTheNoteGroup) {
    run_on_one_hart([] {
        const proc::ProcId target = quiet_child();
        const Ref<chan::Chan> noteid = must_open(file_of(target.pid, "noteid"), chan::kOWrite);
        const auto join = [&](u32 id) -> Result<void> {
            TRY(chan::write(me(), *noteid, as_bytes(std::to_string(id)), u64{0}));
            return {};
        };
        // Its own number makes a group, which may fail; the way back makes none.
        fail_each([&] { return join(target.pid); }, [&] { EXPECT_EQ(outcome(join(1)), "ok"); });
        kill_and_wait(target);
    });
}

}  // namespace
}  // namespace kernel::devproc::test
