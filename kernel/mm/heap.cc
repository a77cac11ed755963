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

constexpr SlabCache cache_for(const char* name, usize size) {
    return SlabCache(SlabOptions{.name = name, .size = size, .alignment = kGrain});
}
constinit std::array<SlabCache, kSizes.size()> caches{
    cache_for("heap16", kSizes[0]),    cache_for("heap32", kSizes[1]),
    cache_for("heap48", kSizes[2]),    cache_for("heap64", kSizes[3]),
    cache_for("heap96", kSizes[4]),    cache_for("heap128", kSizes[5]),
    cache_for("heap192", kSizes[6]),   cache_for("heap256", kSizes[7]),
    cache_for("heap384", kSizes[8]),   cache_for("heap512", kSizes[9]),
    cache_for("heap768", kSizes[10]),  cache_for("heap1024", kSizes[11]),
    cache_for("heap1536", kSizes[12]), cache_for("heap2048", kSizes[13]),
};

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
