// SharedPages: the pages of a segment that several address spaces show and write in place.
#pragma once

#include "base/atomic.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/units.h"
#include "mm/heap.h"
#include "sched/qlock.h"

namespace kernel::mm {

/// A store of pages by number. It keeps a reference to each of its pages, and gives one for each
/// table entry that is to lead there.
class SharedPages : public RefCounted<SharedPages> {
public:
    /// An empty store for `pages` pages. Errors: kNoMemory.
    static Result<Ref<SharedPages>> create(u64 pages);
    static void destroy(SharedPages& store);

    /// Pages; only grows.
    u64 size() const {
        // [shared.size] acquire: the array has room for them; pairs with release in grow().
        return size_.load(std::memory_order_acquire);
    }
    /// Makes it at least `pages` large. Errors: kNoMemory. Context: as take().
    Result<void> grow(u64 pages);

    /// Page `index` with a further reference, for the caller's table entry; if there is none yet,
    /// `make()` says which (with one reference, which the store takes). Errors: those of `make`.
    /// Context: task. Locks: the store's, under an address space's.
    template <class Make>
    Result<PhysAddr> take(u64 index, Make&& make) {
        const sched::QLockGuard guard(lock_);
        PhysAddr& page = pages()[index];
        if (page.value == 0) page = TRY(make());
        add_reference(page);
        return page;
    }
    /// Makes `page`, to which the caller keeps his reference, page `index`, where there is none.
    void put(u64 index, PhysAddr page);
    /// Page `index`; 0: there is none. A snapshot.
    PhysAddr at(u64 index);
    /// Fills pages [first, first + count) that there are with zeroes.
    void clear(u64 first, u64 count);

private:
    template <class T>
    friend class ObjectCache;
    SharedPages(Buffer memory, u64 count) : memory_(std::move(memory)), size_(count) {}

    static void add_reference(PhysAddr page);
    std::span<PhysAddr> pages() const {
        return {reinterpret_cast<PhysAddr*>(memory_.data()), memory_.size() / sizeof(PhysAddr)};
    }

    sched::QLock lock_{sync::LockRank::kSharedPages};
    Buffer memory_;     // the array, at least as long as there are pages; guarded by lock_
    Atomic<u64> size_;  // atomic: [shared.size] written under lock_
};

}  // namespace kernel::mm
