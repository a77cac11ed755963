// #p under attack: everything at once on processes that come and go.
#include <gtest/gtest.h>

#include <random>

#include "devproc/file_table.h"
#include "proc/control.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/devproc/files.h"

namespace kernel::devproc::test {
namespace {

/// Randomness that follows from the machine's seed.
class Random {
public:
    explicit Random(u64 stream) : engine_(fixture::seed() * 1000003 + stream) {}
    u32 below(u32 bound) { return static_cast<u32>(engine_() % bound); }

private:
    std::mt19937_64 engine_;
};

/// A number that is probably some process's, never the first one's.
u32 some_pid(Random& random) {
    std::array<u32, 64> met;
    u32 count = 0;
    proc::ProcTable::Cursor cursor;
    while (count < met.size()) {
        const std::optional<proc::ProcRef> next = proc::table().next(cursor);
        if (!next.has_value()) break;
        const proc::ProcHold hold = proc::table().hold(*next);
        // Only victims: whoever attacks is to come to its end.
        if (!hold) continue;
        hold->assert_held();
        if (hold->attributes().text.view() == "victim") met[count++] = next->pid;
    }
    return count == 0 ? 0 : met[random.below(count)];
}

/// One of the errors that somebody may get who was too late or not the only one.
void expect_sensible(const std::string& result) {
    static constexpr std::string_view kSensible[] = {
        "ok", "process exited", "file does not exist", "bad process or channel control request",
        "device or object already in use", "note not posted",
        // Of programs, which these are not.
        "bad arg in system call", "process has no saved registers", "notes pending", "interrupted",
        "permission denied", "no living children", "tracing not enabled", "already being traced", "profile is off"};
    const bool sensible =
        std::any_of(std::begin(kSensible), std::end(kSensible), [&](std::string_view one) {
            return result == one || result.starts_with(std::string(one) + ": '");
        });
    EXPECT_TRUE(sensible) << result;
}

/// Does one thing to somebody.
void attack(Random& random) {
    const u32 pid = some_pid(random);
    if (pid == 0) return;
    const auto write = [&](const char* file, std::string_view text) {
        expect_sensible(write_result(file_of(pid, file), text));
    };
    switch (random.below(15)) {
        case 0:
            return write("ctl", "kill");
        case 1:
            // Whoever stops somebody lets it go on, so that all come to an end.
            write("ctl", "stop");
            return write("ctl", "start");
        case 2:
            return write("ctl", "interrupt");
        case 3:
            return write("note", "a note");
        case 4:
            return write("notepg", "for all");
        case 5:
            return write("noteid", std::to_string(pid));
        case 6:
            return write("noteid", std::to_string(some_pid(random)));
        case 7:
            return write("args", "renamed");
        case 8:
            return write("ctl", "closefiles");
        case 9:
            (void)listing("#p");
            return;
        case 10:
            return write("ctl", random.below(2) == 0 ? "straceme" : "straceall");
        case 11:
            write("ctl", "strace_drop on");
            return write("ctl", "straceoff");
        case 12:
            write("straceset", "all none");
            return write("strace", "a marker");
        default: {
            const std::span<const File> files = process_files().rows();
            const File& file = files[random.below(static_cast<u32>(files.size()))];
            // Reading `wait` and `strace` may take as long as the process; notes are for their
            // owner.
            if (file.read == nullptr || file.name == "wait" || file.name == "note") return;
            if (file.name == "strace") return expect_sensible(open_result(file_of(pid, "strace")));
            const std::string text = contents(file_of(pid, file.name), 1 + random.below(200));
            if (text.starts_with("<")) expect_sensible(text.substr(1, text.find('>') - 1));
            return;
        }
    }
}

/// A victim: calls, children, waits, notes; ends by itself after a while.
std::string live(u64 stream, u32 depth) {
    Random random(stream);
    for (u32 i = 0; i < 10; ++i) {
        switch (random.below(5)) {
            case 0:
                if (depth < 3) {
                    const u64 next = stream * 7 + i;
                    const Result<proc::ProcId> made = try_child(
                        [next, depth] { return live(next, depth + 1); },
                        {.name = "victim",
                         .group =
                             random.below(2) == 0 ? proc::GroupOf::kSelf : proc::GroupOf::kMaker,
                         .waited = random.below(4) == 0 ? proc::Waited::kNo : proc::Waited::kYes});
                    proc::end_of_call(made);
                }
                break;
            case 1:
                (void)proc::call_done(proc::wait());
                break;
            case 2:
                open_log(static_cast<i32>(random.below(3)));
                proc::end_of_call();
                break;
            default:
                (void)proc::call_done(sched::sleep_for(nanos_from_micros(random.below(200))));
        }
    }
    return "";
}

void storm(u32 attackers, u32 rounds) {
    std::atomic<u32> attacking{attackers};
    for (u32 i = 0; i < attackers; ++i) {
        child(
            [i, rounds, &attacking] {
                // Notes to groups reach attackers too, who carry on.
                proc::set_note_handler(
                    [](void*, const proc::Note&) { return proc::NoteAnswer::kHandled; }, nullptr);
                Random random(i);
                for (u32 round = 0; round < rounds; ++round) {
                    attack(random);
                    proc::end_of_call(Result<void>(Error::kInterrupted));
                }
                --attacking;
                return "";
            },
            {.name = "attacker", .group = proc::GroupOf::kSelf});
    }
    for (u64 stream = 100; attacking != 0; ++stream) {
        if (proc::table().counts().live < 60) {
            child([stream] { return live(stream, 0); },
                  {.name = "victim", .group = proc::GroupOf::kSelf});
        }
        while (proc::waiting_records(proc::current().ref()) > 0) must_wait();
        (void)sched::sleep_for(nanos_from_micros(20));
    }
    do {
        while (proc::wait().ok()) continue;
        (void)sched::sleep_for(nanos_from_micros(100));
    } while (proc::table().counts().live > 1);
    while (proc::wait().ok()) continue;
}

TEST(ProcAttack, EverythingAtOnceOnProcessesThatComeAndGo) {
    run_world_seeds(25, 4, [] { storm(4, fixture::is_simulated() ? 60 : 400); });
}

TEST(ProcAttack, AReaderOfADyingProcessGetsAllOrNothing) {
    run_world_seeds(60, 2, [] {
        const proc::ProcId victim = child([] { return "done"; }, {.name = "victim"});
        const std::string dir = "#p/" + std::to_string(victim.pid) + "/";
        for (u32 i = 0; i < 40; ++i) {
            const std::string status = contents(dir + "status");
            if (status.starts_with("<")) break;
            EXPECT_EQ(status.size(), 176u);
            EXPECT_TRUE(status.starts_with("victim ")) << status;
        }
        must_wait();
        EXPECT_TRUE(contents(dir + "status").starts_with("<file does not exist"));
    });
}

TEST(ProcAttack, HundredsOfProcessesAtOnceAndOneNote) {
    WorldOptions options;
    options.machine.harts = 4;
    options.machine.memory = 1024 * kMiB;
    run_world(
        [] {
            // A host maps at most 65530 pieces for one program, and each page of a stack is one.
            const u32 count = fixture::is_simulated() ? 300 : 800;
            std::vector<u32> pids;
            for (u32 i = 0; i < count; ++i) {
                pids.push_back(child(
                                   [] {
                                       sched::Rendez rendez;
                                       (void)proc::call_done(
                                           sched::sleep(rendez, [] { return false; }));
                                       return "came back";
                                   },
                                   {.name = "one", .group = proc::GroupOf::kMaker})
                                   .pid);
            }
            EXPECT_EQ(listing("#p").size(), root_files().size() + 1 + count);
            for (u32 i = 0; i < count; i += 37) {
                EXPECT_EQ(contents(file_of(pids[i], "status")).size(), 176u);
            }
            // One note for all of them; of the records 128 are kept, the others are counted.
            EXPECT_EQ(write_result("#p/1/notepg", "enough"), "ok");
            eventually([] { return proc::table().counts().live == 1; });
            u32 records = 0;
            std::string lost;
            for (;;) {  // ends with the records
                const Result<proc::WaitRecord> record = proc::wait();
                if (!record.ok()) break;
                ++records;
                if (record.value().id.pid == 0) lost = record.value().message.view();
            }
            EXPECT_EQ(records, proc::kRecordsKept + 1);
            EXPECT_EQ(lost, "lost " + std::to_string(count - proc::kRecordsKept));
        },
        options);
}

}  // namespace
}  // namespace kernel::devproc::test
