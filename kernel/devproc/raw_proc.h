// RawProc: the record that /proc/n/proc reads as: what the kernel knows about a process.
#pragma once

#include "base/std.h"
#include "proc/limits.h"

namespace kernel::devproc {

/// Native byte order, no pointers, no padding. Readers check `magic` and `version`, and skip what
/// lies beyond the fields they know by `size`: later versions only add at the end.
struct RawProc {
    static constexpr u32 kMagic = 0x50524f43;  // "PROC"
    static constexpr u32 kVersion = 1;

    // Bits of `flags`.
    static constexpr u32 kKernelProcess = 1 << 0;
    static constexpr u32 kPrivate = 1 << 1;
    static constexpr u32 kNoSwap = 1 << 2;
    static constexpr u32 kHang = 1 << 3;
    static constexpr u32 kStopped = 1 << 4;
    static constexpr u32 kRenamed = 1 << 5;
    static constexpr u32 kHandling = 1 << 6;  // its note handler runs
    static constexpr u32 kHasHandler = 1 << 7;
    static constexpr u32 kInterruptPending = 1 << 8;
    static constexpr u32 kFixedPriority = 1 << 9;
    static constexpr u32 kOnHart = 1 << 10;  // a hart is on its stack

    u32 magic;
    u32 version;
    u32 size;  // of the record
    u32 slot;
    u64 serial;
    u32 pid;
    u32 parent;
    u32 birth_parent;
    u32 note_id;
    u32 proc_state;  // 0 Free, 1 New, 2 Live, 3 Exiting, 4 Broken, 5 Gone
    u32 task_state;  // 0 Dead, 1 Moribund, 2 New, 3 Ready, 4 Scheding, 5 Running, 6 Queueing, ...
    u32 control;     // 0 nothing, 1 to stop, 2 to end at the end of its call
    u32 flags;
    u32 mode;
    u32 notes;    // queued
    u32 records;  // of ended children, unread
    u32 base_priority;
    u32 priority;
    u32 hart;        // where it runs or ran last
    u64 harts;       // where it may run, bit n for hart n
    u64 started_ns;  // since boot
    u64 user_ns;
    u64 system_ns;
    u64 children_user_ns;
    u64 children_system_ns;
    u64 switches;
    std::array<char, proc::kNameMax> text;  // these four end in NULs
    std::array<char, proc::kNameMax> user;
    std::array<char, proc::kArgsMax> args;
    std::array<char, 32> wait_reason;
};
static_assert(sizeof(RawProc) == 4 * 4 + 8 + 14 * 4 + 7 * 8 + 2 * 28 + 128 + 32);
static_assert(std::is_trivially_copyable_v<RawProc>);

}  // namespace kernel::devproc
