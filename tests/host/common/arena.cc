// RAM as a memory file, so that one page can be seen at two addresses: in the direct map and in the
// kernel area.
#include "tests/host/common/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <vector>

#include "base/assert.h"
#include "machine/memory.h"
#include "tests/host/common/machine.h"

namespace host {
namespace {

using kernel::PhysAddr;
using kernel::VirtAddr;

constexpr u64 kAreaSize = 4 * kernel::kGiB;
constexpr u64 kAreaPages = kAreaSize / kernel::kPageSize;
/// What one page table covers on the real machine; the host takes a page for each, as that does.
constexpr u64 kPagesPerTable = 512;

struct Arena {
    int file = -1;
    u64 size = 0;
    u64 capacity = 0;
    std::byte* direct = nullptr;
    std::byte* area = nullptr;
    std::mutex mutex;              // protects all below
    std::vector<PhysAddr> mapped;  // by page of the area; 0: not mapped
    std::vector<bool> has_table;   // by run of kPagesPerTable pages
    u64 mapped_count = 0;
    std::vector<u64> stale;  // pages of the area that were unmapped since the last shootdown
    u64 shootdowns = 0;
    kernel::machine::TablePageSource table_source = nullptr;
};
Arena& arena() {
    static auto* one = new Arena;
    return *one;
}

void check(bool good, const char* what) {
    if (good) return;
    perror(what);
    abort();
}

/// Maps `bytes` of `file` at an address as aligned as the start of RAM is: kernels find things by
/// clearing bits of addresses in the direct map.
std::byte* map_aligned(int file, u64 bytes) {
    constexpr u64 kAlignment = 2 * kernel::kMiB;
    void* room = mmap(nullptr, bytes + kAlignment, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    check(room != MAP_FAILED, "host: mmap");
    auto* start = static_cast<std::byte*>(room);
    const u64 skip =
        kernel::align_up(VirtAddr::of(start).value, kAlignment) - VirtAddr::of(start).value;
    void* direct =
        mmap(start + skip, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
    check(direct == start + skip, "host: mmap");
    if (skip != 0) munmap(start, skip);
    munmap(start + skip + bytes, kAlignment - skip);
    return start + skip;
}

/// Takes all access from `pages` pages of the area.
void unmap(std::byte* at, u64 pages) {
    void* result = mmap(at, pages * kernel::kPageSize, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    check(result == at, "host: mmap");
}

u64 page_in_area(VirtAddr at) {
    Arena& a = arena();
    const u64 offset = at.value - VirtAddr::of(a.area).value;
    ASSERT(offset < kAreaSize && kernel::is_aligned(offset, kernel::kPageSize));
    return offset / kernel::kPageSize;
}

}  // namespace

void reset_arena(u64 bytes) {
    Arena& a = arena();
    if (a.file < 0) {
        a.file = memfd_create("ram", MFD_CLOEXEC);
        check(a.file >= 0, "host: memfd_create");
        void* area =
            mmap(nullptr, kAreaSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        check(area != MAP_FAILED, "host: mmap");
        a.area = static_cast<std::byte*>(area);
        a.mapped.resize(kAreaPages);
        a.has_table.resize(kAreaPages / kPagesPerTable);
    }
    if (bytes > a.capacity) {
        if (a.direct != nullptr) munmap(a.direct, a.capacity);
        check(ftruncate(a.file, static_cast<off_t>(bytes)) == 0, "host: ftruncate");
        a.direct = map_aligned(a.file, bytes);
        a.capacity = bytes;
    }
    a.size = bytes;
    // Every machine finds the same RAM, or a seed would not replay.
    check(madvise(a.direct, a.capacity, MADV_REMOVE) == 0, "host: madvise");
    if (a.mapped_count != 0) {
        unmap(a.area, kAreaPages);
        std::fill(a.mapped.begin(), a.mapped.end(), PhysAddr{});
        a.mapped_count = 0;
    }
    std::fill(a.has_table.begin(), a.has_table.end(), false);
    a.table_source = nullptr;
    a.stale.clear();
}

bool has_ram(PhysAddr at) { return at >= kRamStart && at - kRamStart < arena().size; }

u64 shootdowns() {
    Arena& a = arena();
    const std::lock_guard lock(a.mutex);
    return a.shootdowns;
}

std::byte* ram(PhysAddr start) { return arena().direct + (start - kRamStart); }

}  // namespace host

namespace kernel::machine {

using host::arena;

VirtAddr direct_map(PhysAddr physical) {
    DEBUG_ASSERT(host::has_ram(physical));
    return VirtAddr::of(arena().direct) + (physical - host::kRamStart);
}

PhysAddr physical_of(VirtAddr direct_mapped) {
    const u64 offset = direct_mapped - VirtAddr::of(arena().direct);
    DEBUG_ASSERT(offset < arena().size);
    return host::kRamStart + offset;
}

Result<usize> peek_image(Bytes to, VirtAddr at) {
    (void)to;  // ignored (both): the image is the host's own
    (void)at;
    return Error::kBadArg;
}

std::optional<PhysAddr> physical_of_constant(VirtAddr at) {
    // The image of this process lies in no RAM of the machine.
    const VirtAddr start = VirtAddr::of(arena().direct);
    if (at < start || at - start >= arena().size) return std::nullopt;
    return physical_of(at);
}

KernelArea kernel_area() { return {VirtAddr::of(arena().area), host::kAreaSize}; }

void set_table_page_source(TablePageSource source) { arena().table_source = source; }

Result<void> map_kernel_page(VirtAddr at, PhysAddr page) {
    host::Arena& a = arena();
    const u64 index = host::page_in_area(at);
    const u64 table = index / host::kPagesPerTable;
    ASSERT(page >= host::kRamStart && page - host::kRamStart < a.size);
    // The source may take locks and pages of its own, so it is not called under the mutex. Two
    // callers may then give the same table a page each; the second one's is lost, as no table page
    // is ever given back anyway.
    bool needs_table;
    {
        const std::lock_guard lock(a.mutex);
        needs_table = a.table_source != nullptr && !a.has_table[table];
    }
    if (needs_table) TRY(a.table_source());
    const std::lock_guard lock(a.mutex);
    a.has_table[table] = true;
    ASSERT(a.mapped[index] == PhysAddr{});
    // A hart may still reach what was there.
    ASSERT(std::find(a.stale.begin(), a.stale.end(), index) == a.stale.end());
    void* result = mmap(at.as(), kPageSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, a.file,
                        static_cast<off_t>(page - host::kRamStart));
    if (result == MAP_FAILED) return Error::kNoMemory;
    a.mapped[index] = page;
    ++a.mapped_count;
    return {};
}

PhysAddr unmap_kernel_page(VirtAddr at) {
    host::Arena& a = arena();
    const u64 index = host::page_in_area(at);
    const std::lock_guard lock(a.mutex);
    const PhysAddr page = std::exchange(a.mapped[index], PhysAddr{});
    ASSERT(page != PhysAddr{});
    host::unmap(static_cast<std::byte*>(at.as()), 1);
    a.stale.push_back(index);
    return page;
}

// The host forgets at once what is unmapped.
void shoot_down_kernel_pages() {
    host::Arena& a = arena();
    const std::lock_guard lock(a.mutex);
    ++a.shootdowns;
    a.stale.clear();
}

void publish_code(VirtAddr start, u64 size) {
    // The host's processors fetch what was stored; its compiler is told to have stored it.
    __builtin___clear_cache(start.as<char>(), (start + size).as<char>());
}

}  // namespace kernel::machine
