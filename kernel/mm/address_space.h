// AddressSpace: the memory of a program: its segments, and the tables that say what is there yet.
#pragma once

#include "base/annotations.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "machine/user_space.h"
#include "mm/physical_segments.h"
#include "mm/segment.h"
#include "mm/watch_set.h"
#include "sched/qlock.h"

namespace kernel::mm {

/// What one or more processes see of user memory. A segment says what may be there, the tables what
/// is; a page comes when it is first touched. Nothing here looks at processes.
///
/// Invariants: segments are sorted and do not overlap, though shared ones may be made larger by
/// others at any time: they end where the next begins. A page is mapped only inside of one. A page
/// that is mapped writable is counted and of no other space, or of a segment whose pages are common
/// to all who have it. Pages of devices are never counted; a page of zeroes and pages of images are
/// never counted and never writable.
class AddressSpace : public RefCounted<AddressSpace> {
public:
    /// Segments one may have (Plan 9: NSEG).
    static constexpr usize kSegmentsMax = 12;

    /// Without segments. Errors: kNoMemory. Context: task, no lock held.
    static Result<Ref<AddressSpace>> create();
    /// Context: task, no lock held; takes as long as there is to unmap, with preemption points. No
    /// hart runs in it.
    static void destroy(AddressSpace& space);

    /// Adds a segment, which may be empty. Errors: kBadArg if it is not of whole pages, outside
    /// user memory or over another; kNoVirtualMemory if there are kSegmentsMax.
    Result<void> add(Segment segment);

    /// What a fault came to.
    enum class Faulted : u8 {
        kServed,   // the access succeeds now
        kWatched,  // it succeeds for the kernel, but its program does not reach a watched page
    };
    /// Makes the page at `at` so that `attempt` succeeds. Errors: kBadArg if no segment allows it;
    /// kNoMemory. Context: task, no lock held. Cost: a page zeroed or copied, and at most two
    /// tables copied.
    Result<Faulted> fault(VirtAddr at, machine::UserAttempt attempt);

    /// Whether anything here is watched. Any context; a snapshot. Cost: one load.
    bool is_watched() const {
        // relaxed: who makes a set has the harts forget translations, and so is seen in time.
        return watch_sets_count_.load(std::memory_order_relaxed) != 0;
    }
    /// The aligned word of `size` bytes (1, 2, 4 or 8) at `at`, as an instruction of the program
    /// loads it, also from a watched page. Errors: as fault(), and kBadArg for a device. Context:
    /// as fault().
    Result<u64> load(VirtAddr at, usize size);
    /// Stores one likewise.
    Result<void> store(VirtAddr at, usize size, u64 value);
    /// Replaces one of 4 or 8 bytes by `desired` if it is `expected`; returns what was there. Both
    /// are cut to the word.
    Result<u64> exchange(VirtAddr at, usize size, u64 expected, u64 desired);

    /// What names the byte at `at` for all who see the same one: the store of its shared segment,
    /// or this space, and where it is there. Of a device's registers, for this space only.
    struct Place {
        const void* of;
        u64 at;
    };
    Place place_of(VirtAddr at) const;

    /// Whether segments allow `attempt` on all of [at, at + size). Context: as fault().
    bool allows(VirtAddr at, u64 size, machine::UserAttempt attempt) const;

    /// Writes as the program would, whether or not a hart runs in the space. After an error part
    /// may have been written. Errors: kBadArg, kNoMemory. Context: as fault().
    Result<void> put(VirtAddr at, ConstBytes from);
    /// Reads likewise.
    Result<void> get(Bytes to, VirtAddr at);

    /// Reads for a debugger, from one segment: returns how much of `to` lies in the one that holds
    /// `at`. Maps nothing, and takes no memory. Errors: kBadArg if none does; kIo for a device,
    /// whose registers are not to be read by chance. Context: as fault().
    Result<usize> peek(Bytes to, VirtAddr at);
    /// Writes for a debugger, in one segment, also what its program may only read or execute: such
    /// a page becomes this space's own, so that no other program of the same file meets the change,
    /// but forks do. Errors: kBadArg if not all of it lies in one segment, or others see the page
    /// and it is not the program's to write; kIo for a device; kNoMemory. After an error part may
    /// have been written.
    Result<void> poke(VirtAddr at, ConstBytes from);

    /// What a fork does with data and bss.
    enum class Data : u8 {
        kCopied,  // the child sees what is there now; what either writes later, only it sees
        kShared,  // they are the same in both; the stack is copied all the same
    };
    /// Another space that sees what this one sees now. Errors: kNoMemory. Cost: the same whatever
    /// is mapped, but for data that is shared for the first time, or was and is copied now: a visit
    /// or a copy of each of its pages.
    Result<Ref<AddressSpace>> fork(Data data);

    /// Moves the end of the bss to `end`, rounded up, or to its start if that is in the data
    /// below. Errors: kBadArg if it is below the start otherwise;
    /// kSegmentsOverlap if another is in the way; kInUse if it is shared and would have to shrink;
    /// kNoMemory.
    Result<void> resize_bss(VirtAddr end);
    /// The same for the attached segment that holds `at`, or the bss. Errors also: kBadArg for any
    /// other.
    Result<void> resize(VirtAddr at, VirtAddr end);

