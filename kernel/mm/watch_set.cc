// Sets of watched ranges: what they touch.
#include "mm/watch_set.h"

#include "base/assert.h"
#include "mm/address_space.h"
#include "mm/object_cache.h"

namespace kernel::mm {
namespace {

constinit ObjectCache<WatchSet> sets("watchset");

/// Whether [at, at + size) and [other, other + other_size) have a byte in common; neither wraps.
bool meet(VirtAddr at, u64 size, VirtAddr other, u64 other_size) {
    return size != 0 && other_size != 0 && at < other + other_size && other < at + size;
}

}  // namespace

WatchSet::WatchSet(Ref<AddressSpace> space, std::span<const Watch> watches)
    : space_(std::move(space)), count_(watches.size()) {
    ASSERT(count_ <= kWatchesMax);
    std::copy(watches.begin(), watches.end(), watches_.begin());
}

WatchSet::~WatchSet() = default;

Result<Ref<WatchSet>> WatchSet::create(Ref<AddressSpace> space, std::span<const Watch> watches) {
    AddressSpace& of = *space;
    Ref<WatchSet> set = Ref<WatchSet>::adopt(*TRY(sets.create(std::move(space), watches)));
    TRY(of.watch(*set));
    return set;
}

void WatchSet::destroy(WatchSet& set) {
    set.space_->unwatch(set);
    sets.destroy(set);
}

WatchSet::Hits WatchSet::hits(VirtAddr at, u64 size, bool loads, bool stores) const {
    Hits hits = 0;
    for (usize i = 0; i < count_; ++i) {
        const Watch& watch = watches_[i];
        const bool asked = (watch.loads && loads) || (watch.stores && stores);
        if (asked && meet(watch.at, watch.size, at, size)) hits |= Hits{1} << i;
    }
    return hits;
}

bool WatchSet::touches_page(VirtAddr page) const {
    // A loop: of std::any_of with a lambda g++ 12 forgets to store what it captures here.
    for (const Watch& watch : watches()) {
        if (!watch.is_empty() && meet(watch.at, watch.size, page, kPageSize)) return true;
    }
    return false;
}

}  // namespace kernel::mm
