// ObjectCache<T> and StableCache<T>: typed faces of SlabCache.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "mm/slab_cache.h"

namespace kernel::mm {

/// Objects of one type that come and go. A `constinit` global, the only one for T. The destructor
/// of T runs at destroy(); the cache itself needs no destruction.
template <class T>
class ObjectCache : Pinned {
public:
    /// `name` has static storage.
    constexpr explicit ObjectCache(const char* name, PageSource* source = nullptr)
        : cache_({.name = name,
                  .size = sizeof(T),
                  .alignment = alignof(T),
                  .source = source,
                  .places = &places_}) {}

    /// A new T, made from `arguments`. The owner destroys it.
    /// Context: any. Locks: slab, page cache, pages.
    /// Returns: kNoMemory.
    template <class... Args>
    Result<T*> create(Args&&... arguments) {
        void* memory = TRY(cache_.allocate());
        return ::new (memory) T(std::forward<Args>(arguments)...);
    }
    /// Ends what create() began. Context: any that T's destructor allows.
    void destroy(T& object) {
        object.~T();
        cache_.free(&object);
    }

    SlabCache& untyped() { return cache_; }

private:
    static constinit inline MagazinePlaces places_{};
    SlabCache cache_;
};

/// Objects whose memory stays objects of type T for ever: made once by T(), then taken and put back
/// in the state that T's users agree on. The only one for T. So a stale pointer is always safe to
/// lock and look at.
template <class T>
class StableCache : Pinned {
public:
    /// `name` has static storage.
    constexpr explicit StableCache(const char* name, PageSource* source = nullptr)
        : cache_({.name = name,
                  .size = sizeof(T),
                  .alignment = alignof(T),
                  .source = source,
                  .construct_once = [](void* memory) { ::new (memory) T(); },
                  .places = &places_}) {}

    /// An object nobody uses, as it was put back (or as T() made it).
    /// Context: any. Locks: slab, page cache, pages.
    /// Returns: kNoMemory.
    Result<T*> take() { return static_cast<T*>(TRY(cache_.allocate())); }
    void put_back(T& object) { cache_.free(&object); }

    SlabCache& untyped() { return cache_; }

private:
    static constinit inline MagazinePlaces places_{};
    SlabCache cache_;
};

}  // namespace kernel::mm