    /// What becomes of an attached segment when its program executes another.
    enum class OnExec : u8 { kKept, kClosed };
    /// Adds `size` bytes of zeroes, rounded up, at `at`, or, if that is 0, where there is room
    /// above kAttachBase. Returns where. Errors: kBadArg; kSegmentsOverlap; kNoVirtualMemory;
    /// kNoMemory.
    Result<VirtAddr> attach(SegmentKind kind, VirtAddr at, u64 size, machine::UserAccess access,
                            OnExec on_exec);
    static constexpr VirtAddr kAttachBase{u64{1} << 32};
    /// The same with `size` bytes, rounded up, of `device`, which are no more than it has, and as
    /// it may be used at most. put() and get() refuse it.
    Result<VirtAddr> attach_device(const PhysicalSegment& device, VirtAddr at, u64 size,
                                   machine::UserAccess access, OnExec on_exec);
    /// Gives this space, which is empty and known to nobody else, those segments of `before` that
    /// exec keeps, as a fork would. Errors: kNoMemory; then this one is of no use. Context: as
    /// fault(). Cost: the same whatever is mapped.
    Result<void> keep_attached(AddressSpace& before);
    /// Removes the attached segment that holds `at`. Errors: kBadArg; kNoMemory, and then all of
    /// it is still there.
    Result<void> detach(VirtAddr at);
    /// Forgets what is written in the whole pages of [at, at + size), which are zeroes again.
    /// Errors: kBadArg if that is not in one bss or attached segment; kNoMemory, as detach().
    Result<void> forget(VirtAddr at, u64 size);

    /// The first page of [start, end), whole pages, where anything is mapped; `end` if none is.
    /// Errors: kInterrupted. Context: as fault(). Cost: a walk a page, with preemption points.
    Result<VirtAddr> first_touched(VirtAddr start, VirtAddr end);

    /// Copies the segments as they are now into `out`; returns how many.
    usize segments(std::span<Segment, kSegmentsMax> out) const;

    usize segment_count() const {
        const sched::QLockGuard guard(lock_);
        return count_;
    }

    /// Pages that are mapped here and are not of an image nor the page of zeroes, those included
    /// that others see too; where a part of a segment was unmapped, at most so many. Any context.
    /// Cost: one load.
    u64 resident() const {
        // relaxed: a snapshot; nothing orders on it.
        return resident_.load(std::memory_order_relaxed);
    }
    /// Whether this is `other`, or has data in common with it (Data::kShared). Any context.
    bool has_data_of(const AddressSpace& other) const {
        // relaxed (both): compared only.
        const void* const mine = bss_.load(std::memory_order_relaxed);
        return this == &other ||
               (mine != nullptr && mine == other.bss_.load(std::memory_order_relaxed));
    }

    /// For who runs in it.
    machine::UserSpace& tables() { return tables_; }

private:
    template <class T>
    friend class ObjectCache;
    friend class WatchSet;
    AddressSpace() = default;

    /// Watches what `set` says, until unwatch(). Errors: kNoMemory.
    Result<void> watch(WatchSet& set);
    void unwatch(WatchSet& set);
    Result<void> hide(const Watch& watch) REQUIRES(lock_);
    bool is_watched_page(const Segment& segment, VirtAddr page) const REQUIRES(lock_);
    Result<void> map(const Segment& segment, VirtAddr page, PhysAddr there,
                     machine::UserAccess access, bool counted) REQUIRES(lock_);
    template <class F>
    Result<u64> with_word(VirtAddr at, usize size, machine::UserAttempt attempt, F&& f);

    const Segment* find(VirtAddr at) const REQUIRES(lock_);
    Segment* find(VirtAddr at) REQUIRES(lock_);
    Segment* find_attached(VirtAddr at) REQUIRES(lock_);
    Result<VirtAddr> attach(Segment segment, u64 size);
    void limit_shared() REQUIRES(lock_);
    Result<void> insert(Segment segment) REQUIRES(lock_);
    Result<void> move_end(Segment& segment, VirtAddr end) REQUIRES(lock_);
    Result<void> share_data() REQUIRES(lock_);
    Result<void> take_back_data() REQUIRES(lock_);
    Result<void> share(Segment& segment) REQUIRES(lock_);
    Result<void> own(Segment& segment) REQUIRES(lock_);
    Result<void> supply_shared(Segment& segment, VirtAddr page) REQUIRES(lock_);
    /// Runs f(bytes) for the part of each page of [at, at + size), made such that `attempt`
    /// succeeds.
    template <class F>
    Result<void> for_each_page(VirtAddr at, u64 size, machine::UserAttempt attempt, F&& f);
    Result<void> serve(Segment& segment, VirtAddr page, machine::UserAttempt attempt)
        REQUIRES(lock_);
    Result<void> supply(Segment& segment, VirtAddr page, machine::UserAttempt attempt)
        REQUIRES(lock_);
    Result<Bytes> serve_bytes(Segment& segment, VirtAddr page, machine::UserAttempt attempt)
        REQUIRES(lock_);
    void show(const Segment& segment, VirtAddr page, usize within, Bytes to) REQUIRES(lock_);
    Result<void> replace(Segment& segment, VirtAddr at, ConstBytes from) REQUIRES(lock_);
    void set_resident(Segment& segment, u64 pages) REQUIRES(lock_);

    mutable sched::QLock lock_{sync::LockRank::kAddressSpace};
    std::array<Segment, kSegmentsMax> segments_ GUARDED_BY(lock_){};
    usize count_ GUARDED_BY(lock_) = 0;
    mutable usize found_ GUARDED_BY(lock_) = 0;  // the segment that find() gave last
    Atomic<u64> resident_{0};           // atomic: the sum of the segments'; written under lock_
    Atomic<const void*> bss_{nullptr};  // atomic: the store of a shared bss; written under lock_
    List<WatchSet, &WatchSet::hook_> watch_sets_ GUARDED_BY(lock_);
    Atomic<u32> watch_sets_count_{0};  // atomic: written under lock_
    machine::UserSpace tables_;        // guarded by lock_, but for the harts that run in it
};

}  // namespace kernel::mm
