// The Pid hash in the kernel under load: processes made and ended on every hart, changing note
// groups, while tasks and timer interrupts look their numbers up. Prints what it did, then PASS or
// FAIL.
//
// Takes the place of the kernel's first process. Boot arguments: *births=N (default a million).
#include "base/assert.h"
#include "base/late.h"
#include "base/log.h"
#include "base/text.h"
#include "chan/caller.h"
#include "chan/env_group.h"
#include "chan/fd_group.h"
#include "chan/namespace.h"
#include "init/first_process.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/power.h"
#include "mm/frames.h"
#include "proc/exit.h"
#include "proc/proc_table.h"
#include "proc/self.h"
#include "proc/spawn.h"
#include "proc/wait.h"
#include "sched/scheduler.h"
#include "sched/task.h"
#include "sched/timer.h"

namespace {

using namespace kernel;

constexpr u32 kWorkers = 8;
constexpr u32 kReaders = 2;
constexpr Nanos kProbePeriod = nanos_from_micros(300);
constexpr u64 kReportEvery = 100'000;

constinit u64 births_wanted = 1'000'000;  // const after the first process began
constinit Atomic<u64> births{0};          // atomic: a counter
constinit Atomic<u64> group_changes{0};   // atomic: a counter
constinit Atomic<u64> lookups{0};         // atomic: a counter, of tasks
constinit Atomic<u64> probes{0};          // atomic: a counter, of interrupts
constinit Atomic<u64> hits{0};            // atomic: a counter, of both
constinit Atomic<u32> newest{1};          // atomic: a number given lately
constinit Atomic<u32> wrong{0};           // atomic: a count of broken promises
constinit Atomic<u32> finish{0};          // atomic: relaxed, a hint to stop

// relaxed (all of this file): counters and hints; that processes have ended is ordered by waiting.
constexpr auto kRelaxed = std::memory_order_relaxed;

void check(bool holds, const char* what) {
    if (holds) return;
    if (wrong.fetch_add(1, kRelaxed) < 10) klog("FAIL {}", std::string_view(what));
}

/// A sequence that differs from task to task.
class Dice {
public:
    explicit Dice(u64 seed) : state_(seed * 0x9e37'79b9'7f4a'7c15 + 1) {}
    u32 below(u32 limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<u32>((state_ >> 20) % limit);
    }

private:
    u64 state_;
};

/// A number that is in use, was a moment ago, or will be in a moment.
u32 some_number(Dice& dice) {
    const u32 now = newest.load(kRelaxed);
    const u32 back = dice.below(dice.below(2) == 0 ? 1 : 64);
    return now > back ? now - back : now + back;
}

/// What anybody may do with a bare number, in any context.
void look_up(u32 number) {
    pid::PidTable& pids = proc::table().pids();
    const std::optional<pid::SlotHint> hint = pids.lookup(number);
    if (hint.has_value()) hits.fetch_add(1, kRelaxed);
    pid::PidRef reference = pids.acquire(number);
    if (reference) {
        check(reference.number() == number, "acquire gave another number");
        check(pids.references(number) != 0, "a number that is held has no references");
    }
}

/// In the timer interrupt of one hart, inside whatever it was doing.
struct Probe {
    explicit Probe(u64 seed) : dice(seed), timer(run, this) {}

    static void run(sched::Timer& timer, void* argument) {
        Probe& self = *static_cast<Probe*>(argument);
        look_up(some_number(self.dice));
        probes.fetch_add(1, kRelaxed);
        if (finish.load(kRelaxed) == 0) timer.arm(machine::now() + kProbePeriod);
    }

