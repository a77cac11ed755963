// Building the kernel's page tables from what boot found.
#include "arch/riscv64/kernel_map.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/boot_pages.h"
#include "arch/riscv64/csr.h"
#include "arch/riscv64/sv39/self_check.h"
#include "base/assert.h"
#include "base/fixed_string.h"
#include "base/log.h"
#include "machine/console.h"
#include "machine/memory.h"

namespace arch::riscv64 {
namespace {

using sv39::Access;
using sv39::LeafLimit;
using sv39::PageTable;

constinit PhysAddr image{};               // const after entry
constinit PageTable tables{PhysAddr{0}};  // const after build_kernel_map(); the tables are not
constinit kernel::machine::KernelArea area{kAreaBase, 0};  // const after build_kernel_map()

/// See kernel_root_entries(); const after build_kernel_map().
struct RootEntries {
    std::array<u16, sv39::kEntries / 2> indices;
    usize count;
};
constinit RootEntries root_entries{};

void note_root_entries() {
    const auto& root = *kernel::machine::direct_map(tables.root()).as<const sv39::Table>();
    for (usize i = sv39::kEntries / 2; i < sv39::kEntries; ++i) {
        // relaxed: this hart made it.
        if (root.entries[i].load(std::memory_order_relaxed) == 0) continue;
        root_entries.indices[root_entries.count++] = static_cast<u16>(i);
    }
}

/// Boot cannot go on without a mapping; open_boot_pages() made sure of the room.
void must_map(const sv39::Mapping& mapping, LeafLimit limit) {
    const Result<void> mapped = tables.map(mapping, limit, take_boot_page);
    ASSERT(mapped.ok());
}

void map_image(const std::byte* from, const std::byte* to, Access access) {
    const VirtAddr start = VirtAddr::of(from);
    must_map({.at = start,
              .to = image_physical(start),
              .size = kernel::align_up(VirtAddr::of(to) - start, kPageSize),
              .access = access},
             LeafLimit::kPage);
}

void map_image_sections() {
    map_image(image_start, text_end, Access::kReadExecute);
    map_image(rodata_start, data_start, Access::kRead);
    // The guard pages under the two boot stacks are left out.
    map_image(data_start, boot_stack_guard, Access::kReadWrite);
    map_image(boot_stack_guard + kPageSize, boot_emergency_guard, Access::kReadWrite);
    map_image(boot_emergency_guard + kPageSize, image_end, Access::kReadWrite);
}

void map_directly(PhysRange range, Access access) {
    must_map({.at = kernel::machine::direct_map(range.start),
              .to = range.start,
              .size = range.size,
              .access = access},
             LeafLimit::kGigapage);
}

/// All memory writable, except what is marked no-map and the constant part of the image, which has
/// no writable alias anywhere.
void map_memory(const boot::MachineDescription& machine) {
    boot::RangeSet<kernel::machine::kMaxReservedRanges + 1> holes;
    for (const PhysRange& range : machine.no_map.ranges()) ASSERT(holes.add(range));
    ASSERT(holes.add(read_only_image()));
    for (const PhysRange& memory : machine.memory.ranges()) {
        u64 at = memory.start.value;
        for (const PhysRange& hole : holes.ranges()) {
            if (!hole.overlaps({.start = {at}, .size = memory.end().value - at})) continue;
            if (hole.start.value > at) {
                map_directly({.start = {at}, .size = hole.start.value - at}, Access::kReadWrite);
            }
            at = std::min(hole.end().value, memory.end().value);
        }
        if (at < memory.end().value) {
            map_directly({.start = {at}, .size = memory.end().value - at}, Access::kReadWrite);
        }
    }
    map_directly(read_only_image(), Access::kRead);
}

/// Texts of BootInfo point into the tree, wherever the loader put it.
void map_tree(PhysRange tree) {
    const u64 end = kernel::align_up(tree.end().value, kPageSize);
    for (u64 at = kernel::align_down(tree.start.value, kPageSize); at < end; at += kPageSize) {
        if (tables.find(kernel::machine::direct_map({at}))) continue;
        map_directly({.start = {at}, .size = kPageSize}, Access::kRead);
    }
}

/// Twice the memory: a stack and its guard for every page there could be, which bounds the tables,
/// too.
u64 area_size(const boot::MachineDescription& machine) {
    u64 total = 0;
    for (const PhysRange& range : machine.memory.ranges()) total += range.size;
    return std::min(kernel::align_up(2 * total, kernel::kGiB), kAreaSizeMax);
}

}  // namespace

PhysAddr image_address() { return image; }
void set_image_address(PhysAddr at) { image = at; }

PhysRange read_only_image() {
    return {.start = image, .size = static_cast<u64>(data_start - image_start)};
}

PageTable& kernel_tables() { return tables; }
u64 kernel_satp() { return satp::sv39(tables.root()); }

std::span<const u16> kernel_root_entries() {
    return std::span(root_entries.indices).first(root_entries.count);
}

usize boot_pages_needed(const boot::MachineDescription& machine) {
    const usize fixed = 1 + 2 + 2 + 2 + 4;  // root, image, device area, stacks, tree
    const usize image_tables = machine.image.size / sv39::leaf_size(1) + 2;
    // Each end of a run can split a gigapage and a megapage; a hole has two ends, too.
    const usize ends = 2 * (machine.memory.ranges().size() + machine.no_map.ranges().size() + 1);
    const usize area_tables = area_size(machine) / kernel::kGiB;
    const usize stacks =
        (machine.info.hart_count - 1) * (kBootStackSize + kEmergencyStackSize) / kPageSize;
    const usize devices = 4;  // tables for the registers that boot maps
    return fixed + 2 * image_tables + 2 * ends + area_tables + stacks + devices;
}

void build_kernel_map(const boot::MachineDescription& machine) {
    const Result<PhysAddr> root = take_boot_page();
    ASSERT(root.ok());
    tables = PageTable(root.value());
    map_image_sections();
    map_memory(machine);
    map_tree(machine.tree);
    area.size = area_size(machine);
    const Result<void> area_ready = tables.reserve_tables(area.start, area.size, 1, take_boot_page);
    const Result<void> devices_ready =
        tables.reserve_tables(kDeviceBase, kDeviceSize, 1, take_boot_page);
    ASSERT(area_ready.ok() && devices_ready.ok());
    flush_translations();
    write_csr<Csr::kSatp>(kernel_satp());
    flush_translations();
    note_root_entries();
    check_kernel_map();
}

void map_hart_stacks(HartBlock& block) {
    const VirtAddr guard = kHartStacksBase + block.index * kHartStacksSize;
    const VirtAddr emergency_guard = guard + kPageSize + kBootStackSize;
    const auto map_stack = [](VirtAddr bottom, u64 size) {
        for (u64 done = 0; done < size; done += kPageSize) {
            const Result<PhysAddr> page = take_boot_page();
            ASSERT(page.ok());
            must_map({.at = bottom + done,
                      .to = page.value(),
                      .size = kPageSize,
                      .access = Access::kReadWrite},
                     LeafLimit::kPage);
        }
        return (bottom + size).value;
    };
    block.start.stack_top = map_stack(guard + kPageSize, kBootStackSize);
    block.emergency_top = map_stack(emergency_guard + kPageSize, kEmergencyStackSize);
}

void check_kernel_map() {
    if constexpr (kernel::kDebug) {
        const sv39::TableReport report = sv39::check_kernel_tables(tables, read_only_image());
        if (report.violation != sv39::Violation::kNone) {
            PANIC("kernel map: {} at {:016x}", sv39::violation_text(report.violation),
                  report.where.value);
        }
        kernel::klog("kernel map: {} leaves checked", report.leaves);
    }
}

bool kernel_map_holds() {
    if constexpr (kernel::kDebug) {
        if (tables.root().value == 0) return true;
        const sv39::TableReport report = sv39::check_kernel_tables(tables, read_only_image());
        if (report.violation == sv39::Violation::kNone) return true;
        kernel::FixedString<80> line;
        line.format("\nkernel map: {} at {:016x}\n", sv39::violation_text(report.violation),
                    report.where.value);
        kernel::machine::early_console_write(line);
        return false;
    }
    return true;
}

}  // namespace arch::riscv64

namespace kernel::machine {

static_assert(kDirectMapBase == arch::riscv64::kDirectBase.value);

PhysAddr physical_of(VirtAddr direct_mapped) {
    DEBUG_ASSERT(direct_mapped - arch::riscv64::kDirectBase < arch::riscv64::kDirectSize);
    return {direct_mapped - arch::riscv64::kDirectBase};
}

std::optional<PhysAddr> physical_of_constant(VirtAddr at) {
    if (at >= arch::riscv64::kDirectBase &&
        at - arch::riscv64::kDirectBase < arch::riscv64::kDirectSize) {
        return physical_of(at);
    }
    if (at >= VirtAddr::of(arch::riscv64::rodata_start) &&
        at < VirtAddr::of(arch::riscv64::data_start)) {
        return arch::riscv64::image_physical(at);
    }
    return std::nullopt;
}

KernelArea kernel_area() { return arch::riscv64::area; }

}  // namespace kernel::machine
