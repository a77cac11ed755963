// PidOptions: what the Pid hash is made from, and how big to make it.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "pid/pid_word.h"

namespace kernel::pid {

/// Harts there is room for.
inline constexpr u32 kMaxHarts = 64;
/// Numbers below this one are given once, in order.
inline constexpr u32 kLowNumbers = 100;
/// A hart takes numbers from windows of 2^kMinWindowBits cells (a page) at the least, if there are
/// as many, and of 2^kMaxWindowBits at most.
inline constexpr u32 kMinWindowBits = 9;
inline constexpr u32 kMaxWindowBits = 11;

/// How many cells, and the memory for them.
struct PidSize {
    u32 cell_bits = 9;  // K: 2^K cells

    constexpr u32 cells() const { return u32{1} << cell_bits; }
    /// How many processes it serves: each may need three numbers, and a quarter should stay free.
    constexpr u32 processes() const { return cells() / 4; }
    constexpr usize cell_bytes() const { return usize{cells()} * sizeof(u64); }
    /// A bit for each window, of the smallest size (at least a word).
    constexpr usize hint_bytes() const {
        return std::max<usize>((usize{cells()} >> kMinWindowBits) / 8, sizeof(u64));
    }

    /// The size for a machine: a process needs 16 KiB at the least, and four numbers are counted on
    /// for each (its own, its parent's, its note group's, one to spare); rounded up, or down where
    /// that would take more than 0.3 % of memory. At most 2^22 cells: more would leave fewer
    /// generations than 64 harts need for the reuse delay.
    static constexpr PidSize for_memory(u64 bytes) {
        const u64 processes = bytes / (16 * kKiB);
        u32 bits = static_cast<u32>(std::bit_width(std::max<u64>(4 * processes, 1) - 1));
        if (bits > 9 && (u64{1} << bits) > 6 * processes) --bits;
        return {std::clamp<u32>(bits, 9, 22)};
    }
};

/// What BasicPidCells is made from. The memory is the hash's for ever; its contents do not matter:
/// it is initialised window by window when numbers first come from there, so a big table costs a
/// big machine nothing at boot.
struct PidOptions {
    PidSize size{};
    Bytes cells;  // size.cell_bytes(), aligned to 64
    Bytes hints;  // size.hint_bytes(), aligned to 8
    u32 harts = 1;
    u64 seed = 0;                   // of random numbers, see BasicPidCells::set_random()
    u32 number_bits = kNumberBits;  // at least 3 more than cell_bits; fewer than 31 in tests
    Nanos reuse_delay = nanos_from_seconds(10);

    /// A window has 2^window_bits() cells. Hardware that reads ahead reads across a window's end,
    /// and takes from another hart the cells that it is just changing; so the windows of several
    /// harts are as large as leaves kWindowsForEach to each. One hart has no neighbours, and
    /// searches small windows quicker.
    constexpr u32 window_bits() const {
        u32 bits = std::min(kMinWindowBits, size.cell_bits);
        while (harts > 1 && bits < kMaxWindowBits &&
               (size.cells() >> (bits + 1)) >= kWindowsForEach * harts) {
            ++bits;
        }
        return bits;
    }
    static constexpr u32 kWindowsForEach = 8;

    /// Whether numbers of that many bits leave each cell generations enough: eight, and for a delay
    /// eight for each hart; see "Reuse" in pid_cells.h.
    constexpr bool bits_suffice() const {
        if (number_bits > kNumberBits || number_bits < size.cell_bits + 3) return false;
        const u64 generations = u64{1} << (number_bits - size.cell_bits);
        return reuse_delay.value == 0 || harts <= generations / 8;
    }
};

}  // namespace kernel::pid
