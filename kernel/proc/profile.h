// Profile: where in its text a program spends its time.
#pragma once

#include "base/atomic.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "mm/heap.h"
#include "proc/proc_ref.h"

namespace kernel::proc {

/// Milliseconds in user mode, for each 8 bytes of a text; those of the first 8 are the total instead, as in Plan 9. Of all
/// processes that have it: the one it was begun for, and those forked from that since.
class Profile : public RefCounted<Profile> {
public:
    /// Bytes of text that a counter is of.
    static constexpr u64 kGrain = 8;
    /// How often the hart looks where a profiled program is.
    static constexpr Nanos kTick = nanos_from_millis(1);

    /// The longest text.
    static constexpr u64 kTextMax = 16 * kMiB;

    /// All zeroes, from now on, of [text, text + size). Errors: kNoMemory.
    static Result<Ref<Profile>> create(VirtAddr text, u64 size);
    static void destroy(Profile& profile);

    /// Where the text begins.
    VirtAddr start() const { return text_; }
    /// Makes them zeroes again, from now on. Any context.
    void clear();
    Nanos began() const {
        // relaxed: a number of its own.
        return Nanos{began_.load(std::memory_order_relaxed)};
    }
    /// Adds time of a program that is at `pc`. Any context.
    void add(VirtAddr pc, u32 millis);

    /// The counters. Any context; a snapshot.
    usize count() const { return counts_.size(); }
    u32 at(usize index) const {
        // relaxed: a number of its own.
        return counts_[index].load(std::memory_order_relaxed);
    }

private:
    template <class T>
    friend class mm::Box;
    Profile(mm::Buffer memory, VirtAddr text);

    const VirtAddr text_;
    mm::Buffer memory_;
    Atomic<u64> began_{0};           // atomic: a time of machine::now()
    std::span<Atomic<u32>> counts_;  // in memory_; atomic: each a number of its own
};

// What others ask for. Context: task, no lock held.

/// Begins the profile of a program, or makes the one it has zeroes. Errors: kProcessExited; kGeneric without a text;
/// kNoMemory.
Result<void> start_profile(ProcRef target);
/// Errors: kProcessExited; kPermission if it is private; kProfileOff.
Result<Ref<Profile>> profile_of(ProcRef target);

}  // namespace kernel::proc
