// Builtins that make work for the kernel: spin keeps harts busy, kprocs makes and ends kernel
// processes.
#include "base/ref.h"
#include "base/text.h"
#include "machine/clock.h"
#include "mm/heap.h"
#include "proc/exit.h"
#include "proc/proc_table.h"
#include "proc/spawn.h"
#include "sched/rendez.h"
#include "sched/task.h"
#include "shell/builtins/builtins.h"
#include "shell/output.h"

namespace kernel::shell::builtins {
namespace {

constexpr Nanos kSpinTime = nanos_from_millis(300);
constexpr u64 kMostWorkers = 100'000;

/// What the workers of one command share with it; each holds a reference, so the last to look at it
/// frees it.
class Load : public RefCounted<Load> {
public:
    /// Errors: kNoMemory.
    static Result<Ref<Load>> create() {
        const Bytes memory = TRY(mm::allocate(sizeof(Load)));
        return Ref<Load>::adopt(*::new (static_cast<void*>(memory.data())) Load);
    }

    /// A worker is about to be made: returns what its body takes as argument.
    void* begin_worker() {
        // relaxed: raised before the worker exists; its lowering is ordered after its making.
        running_.fetch_add(1, std::memory_order_relaxed);
        return Ref<Load>::share(*this).leak();
    }
    /// The worker is done, or could not be made. Takes over its reference.
    static void end_worker(Ref<Load> load) {
        // [load.running] release: what the worker did happens before the command goes on; pairs
        // with acquire in idle().
        if (load->running_.fetch_sub(1, std::memory_order_release) == 1) sched::wakeup(load->done_);
    }
    bool idle() const {
        // [load.running] acquire: pairs with release in end_worker().
        return running_.load(std::memory_order_acquire) == 0;
    }

    /// Waits until no worker runs. An interrupt makes them stop early, and is the result.
    Result<void> wait() {
        const Result<void> waited = sched::sleep(done_, [this] { return idle(); });
        if (waited.ok()) return waited;
        // relaxed: a hint to finish early; nothing is ordered by it.
        stop_.store(1, std::memory_order_relaxed);
        sched::sleep_uninterruptible(done_, [this] { return idle(); });
        return waited;
    }
    bool stopping() const {
        // relaxed: as in wait().
        return stop_.load(std::memory_order_relaxed) != 0;
    }

private:
    friend class Ref<Load>;
    Load() = default;
    static void destroy(Load& load) {
        load.~Load();
        mm::deallocate(&load, sizeof(Load));
    }

    sched::Rendez done_;
    Atomic<u32> running_{0};  // atomic: [load.running]
    Atomic<u32> stop_{0};     // atomic: relaxed, a hint
};

void spin_body(void* argument) {
    Ref<Load> load = Ref<Load>::adopt(*static_cast<Load*>(argument));
    const Nanos until = machine::now() + kSpinTime;
    while (machine::now() < until && !load->stopping()) sched::yield_if_wanted();
    Load::end_worker(std::move(load));
}

void kproc_body(void* argument) {
    Load::end_worker(Ref<Load>::adopt(*static_cast<Load*>(argument)));
    proc::exits("");
}

/// Waits until the table is as small as it was: a process is off the table a moment after its body
/// has ended. Gives up after a second, because others may have come meanwhile.
Result<void> wait_for_table(u64 live) {
    const Nanos limit = machine::now() + nanos_from_seconds(1);
    while (proc::table().counts().live > live && machine::now() < limit) {
        TRY(syscall::sleep(nanos_from_millis(1)));
    }
    return {};
}

/// The operand: how many. Errors: kBadArg unless it is 1 .. kMostWorkers.
Result<u64> how_many(Call& call) {
    if (call.arguments().size() != 2) return Error::kBadArg;
    const u64 count = TRY(parse_canonical_decimal(call.arguments()[1]));
    if (count == 0 || count > kMostWorkers) return Error::kBadArg;
    return count;
}

}  // namespace

Result<void> spin(Call& call) {
    const Result<u64> count = how_many(call);
    if (!count.ok()) return call.usage();
    const Ref<Load> load = TRY(Load::create());
    Result<void> outcome;
    for (u64 made = 0; made < count.value() && outcome.ok(); ++made) {
        void* argument = load->begin_worker();
        const Result<proc::ProcId> worker = proc::spawn({.name = "spin",
                                                         .args = "spin",
                                                         .body = spin_body,
                                                         .argument = argument,
                                                         .fds = proc::Inherit::kShare,
                                                         .waited = proc::Waited::kNo});
        if (worker.ok()) continue;
        outcome = worker.error();
        Load::end_worker(Ref<Load>::adopt(*load));
    }
    const Result<void> waited = load->wait();
    return outcome.ok() ? waited : outcome;
}

Result<void> kprocs(Call& call) {
    const Result<u64> count = how_many(call);
    if (!count.ok()) return call.usage();
    const Ref<Load> load = TRY(Load::create());
    const u64 live = proc::table().counts().live;
    u64 made = 0;
    Result<void> outcome;
    while (made < count.value() && outcome.ok()) {
        const Result<proc::ProcId> worker = proc::kproc("kprocs", kproc_body, load->begin_worker());
        if (worker.ok()) {
            ++made;
            sched::yield_if_wanted();
        } else {
            outcome = worker.error();
            Load::end_worker(Ref<Load>::adopt(*load));
        }
    }
    Result<void> waited = load->wait();
    if (waited.ok()) waited = wait_for_table(live);
    format_to(call.out(), "{} kernel processes made and ended\n", made);
    return outcome.ok() ? waited : outcome;
}

}  // namespace kernel::shell::builtins
