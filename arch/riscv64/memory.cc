// Changing the kernel map while it is in use: pages of the kernel area, device registers.
#include "machine/memory.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/boot_pages.h"
#include "arch/riscv64/csr.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/platform/raw_lock.h"
#include "arch/riscv64/platform/remote_fence.h"
#include "base/assert.h"
#include "machine/boot_info.h"
#include "machine/interrupts.h"

namespace arch::riscv64 {
namespace {

using kernel::machine::TablePageSource;

constinit Atomic<TablePageSource> table_page_source{nullptr};  // atomic: [map.source]
constinit Atomic<u64> map_generation{0};                       // atomic: [map.generation]
constinit Atomic<u32> other_harts{0};                          // atomic: [map.harts]

constinit RawLock device_lock;
constinit u64 device_used GUARDED_BY(device_lock) = 0;  // bytes of the device area given out

Result<PhysAddr> table_page() {
    // [map.source] acquire: the source's allocator is ready; pairs with release in
    // set_table_page_source().
    const TablePageSource source = table_page_source.load(std::memory_order_acquire);
    return source != nullptr ? source() : take_boot_page();
}

/// Hardware may remember that an address was not mapped. The other harts catch up before they
/// switch to a stack (switch_context), or after one fault (settle_fault).
void publish_growth() {
    // [map.generation] release: the new entries come before the number; pairs with acquire in
    // catch_up_with_kernel_map().
    map_generation.fetch_add(1, std::memory_order_release);
    const kernel::machine::InterruptsOff off;
    catch_up_with_kernel_map(this_hart());
}

}  // namespace

void catch_up_with_kernel_map(HartBlock& block) {
    // [map.generation] acquire: pairs with release in publish_growth().
    const u64 now = map_generation.load(std::memory_order_acquire);
    if (block.map_generation == now) [[likely]]
        return;
    flush_translations();
    block.map_generation = now;
}

void expect_other_harts() {
    // [map.harts] release: pairs with acquire in shoot_down_kernel_pages() and publish_code().
    other_harts.store(1, std::memory_order_release);
}

}  // namespace arch::riscv64

namespace kernel::machine {

using arch::riscv64::kDeviceBase;
using arch::riscv64::kernel_tables;
namespace sv39 = arch::riscv64::sv39;

Result<usize> peek_image(Bytes to, VirtAddr at) {
    using namespace arch::riscv64;
    struct Part {
        const std::byte* end;
        bool shown;
    };
    const Part parts[] = {{secrets_start, true},
                          {secrets_end, false},
                          {secret_zeroes_start, true},
                          {secret_zeroes_end, false},
                          {bss_end, true}};
    if (at < VirtAddr::of(image_start)) return Error::kBadArg;
    for (const Part& part : parts) {
        if (at >= VirtAddr::of(part.end)) continue;
        if (!part.shown) return Error::kPermission;
        const usize size = std::min<u64>(to.size(), VirtAddr::of(part.end) - at);
        std::memcpy(to.data(), at.as<const std::byte>(), size);
        return size;
    }
    return Error::kBadArg;
}

void set_table_page_source(TablePageSource source) {
    // [map.source] release: pairs with acquire in table_page().
    arch::riscv64::table_page_source.store(source, std::memory_order_release);
}

Result<void> map_kernel_page(VirtAddr at, PhysAddr page) {
    DEBUG_ASSERT(at >= kernel_area().start && at - kernel_area().start < kernel_area().size);
    TRY(kernel_tables().map(
        {.at = at, .to = page, .size = kPageSize, .access = sv39::Access::kReadWrite},
        sv39::LeafLimit::kPage, arch::riscv64::table_page));
    arch::riscv64::publish_growth();
    return {};
}

PhysAddr unmap_kernel_page(VirtAddr at) { return kernel_tables().unmap_page(at); }

void shoot_down_kernel_pages() {
    arch::riscv64::flush_translations();
    // [map.harts] acquire: pairs with release in expect_other_harts(); a hart that starts later
    // fences before it uses the map.
    if (arch::riscv64::other_harts.load(std::memory_order_acquire) != 0) {
        arch::riscv64::fence_translations_everywhere();
    }
}

void publish_code(VirtAddr, u64) {
    // orders: (rw, rw): what was written is in memory before any hart is told to fetch anew
    // (Unprivileged ISA, chapter "Zifencei"). A fence.i names no address: all is forgotten.
    asm volatile("fence rw, rw" ::: "memory");
    arch::riscv64::flush_instructions();
    // [map.harts] acquire: pairs with release in expect_other_harts(); a hart that starts later
    // fences before it counts as online.
    if (arch::riscv64::other_harts.load(std::memory_order_acquire) != 0) {
        arch::riscv64::fence_instructions_everywhere();
    }
}

Result<VirtAddr> map_device(PhysAddr start, u64 size) {
    const u64 first = align_down(start.value, kPageSize);
    const u64 bytes = align_up(start.value + size, kPageSize) - first;
    const PhysRange range{.start = {first}, .size = bytes};
    ASSERT(size != 0 && range.end() > range.start);
    for (const PhysRange& memory : boot_info().memory) {
        // A description that puts registers into memory would give text a writable alias.
        if (memory.overlaps(range)) return Error::kNoDevice;
    }
    // Large devices that can be mapped by megapages should be: the address is aligned as theirs.
    const u64 alignment = bytes >= sv39::leaf_size(1) ? sv39::leaf_size(1) : kPageSize;
    const u64 skew = first % alignment;
    u64 offset = 0;
    {
        const arch::riscv64::RawGuard guard(arch::riscv64::device_lock);
        offset = align_up(arch::riscv64::device_used, alignment) + skew;
        const u64 room = arch::riscv64::kHartStacksBase - kDeviceBase;
        if (bytes > room || offset > room - bytes) return Error::kNoMemory;
        arch::riscv64::device_used = offset + bytes;
    }
    TRY(kernel_tables().map({.at = kDeviceBase + offset,
                             .to = {first},
                             .size = bytes,
                             .access = sv39::Access::kReadWrite},
                            sv39::LeafLimit::kMegapage, arch::riscv64::table_page));
    arch::riscv64::publish_growth();
    return kDeviceBase + offset + (start.value - first);
}

// Accesses to one device, and to devices on one strongly ordered channel, stay in program order by
// the physical memory attributes (Unprivileged ISA, section 14.1, "I/O ordering"); volatile keeps
// the compiler to it.
template <class T>
    requires(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8)
T device_read(VirtAddr at) {
    return *at.as<const volatile T>();
}
template <class T>
    requires(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8)
void device_write(VirtAddr at, T value) {
    *at.as<volatile T>() = value;
}
template u8 device_read<u8>(VirtAddr);
template u32 device_read<u32>(VirtAddr);
template u64 device_read<u64>(VirtAddr);
template void device_write<u8>(VirtAddr, u8);
template void device_write<u32>(VirtAddr, u32);
template void device_write<u64>(VirtAddr, u64);

void device_fence() {
    // orders: (iorw, iorw)
    asm volatile("fence iorw, iorw" ::: "memory");
}

}  // namespace kernel::machine