    Dice dice;
    sched::Timer timer;
};

/// A reader's turn: looks one up, holds it, and sometimes goes through the whole table.
void read_once(Dice& dice) {
    const u32 number = some_number(dice);
    look_up(number);
    {
        const proc::ProcHold hold = proc::table().hold(number);
        if (hold) check(hold->id().pid == number, "a held process has another number");
    }
    if (dice.below(100) == 0) {
        proc::ProcTable::Cursor cursor;
        bool first_seen = false;
        while (const std::optional<proc::ProcRef> found = proc::table().next(cursor)) {
            check(!(first_seen && found->pid == 1), "an iteration met process 1 twice");
            first_seen = first_seen || found->pid == 1;
        }
        check(first_seen, "an iteration missed process 1");
    }
    lookups.fetch_add(1, kRelaxed);
}

void reader(void* argument) {
    Dice dice(reinterpret_cast<u64>(argument));
    while (finish.load(kRelaxed) == 0) {
        read_once(dice);
        sched::yield_if_wanted();
    }
    proc::exits("");
}

/// A child changes its note group now and then: a fresh one, its own, or that of some other number.
void child(void*) {
    const proc::ProcRef self = proc::current().ref();
    newest.store(self.pid, kRelaxed);  // while it lives
    Dice dice(self.pid);
    if (dice.below(4) == 0) {
        (void)proc::regroup({.new_note_group = true});  // ignored: no number free is no error here
        group_changes.fetch_add(1, kRelaxed);
    }
    if (dice.below(4) == 0) {
        (void)proc::set_note_id(self, some_number(dice));  // ignored: it may be gone
        group_changes.fetch_add(1, kRelaxed);
    }
    check(static_cast<bool>(proc::table().hold(self.pid)), "a living process is not found");
}

void make_children(u64 count) {
    for (u64 made = 0; made < count;) {
        const bool leads = made % 8 == 0;
        const Result<proc::ProcId> id =
            proc::spawn({.name = "child",
                         .body = child,
                         .fds = proc::Inherit::kShare,
                         .group = leads ? proc::GroupOf::kSelf : proc::GroupOf::kMaker});
        if (!id.ok()) {
            check(false, "a process could not be made");
            return;
        }
        const Result<proc::WaitRecord> ended = proc::wait();
        check(ended.ok() && ended.value().id == id.value(), "the wrong child ended");
        // The record is read, so the number is nobody's.
        check(!proc::table().lookup(id.value().pid).has_value(), "an ended process is found");
        ++made;
        const u64 all = births.fetch_add(1, kRelaxed) + 1;
        if (all % kReportEvery == 0) klog("{} processes made and ended", all);
    }
}

void worker(void*) { make_children(births_wanted / kWorkers); }

struct Counts {
    u64 numbers = proc::table().pids().counters().live;
    u64 processes = proc::table().counts().live;
    bool operator==(const Counts&) const = default;
};

/// Waits for `count` children, whoever they are.
void wait_for(u32 count) {
    for (u32 i = 0; i < count; ++i) {
        const Result<proc::WaitRecord> ended = proc::wait();
        check(ended.ok() && ended.value().message.view().empty(), "a worker ended badly");
    }
}

void run(void (*body)(void*), u32 count, bool leads) {
    for (u32 i = 0; i < count; ++i) {
        const Result<proc::ProcId> id =
            proc::spawn({.name = "torture",
                         .body = body,
                         .argument = reinterpret_cast<void*>(u64{i} + 1),
                         .fds = proc::Inherit::kShare,
                         .group = leads ? proc::GroupOf::kSelf : proc::GroupOf::kMaker});
        check(id.ok(), "a worker could not be made");
    }
}

constinit Late<chan::Caller> nobody;  // boot only
constinit std::array<Late<Probe>, machine::kMaxHarts> all_probes;

void torture(void*) {
    if (const auto text = machine::boot_arg("births")) {
        births_wanted = parse_c_number(*text).ok() ? std::move(parse_c_number(*text)).value() : 0;
    }
    const Counts before;
    const Nanos begun = machine::now();
    for (u32 hart = 0; hart < machine::hart_count(); ++hart) {
        // A timer belongs to the hart that arms it.
        sched::Task::current().set_harts(sched::HartSet{1} << hart);
        all_probes[hart].make(u64{hart} + 100);
        all_probes[hart]->timer.arm(machine::now() + kProbePeriod);
    }
    sched::Task::current().set_harts(sched::machine_harts());
    run(reader, kReaders, true);
    run(worker, kWorkers, true);
    wait_for(kWorkers);
    finish.store(1, kRelaxed);
    wait_for(kReaders);
    for (u32 hart = 0; hart < machine::hart_count(); ++hart) (void)all_probes[hart]->timer.cancel();
    const Nanos spent = machine::now() - begun;
    const Counts after;
    check(after == before, "counts did not come back");
    const pid::PidCounters numbers = proc::table().pids().counters();
    klog("births {} group changes {} lookups {} probes in interrupts {} hits {}",
         births.load(kRelaxed), group_changes.load(kRelaxed), lookups.load(kRelaxed),
         probes.load(kRelaxed), hits.load(kRelaxed));
    klog("numbers live {} capacity {} wraps {} gate {} refused {}", numbers.live, numbers.capacity,
         numbers.wraps, numbers.gate, numbers.refused);
    klog("harts {} seconds {}", machine::hart_count(), spent.value / 1'000'000'000);
    check(births.load(kRelaxed) == births_wanted / kWorkers * kWorkers, "births are missing");
    check(probes.load(kRelaxed) > 0 && hits.load(kRelaxed) > 0, "nobody looked anything up");
    const bool good = wrong.load(kRelaxed) == 0;
    klog("{}", std::string_view(good ? "PASS" : "FAIL"));
    machine::power_off(good ? 0 : 1);
}

}  // namespace

void kernel::init::make_first_process() {
    proc::FirstProcess first;
    first.name = "torture";
    first.body = torture;
    first.fds = std::move(chan::FdGroup::create()).value();
    first.environment = std::move(chan::EnvGroup::create()).value();
    first.dot = std::move(chan::find_device("/")->attach(nobody.make(), "")).value();
    first.names = std::move(chan::Namespace::create(first.dot)).value();
    ASSERT(proc::spawn_first(std::move(first)).ok());
}
