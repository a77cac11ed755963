// SlabCache: magazines in front, slabs behind.
#include "mm/slab_cache.h"

#include "base/assert.h"
#include "base/lowest_bit.h"
#include "machine/interrupts.h"
#include "mm/failure.h"
#include "mm/poison.h"
#include "mm/slab_registry.h"

namespace kernel::mm {
namespace {

/// A cache keeps so many empty slabs; more go back to the page source.
constexpr u32 kEmptyMax = 1;

/// Where magazines come from; it has none itself.
constinit SlabCache magazines(SlabOptions{
    .name = "magazine", .size = sizeof(Magazine), .alignment = 8});

// relaxed (all): a magazine is its hart's; others read the count for statistics only.
u32 count_of(const Magazine& magazine) { return magazine.count.load(std::memory_order_relaxed); }
void set_count(Magazine& magazine, u32 count) {
    magazine.count.store(count, std::memory_order_relaxed);
}

void* pop(Magazine& magazine) {
    const u32 count = count_of(magazine);
    if (count == 0) return nullptr;
    set_count(magazine, count - 1);
    return magazine.objects[count - 1];
}
void push(Magazine& magazine, void* object) {
    const u32 count = count_of(magazine);
    magazine.objects[count] = object;
    set_count(magazine, count + 1);
}

}  // namespace

PageSource& SlabCache::source() const {
    return options_.source == nullptr ? frame_source() : *options_.source;
}

SlabCache& SlabCache::magazine_store() const {
    return options_.magazine_store == nullptr ? magazines : *options_.magazine_store;
}

// --- What users call. ---

Result<void*> SlabCache::allocate() {
    if (detail::injected_failure(geometry_.size)) return Error::kNoMemory;
    void* object = nullptr;
    {
        const machine::InterruptsOff off;
        if (Magazine* magazine = my_magazine(); magazine != nullptr) {
            object = pop(*magazine);
            if (object == nullptr) object = refill(*magazine);
        } else {
            sync::IrqsOffGuard guard(lock_);
            object = take_locked();
        }
    }
    if (object == nullptr) object = TRY(grow());
    note_allocated(object);
    return object;
}

void SlabCache::free(void* object) {
    if (slab_of(object).cache != this) PANIC("mm: {} freed into the wrong cache", options_.name);
    note_free(object);
    {
        const machine::InterruptsOff off;
        if (Magazine* magazine = my_magazine(); magazine != nullptr) {
            if (count_of(*magazine) == geometry_.rounds) flush(*magazine, geometry_.rounds / 2);
            push(*magazine, object);
            return;
        }
    }
    SlabList released;
    {
        sync::IrqSaveGuard guard(lock_);
        put_locked(object, released);
    }
    release(released);
}

usize SlabCache::shrink() {
    if (type_stable()) return 0;
    usize pages = 0;
    SlabList released;
    {
        const machine::InterruptsOff off;
        if (options_.places != nullptr) {
            // relaxed: this hart's own pointer.
            Magazine* const magazine =
                options_.places->of[machine::hart_index()].load(std::memory_order_relaxed);
            if (magazine != nullptr) pages += flush(*magazine, 0);
        }
        sync::IrqsOffGuard guard(lock_);
        while (Slab* slab = empty_.pop_front()) {
            --empty_count_;
            --slabs_;
            released.push_back(*slab);
        }
    }
    return pages + release(released);
}

void SlabCache::shut_down() {
    SlabList released;
    for (Atomic<Magazine*>& place : magazine_places()) {
        // relaxed: nobody uses the cache any more.
        Magazine* magazine = place.exchange(nullptr, std::memory_order_relaxed);
        if (magazine == nullptr) continue;
        flush(*magazine, 0);
        magazine->~Magazine();
        magazine_store().free(magazine);
    }
    {
        sync::IrqSaveGuard guard(lock_);
        if (taken_ != 0) PANIC("mm: {} shut down with {} objects in use", options_.name, taken_);
        while (Slab* slab = empty_.pop_front()) released.push_back(*slab);
        empty_count_ = 0;
        slabs_ = 0;
    }
    release(released);
    slab_registry.remove(*this);
}

SlabStats SlabCache::stats() {
    SlabStats stats;
    stats.name = options_.name;
    stats.object_size = geometry_.size;
    u64 taken = 0;
    u64 slabs = 0;
    {
        sync::IrqSaveGuard guard(lock_);
        taken = taken_;
        slabs = slabs_;
    }
    u64 at_hand = 0;
    for (const Atomic<Magazine*>& place : magazine_places()) {
        // [slab.magazine] acquire: the magazine is made; pairs with release in my_magazine().
        const Magazine* magazine = place.load(std::memory_order_acquire);
        if (magazine != nullptr) at_hand += count_of(*magazine);
    }
    stats.in_use = taken - std::min(taken, at_hand);
    stats.free = slabs * geometry_.count - stats.in_use;
    stats.pages = slabs << geometry_.order;
    return stats;
}

// --- Magazines. ---

Magazine* SlabCache::my_magazine() {
    if (options_.places == nullptr) return nullptr;
    Atomic<Magazine*>& place = options_.places->of[machine::hart_index()];
    // relaxed: only this hart stores here.
    Magazine* const magazine = place.load(std::memory_order_relaxed);
    return magazine != nullptr ? magazine : make_magazine(place);
}

Magazine* SlabCache::make_magazine(Atomic<Magazine*>& place) {
    Result<void*> memory = magazine_store().allocate();
    if (!memory.ok()) return nullptr;
    Magazine* const magazine = ::new (memory.value()) Magazine;
    // [slab.magazine] release: made before others see it; pairs with acquire in stats().
    place.store(magazine, std::memory_order_release);
    return magazine;
}

void* SlabCache::refill(Magazine& magazine) {
    sync::IrqsOffGuard guard(lock_);
    void* object = take_locked();
    if (object == nullptr) return nullptr;
    for (u32 i = 0; i < geometry_.rounds / 2; ++i) {
        void* more = take_locked();
        if (more == nullptr) break;
        push(magazine, more);
    }
    return object;
}

usize SlabCache::flush(Magazine& magazine, u32 keep) {
    SlabList released;
    {
        sync::IrqSaveGuard guard(lock_);
        while (count_of(magazine) > keep) put_locked(pop(magazine), released);
    }
    return release(released);
}

// --- Slabs. ---

void* SlabCache::take_locked() {
    Slab* slab = partial_.front();
    if (slab == nullptr) {
        slab = empty_.pop_front();
        if (slab == nullptr) return nullptr;
        --empty_count_;
        partial_.push_front(*slab);
    }
    for (u32 word = 0;; ++word) {  // ends: a slab on partial_ has a free object
        u64& bits = slab->free[word];
        if (bits == 0) continue;
        const u32 index = word * 64 + lowest_bit(bits);
        bits &= bits - 1;
        if (--slab->free_count == 0) partial_.remove(*slab);
        ++taken_;
        return object_at(*slab, index);
    }
}

void SlabCache::put_locked(void* object, SlabList& released) {
    Slab& slab = slab_of(object);
    const usize offset = VirtAddr::of(object) - VirtAddr::of(&slab);
    const u32 index = geometry_.index_of(offset);
    u64& bits = slab.free[index / 64];
    const u64 bit = u64{1} << (index % 64);
    if ((bits & bit) != 0) PANIC("mm: {} freed twice", options_.name);
    bits |= bit;
    --taken_;
    ++slab.free_count;
    if (slab.free_count == geometry_.count) {
        if (slab.free_count > 1) partial_.remove(slab);
        if (empty_count_ >= kEmptyMax && !type_stable()) {
            --slabs_;
            released.push_back(slab);
        } else {
            ++empty_count_;
            empty_.push_back(slab);
        }
    } else if (slab.free_count == 1) {
        partial_.push_front(slab);
    }
}

Result<void*> SlabCache::grow() {
    const Bytes run = TRY(source().take(geometry_.order));
    ASSERT(is_aligned(VirtAddr::of(run.data()).value, geometry_.slab_bytes()));
    // relaxed: saves taking the registry's lock each time; add() looks again.
    if (registered_.load(std::memory_order_relaxed) == 0) slab_registry.add(*this);
    Slab& slab = *::new (static_cast<void*>(run.data())) Slab(*this);
    for (u32 index = 0; index < geometry_.count; ++index) {
        void* object = object_at(slab, index);
        slab.free[index / 64] |= u64{1} << (index % 64);
        if (type_stable()) options_.construct_once(object);
        fill_zone(object);
    }
    slab.free_count = geometry_.count;
    sync::IrqSaveGuard guard(lock_);
    ++slabs_;
    ++empty_count_;
    empty_.push_back(slab);
    return take_locked();
}

usize SlabCache::release(SlabList& slabs) {
    usize pages = 0;
    while (Slab* slab = slabs.pop_front()) {
        slab->~Slab();
        source().give_back({reinterpret_cast<std::byte*>(slab), geometry_.slab_bytes()});
        pages += usize{1} << geometry_.order;
    }
    return pages;
}

Slab& SlabCache::slab_of(void* object) const {
    const VirtAddr at = VirtAddr::of(object);
    const VirtAddr start{align_down(at.value, geometry_.slab_bytes())};
    const usize offset = at - start;
    const u32 index = geometry_.index_of(offset);
    ASSERT(offset >= geometry_.first && index < geometry_.count);
    ASSERT(offset == geometry_.first + index * geometry_.stride);
    return *start.as<Slab>();
}

void* SlabCache::object_at(Slab& slab, u32 index) const {
    return reinterpret_cast<std::byte*>(&slab) + geometry_.first + index * geometry_.stride;
}

void SlabCache::forget() {
    const SlabOptions options = options_;
    if (options.places != nullptr) {
        options.places->~MagazinePlaces();
        ::new (options.places) MagazinePlaces;
    }
    this->~SlabCache();
    ::new (this) SlabCache(options);
}

// --- Self-checks of debug builds. ---
//
// | object | zone: bytes of kZone ... | state word |
// A free object that is not type-stable is filled with poison.

namespace {

constexpr std::byte kZone{0xb5};
constexpr u64 kStateFree = 0x6672'6565'6f62'6a21;
constexpr u64 kStateUsed = 0x7573'6564'6f62'6a21;

Bytes zone_of(void* object, const SlabGeometry& geometry) {
    return {static_cast<std::byte*>(object) + geometry.size,
            geometry.stride - geometry.size - sizeof(u64)};
}
u64& state_of(void* object, const SlabGeometry& geometry) {
    return *reinterpret_cast<u64*>(static_cast<std::byte*>(object) + geometry.stride - sizeof(u64));
}

}  // namespace

void SlabCache::fill_zone(void* object) const {
    if constexpr (!kDebug) return;
    const Bytes zone = zone_of(object, geometry_);
    std::fill(zone.begin(), zone.end(), kZone);
    state_of(object, geometry_) = kStateFree;
    if (!type_stable()) {
        fill_words({static_cast<std::byte*>(object), geometry_.size}, kPoison);
    }
}

void SlabCache::note_allocated(void* object) const {
    if constexpr (!kDebug) return;
    u64& state = state_of(object, geometry_);
    if (state != kStateFree) PANIC("mm: {} was given out twice, or damaged", options_.name);
    state = kStateUsed;
    if (type_stable()) return;
    const Bytes bytes{static_cast<std::byte*>(object), geometry_.size};
    check_words(bytes, kPoison, options_.name);
    fill_words(bytes, kJunk);
}

void SlabCache::note_free(void* object) const {
    if constexpr (!kDebug) return;
    u64& state = state_of(object, geometry_);
    if (state == kStateFree) PANIC("mm: {} freed twice", options_.name);
    const Bytes zone = zone_of(object, geometry_);
    const bool intact =
        std::all_of(zone.begin(), zone.end(), [](std::byte byte) { return byte == kZone; });
    if (state != kStateUsed || !intact) {
        PANIC("mm: {} was written past its end", options_.name);
    }
    state = kStateFree;
    if (!type_stable()) {
        fill_words({static_cast<std::byte*>(object), geometry_.size}, kPoison);
    }
}

}  // namespace kernel::mm
