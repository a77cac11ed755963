// Tasks that tests of the scheduler run beside those they are about.
#pragma once

#include "base/atomic.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "sched/real_time.h"
#include "sched/rendez.h"
#include "sched/task.h"
#include "tests/fixture/kernel_fixture.h"

namespace tests {

/// Runs for `time`, as in the kernel, where nobody is put off.
inline void stay_for(kernel::Nanos time) {
    const kernel::Nanos begun = kernel::machine::now();
    while (kernel::machine::now() - begun < time) kernel::machine::relax();
}

/// Takes some turns, as many as the seed says, fewer than `most`, so that seeds meet others at
/// different moments.
inline void dither(kernel::u64 most) {
    kernel::Atomic<kernel::u32> turns{0};
    const kernel::u64 count = (fixture::seed() * 2654435761u >> 7) % most;
    while (turns.fetch_add(1, std::memory_order_seq_cst) < count) {
    }
}

/// A task that runs until it is told to stop.
class Hog {
public:
    explicit Hog(const fixture::SpawnOptions& options)
        : task_(fixture::spawn(
              [this] {
                  while (stop_.load(std::memory_order_seq_cst) == 0) {
                      kernel::sched::rest_if_spent();
                      runs_.fetch_add(1, std::memory_order_seq_cst);
                      kernel::machine::relax();
                  }
              },
              options)) {}
    kernel::sched::Task& task() { return task_.task(); }
    kernel::u64 runs() const { return runs_.load(std::memory_order_seq_cst); }
    /// Returns when it has run.
    void wait_for_it() const {
        while (runs() == 0) kernel::machine::relax();
    }
    void end() {
        kernel::sched::expel(task());
        stop_.store(1, std::memory_order_seq_cst);
        task_.join();
    }

private:
    kernel::Atomic<kernel::u32> stop_{0};
    kernel::Atomic<kernel::u64> runs_{0};
    fixture::Spawned task_;
};

/// A task that sleeps until it is called, then runs once.
class Sleeper {
public:
    /// Returns when it sleeps.
    explicit Sleeper(const fixture::SpawnOptions& options)
        : task_(fixture::spawn(
              [this] {
                  kernel::sched::sleep_uninterruptible(
                      rendez_, [this] { return called_.load(std::memory_order_seq_cst) != 0; });
                  ran_.store(1, std::memory_order_seq_cst);
              },
              options)) {
        while (task().state() != kernel::sched::TaskState::kWakeme || task().on_hart()) {
            kernel::machine::relax();
        }
    }
    kernel::sched::Task& task() { return task_.task(); }
    void call() {
        called_.store(1, std::memory_order_seq_cst);
        kernel::sched::wakeup(rendez_);
    }
    bool ran() const { return ran_.load(std::memory_order_seq_cst) != 0; }
    void end() { task_.join(); }

private:
    kernel::sched::Rendez rendez_;
    kernel::Atomic<kernel::u32> called_{0};
    kernel::Atomic<kernel::u32> ran_{0};
    fixture::Spawned task_;
};

/// Whether `is_done()` holds before `time` has passed. Harts that are threads, which wait for a
/// processor, have a minute.
template <class Condition>
bool comes_within(kernel::Nanos time, Condition is_done) {
    const kernel::Nanos begun = kernel::machine::now();
    const kernel::Nanos most = fixture::is_simulated() ? time : kernel::nanos_from_seconds(60);
    while (!is_done()) {
        if (kernel::machine::now() - begun >= most) return false;
        kernel::machine::relax();
    }
    return true;
}

}  // namespace tests
