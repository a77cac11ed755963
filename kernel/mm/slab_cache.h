// SlabCache: a store of equal-sized objects, cut from runs of pages, with a magazine per hart.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/list.h"
#include "base/result.h"
#include "base/std.h"
#include "machine/hart.h"
#include "mm/page_source.h"
#include "mm/slab_geometry.h"
#include "sync/spin_lock.h"

namespace kernel::mm {

class SlabCache;

/// Objects one hart keeps at hand. Its hart's, with interrupts off; others read `count`.
struct Magazine {
    Atomic<u32> count{0};  // atomic: statistics of others; only its hart writes
    std::array<void*, kMaxRounds> objects{};
};

/// Where a cache finds the magazine of each hart. Apart from the cache: all of it is zero at first,
/// so that it takes no room in the image.
struct MagazinePlaces {
    const SlabCache* owner = nullptr;                        // guarded by the registry's lock
    std::array<Atomic<Magazine*>, machine::kMaxHarts> of{};  // atomic: [slab.magazine]
};

/// What a cache is made from.
struct SlabOptions {
    const char* name;              // static storage
    usize size;                    // of an object, at most kMaxObjectSize
    usize alignment = 16;          // a power of two, at most a page
    PageSource* source = nullptr;  // null: the kernel's page frames
    /// Not null: a type-stable cache. Called once for each object when its slab is made; objects
    /// are never given back as pages, and their memory is never written by the cache again.
    void (*construct_once)(void* object) = nullptr;
    MagazinePlaces* places = nullptr;     // the cache's own; null: every call takes its lock
    SlabCache* magazine_store = nullptr;  // where magazines come from; null: the kernel's
};

/// What a cache holds. `in_use` excludes what lies in magazines and in slabs.
struct SlabStats {
    const char* name = nullptr;
    usize object_size = 0;
    u64 in_use = 0;
    u64 free = 0;  // objects that need no new pages
    u64 pages = 0;
};

/// The header of a slab, at the start of its pages. Guarded by its cache's lock.
struct Slab {
    explicit Slab(SlabCache& owner) : cache(&owner) {}

    SlabCache* const cache;
    ListHook<Slab> hook{};  // on partial_ or empty_; full slabs are on no list
    u32 free_count = 0;
    std::array<u64, kMaxSlabObjects / 64> free{};  // bit set: the object is free in the slab
};

/// An object is in exactly one of three places: a free bit in its slab, a magazine, or its user.
/// Magazines belong to their hart, with interrupts off; everything else is under the cache's lock.
/// In debug builds each object is followed by a red zone, checked when it is freed, and free
/// objects (but not type-stable ones) are poisoned, checked when they are allocated. Has no
/// destructor, so that it may be a global: a cache that ends calls shut_down().
class SlabCache : Pinned {
public:
    constexpr explicit SlabCache(const SlabOptions& options)
        : options_(options), geometry_(SlabGeometry::of(options.size, options.alignment)) {}

    /// Memory for one object; contents unspecified, except that a type-stable object is as it was
    /// last freed.
    /// Context: any. Locks: slab; then, slab released, those of the page source.
    /// Returns: kNoMemory.
    /// Cost: O(1); usually no lock.
    Result<void*> allocate();
    /// Takes back what allocate() of this cache gave. Stops the machine on a foreign pointer, on a
    /// second free that it notices (always, in debug builds) and on a damaged red zone.
    /// Context: any. Locks: slab, page cache, pages. Cost: O(1); usually no lock.
    void free(void* object);

    /// Gives empty slabs, and those that only the running hart's magazine pins, back to the page
    /// source; returns how many pages that were. Nothing if type-stable.
    /// Context: any. Locks: slab, page cache, pages.
    usize shrink();
    /// Gives everything back. All objects have been freed (asserted); nobody uses the cache.
    void shut_down();

    /// Context: any. Locks: slab.
    SlabStats stats();
    const SlabGeometry& geometry() const { return geometry_; }

private:
    friend class SlabRegistry;
    using SlabList = List<Slab, &Slab::hook>;

    bool type_stable() const { return options_.construct_once != nullptr; }
    PageSource& source() const;
    std::span<Atomic<Magazine*>> magazine_places() const {
        if (options_.places == nullptr) return {};
        return options_.places->of;
    }
    SlabCache& magazine_store() const;

    /// This hart's magazine, made on first use; null without memory for it. Interrupts off.
    Magazine* my_magazine();
    [[gnu::cold, gnu::noinline]] Magazine* make_magazine(Atomic<Magazine*>& place);
    /// Fills half of `magazine` from the slabs, and gives one object more; null if they have none.
    void* refill(Magazine& magazine);
    /// Empties `magazine` down to `keep`; returns the pages that gave back.
    usize flush(Magazine& magazine, u32 keep);

    /// A free object of a slab; null if there is none.
    void* take_locked() REQUIRES(lock_);
    /// Puts `object` back into its slab; a slab that is to be released goes on `released`.
    void put_locked(void* object, SlabList& released) REQUIRES(lock_);
    /// Makes a new slab and gives one of its objects.
    Result<void*> grow();
    /// Gives slabs that are on no list of the cache back to the page source; returns the pages.
    usize release(SlabList& slabs);

    Slab& slab_of(void* object) const;
    void* object_at(Slab& slab, u32 index) const;
    // Debug builds only; nothing in others.
    void note_allocated(void* object) const;
    void note_free(void* object) const;
    void fill_zone(void* object) const;

    /// Drops everything as it is: the memory has gone (a new boot in the same address space).
    void forget();

    const SlabOptions options_;
    const SlabGeometry geometry_;
    Atomic<u32> registered_{0};  // atomic: written under the registry's lock
    SlabCache* next_ = nullptr;  // guarded by the registry's lock
    sync::SpinLock<sync::LockRank::kSlab> lock_;
    SlabList partial_ GUARDED_BY(lock_);  // slabs with free objects and taken ones
    SlabList empty_ GUARDED_BY(lock_);    // slabs with free objects only
    u32 empty_count_ GUARDED_BY(lock_) = 0;
    u64 slabs_ GUARDED_BY(lock_) = 0;
    u64 taken_ GUARDED_BY(lock_) = 0;  // objects outside slabs: with users and in magazines
};

static_assert(sizeof(Slab) <= kSlabHeaderBytes);
static_assert(std::is_trivially_destructible_v<SlabCache>);

/// What the `index`-th cache that ever held an object holds; nothing past the last. The order of
/// caches is that of their first use. Context: any. Locks: slab list, slab. Cost: O(index + harts).
std::optional<SlabStats> slab_stats(usize index);

/// SlabCache::shrink() of every cache; returns the pages given back.
usize shrink_all_caches();

}  // namespace kernel::mm
