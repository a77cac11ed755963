// The Pid hash in the harness: the shipped header, on the kernel's atomics.
#pragma once

#include <bit>
#include <chrono>

#include "pid/pid_cells.h"
#include "tests/bench/pid/table.h"

namespace bench {

class PidHash {
public:
    static constexpr std::string_view kName = "pid";
    static constexpr bool kKnowsMisses = true;

    class Thread : public PlainThread {
    public:
        Thread(PidHash& table, u32 which) : PlainThread(table, which) { begin(); }
        /// The clock is read once for a run: what reading it costs is the clock's, not the hash's.
        void begin() {
            const auto since = std::chrono::steady_clock::now().time_since_epoch();
            now.value = static_cast<u64>(
                std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
        }
        kernel::Nanos now;
    };
    using Held = u32;  // the number

    /// Four numbers for each process, as PidSize::for_memory() has it.
    static kernel::pid::PidSize size_for(u32 live) {
        return {std::max<u32>(9, static_cast<u32>(std::bit_width(4 * live - 1)))};
    }

    explicit PidHash(u32 live)
        : cell_memory_(size_for(live).cells()),
          hint_memory_(size_for(live).hint_bytes() / sizeof(u64)),
          cells_(options(live)) {}

    u32 allocate(Thread& thread, u32 slot) {
        // intended: ends when the reuse delay is over, which is as the kernel waits for it
        for (;;) {
            const auto number = cells_.allocate(thread.index, slot, 1, thread.now);
            if (number.ok()) [[likely]]
                return number.value();
            if (number.error() != kernel::Error::kPidTooSoon) return 0;
            thread.begin();
        }
    }
    void free(Thread&, u32 number, u32 slot) { cells_.exit(number, slot, 1); }
    u32 find(Thread&, u32 number) {
        return cells_.lookup(number).value_or(kernel::pid::SlotHint{kNobody}).slot;
    }
    Held acquire(Thread&, u32 number) { return cells_.acquire(number) ? number : 0; }
    void release(Thread&, Held held) { cells_.release(held, 1); }

private:
    kernel::pid::PidOptions options(u32 live) const {
        kernel::pid::PidOptions options;
        options.size = size_for(live);
        options.cells = {cell_memory_.bytes(), options.size.cell_bytes()};
        options.hints = {hint_memory_.bytes(), options.size.hint_bytes()};
        options.harts = kThreads;
        return options;
    }

    HugeArray<u64> cell_memory_;
    HugeArray<u64> hint_memory_;
    kernel::pid::PidCells cells_;
};

}  // namespace bench
