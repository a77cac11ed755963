// The heap: a table from sizes to caches.
#include "mm/heap.h"

#include "base/assert.h"
#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/slab_cache.h"

namespace kernel::mm {
namespace {

constexpr usize kGrain = 16;
constexpr std::array<usize, 14> kSizes{16,  32,  48,  64,  96,   128,  192,
                                       256, 384, 512, 768, 1024, 1536, 2048};
static_assert(kSizes.back() == kLargestClass);

constexpr std::array<const char*, kSizes.size()> kNames{
    "heap16",  "heap32",  "heap48",  "heap64",  "heap96",   "heap128",  "heap192",
    "heap256", "heap384", "heap512", "heap768", "heap1024", "heap1536", "heap2048"};

constinit std::array<MagazinePlaces, kSizes.size()> places{};

constexpr SlabCache cache_for(usize number) {
    return SlabCache(SlabOptions{.name = kNames[number],
                                 .size = kSizes[number],
                                 .alignment = kGrain,
                                 .places = &places[number]});
}
constinit auto caches = []<usize... I>(std::index_sequence<I...>) {
    return std::array<SlabCache, kSizes.size()>{cache_for(I)...};
}
(std::make_index_sequence<kSizes.size()>());

/// For each multiple of kGrain, the class that holds it.
constexpr auto kClasses = [] {
    std::array<u8, kLargestClass / kGrain + 1> classes{};
    for (usize i = 0; i < classes.size(); ++i) {
        while (kSizes[classes[i]] < i * kGrain) ++classes[i];
    }
    return classes;
}();

SlabCache& class_of(usize size) { return caches[kClasses[(size + kGrain - 1) / kGrain]]; }

usize pages_of(usize size) { return align_up(size, kPageSize) / kPageSize; }

}  // namespace

Result<Bytes> allocate(usize size) {
    if (size == 0) return Bytes{};
    if (size <= kLargestClass) {
        void* memory = TRY(class_of(size).allocate());
        return Bytes{static_cast<std::byte*>(memory), size};
    }
    if (size > kMaxRunPages * kPageSize) return Error::kNoMemory;
    const PhysAddr start = TRY(allocate_pages(pages_of(size), PageFill::kAny));
    return Bytes{machine::direct_map(start).as<std::byte>(), size};
}

void deallocate(void* memory, usize size) {
    if (size == 0) return;
    if (size <= kLargestClass) {
        class_of(size).free(memory);
    } else {
        free_pages(machine::physical_of(VirtAddr::of(memory)), pages_of(size));
    }
}

}  // namespace kernel::mm
