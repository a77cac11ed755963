// The rows: each operation, on each table, at each size, measured by Google Benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "tests/bench/pid/answers.h"
#include "tests/bench/pid/live_set.h"
#include "tests/bench/pid/stopwatch.h"
#include "tests/bench/pid/table.h"

namespace bench {

/// A filled table that was asked whether it is right; made when a row first needs it.
template <Table T>
struct Filled {
    explicit Filled(u32 live) : table(live) {
        typename T::Thread thread(table, 0);
        set = fill(table, thread, live);
        check_filled(table, thread, set);
    }

    static Filled& of(u32 live) {
        static std::mutex lock;
        static std::map<u32, std::unique_ptr<Filled>> made;
        const std::lock_guard guard(lock);
        auto& place = made[live];
        if (!place) place = std::make_unique<Filled>(live);
        return *place;
    }

    T table;
    LiveSet set;
    std::array<u32, kThreads> oldest{};  // where allocate_free() goes on
};

/// Runs of `numbers`, for ever; threads begin at different places.
class Questions {
public:
    Questions(const std::vector<u32>& numbers, u32 thread)
        : numbers_(numbers), at_(numbers.size() / kThreads / kRun * kRun * thread) {}
    std::span<const u32> next() {
        const u32* const begin = numbers_.data() + at_;
        at_ = at_ + kRun == numbers_.size() ? 0 : at_ + kRun;
        return {begin, kRun};
    }

private:
    const std::vector<u32>& numbers_;
    usize at_;
};

/// Measures `run`, called once for each run of operations.
template <Table T, class Run>
void measure(benchmark::State& state, Filled<T>& filled, Run run) {
    const u32 index = static_cast<u32>(state.thread_index());
    pin(index);
    typename T::Thread thread(filled.table, index);
    Stopwatch watch;
    u64 runs = 0;
    for (auto _ : state) {
        if (runs == 0) watch.start();  // after all threads met
        thread.begin();
        run(thread);
        thread.end();
        ++runs;
    }
    if (runs != 0)
        state.counters["ns"] = {watch.ns() / static_cast<double>(runs * kRun),
                                benchmark::Counter::kAvgThreads};
}

// Between operations of a run stands ClobberMemory(), which is no instruction, but keeps the
// compiler from carrying a table's address or size from one to the next: where numbers are looked
// up, that is done one at a time.

template <Table T>
void find_all(T& table, typename T::Thread& thread, std::span<const u32> numbers) {
    u64 sum = 0;
    for (const u32 number : numbers) {
        sum += table.find(thread, number);
        benchmark::ClobberMemory();
    }
    benchmark::DoNotOptimize(sum);
}

template <Table T>
void hit(benchmark::State& state, u32 live) {
    auto& filled = Filled<T>::of(live);
    Questions questions(filled.set.hits, static_cast<u32>(state.thread_index()));
    measure(state, filled, [&](auto& thread) { find_all(filled.table, thread, questions.next()); });
}

template <Table T>
void miss(benchmark::State& state, u32 live) {
    auto& filled = Filled<T>::of(live);
    Questions questions(filled.set.misses, static_cast<u32>(state.thread_index()));
    measure(state, filled, [&](auto& thread) { find_all(filled.table, thread, questions.next()); });
}

template <Table T>
void chain(benchmark::State& state, u32 live) {
    auto& filled = Filled<T>::of(live);
    u32 number = filled.set.live[0].number;
    measure(state, filled, [&](auto& thread) {
        const u32* const successor = filled.set.successor.data();
        for (u32 i = 0; i < kRun; ++i) {
            number = successor[filled.table.find(thread, number)];
            benchmark::ClobberMemory();
        }
        benchmark::DoNotOptimize(number);
    });
}

template <Table T>
void acquire_release(benchmark::State& state, u32 live) {
    auto& filled = Filled<T>::of(live);
    Questions questions(filled.set.hits, static_cast<u32>(state.thread_index()));
    measure(state, filled, [&](auto& thread) {
        for (const u32 number : questions.next()) {
            filled.table.release(thread, filled.table.acquire(thread, number));
            benchmark::ClobberMemory();
        }
    });
}

/// Ends the oldest process of this thread and makes another, so that as many live as before and
/// each lives for a while. Changes the set, so it comes after the rows that ask for its numbers.
template <Table T>
void allocate_free(benchmark::State& state, u32 live) {
    auto& filled = Filled<T>::of(live);
    const u32 threads = static_cast<u32>(state.threads());
    const u32 index = static_cast<u32>(state.thread_index());
    const std::span<Process> mine =
        std::span(filled.set.live).subspan(live / threads * index, live / threads);
    // A copy: two threads must not share a line of the harness.
    u32 oldest = filled.oldest[index] < mine.size() ? filled.oldest[index] : 0;
    measure(state, filled, [&](auto& thread) {
        for (u32 i = 0; i < kRun; ++i) {
            Process& process = mine[oldest];
            oldest = oldest + 1 == mine.size() ? 0 : oldest + 1;
            filled.table.free(thread, process.number, process.slot);
            process.number = filled.table.allocate(thread, process.slot);
            benchmark::ClobberMemory();
        }
    });
    filled.oldest[index] = oldest;
}

/// Hits on one processor while another makes and ends processes as fast as it can.
template <Table T>
void hit_beside_churn(benchmark::State& state, u32 live) {
    auto& filled = Filled<T>::of(live);
    std::atomic<bool> running{false};
    std::atomic<bool> stop{false};
    std::thread neighbour([&] {
        pin(1);
        typename T::Thread thread(filled.table, 1);
        const u32 slot = live + 1;  // a spare one
        while (!stop.load(std::memory_order_relaxed)) {
            thread.begin();
            for (u32 i = 0; i < kRun; ++i) {
                filled.table.free(thread, filled.table.allocate(thread, slot), slot);
            }
            thread.end();
            running.store(true, std::memory_order_relaxed);
        }
    });
    while (!running.load(std::memory_order_relaxed)) std::this_thread::yield();
    hit<T>(state, live);
    stop.store(true, std::memory_order_relaxed);
    neighbour.join();
}

}  // namespace bench
