// Checks that need one hart: what was read, the memory functions, the map, contexts, backtraces,
// time.
#include "arch/riscv64/address_space.h"
#include "arch/riscv64/csr.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/sv39/self_check.h"
#include "machine/backtrace.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/context.h"
#include "machine/memory.h"
#include "machine/random.h"
#include "tests/qemu/boot_probe/probe.h"

namespace boot_probe {

namespace machine = kernel::machine;
namespace riscv64 = arch::riscv64;
using kernel::klog;
using kernel::PhysAddr;
using kernel::PhysRange;
using kernel::u64;
using kernel::u8;
using kernel::usize;
using kernel::VirtAddr;

void print_machine() {
    const machine::BootInfo& info = machine::boot_info();
    klog("model {}", info.model);
    klog("image {:x}+{:x}", riscv64::image_address().value,
         static_cast<u64>(riscv64::image_end - riscv64::image_start));
    klog("harts {} boot hart {} (id {})", info.hart_count, info.boot_hart,
         machine::hardware_hart_id(info.boot_hart));
    for (const PhysRange& range : info.memory) {
        klog("memory {:x}+{:x}", range.start.value, range.size);
    }
    for (const PhysRange& range : info.reserved) {
        klog("reserved {:x}+{:x}", range.start.value, range.size);
    }
    for (const machine::DeviceInfo& device : info.devices) {
        klog("device {} {:x}+{:x} line {} shift {} width {}{}", device.compatible,
             device.registers.start.value, device.registers.size, device.line,
             device.register_shift, device.register_width, device.is_console ? " console" : "");
    }
    klog("boot args {} bytes: {}", info.boot_args.size(), info.boot_args.substr(0, 80));
    klog("initrd {:x}+{:x}", info.initrd.start.value, info.initrd.size);
    klog("seed {} bytes", info.seed.size());
    if (info.initrd.size != 0) {
        const auto* bytes = machine::direct_map(info.initrd.start).as<const char>();
        klog("initrd begins {}", std::string_view(bytes, std::min<usize>(info.initrd.size, 16)));
    }
}

namespace {

constexpr usize kArea = 200;

/// A pattern that differs in every byte and between the two areas.
u8 pattern(usize i, usize salt) { return static_cast<u8>(i * 7 + salt * 31 + 1); }

bool copies_right(usize to, usize from, usize size, bool overlapping) {
    alignas(8) static u8 areas[2][kArea];  // boot hart only
    for (usize i = 0; i < kArea; ++i) {
        areas[0][i] = pattern(i, 0);
        areas[1][i] = pattern(i, 1);
    }
    u8* target = overlapping ? areas[0] : areas[1];
    const usize salt = overlapping ? 0 : 1;
    // Called through pointers, so that the compiler does not expand them in place.
    void* (*volatile copy)(void*, const void*, usize) = overlapping ? &memmove : &memcpy;
    if (copy(target + to, areas[0] + from, size) != target + to) return false;
    for (usize i = 0; i < kArea; ++i) {
        const bool inside = i >= to && i < to + size;
        if (target[i] != (inside ? pattern(i - to + from, 0) : pattern(i, salt))) return false;
    }
    return true;
}

bool fills_right(usize at, usize size) {
    static u8 area[kArea];  // boot hart only
    for (usize i = 0; i < kArea; ++i) area[i] = pattern(i, 0);
    void* (*volatile fill)(void*, int, usize) = &memset;
    if (fill(area + at, 0x1a5, size) != area + at) return false;
    for (usize i = 0; i < kArea; ++i) {
        const bool inside = i >= at && i < at + size;
        if (area[i] != (inside ? 0xa5 : pattern(i, 0))) return false;
    }
    return true;
}

bool compares_right(usize left, usize right, usize size) {
    static u8 areas[2][kArea];  // boot hart only
    for (usize i = 0; i < size; ++i) areas[0][left + i] = areas[1][right + i] = pattern(i, 0);
    int (*volatile compare)(const void*, const void*, usize) = &memcmp;
    if (compare(areas[0] + left, areas[1] + right, size) != 0) return false;
    for (usize i = 0; i < size; ++i) {
        areas[0][left + i] = 0x80;
        areas[1][right + i] = 0x7f;
        if (compare(areas[0] + left, areas[1] + right, size) <= 0) return false;
        if (compare(areas[1] + right, areas[0] + left, size) >= 0) return false;
        areas[0][left + i] = areas[1][right + i] = pattern(i, 0);
    }
    return true;
}

}  // namespace

void check_memory_functions() {
    bool copy = true;
    bool move = true;
    bool fill = true;
    bool compare = true;
    constexpr usize kSizes[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 64, 65, 71, 100, 130};
    for (usize a = 0; a < 8; ++a) {
        for (usize b = 0; b < 8; ++b) {
            for (usize size : kSizes) {
                copy = copy && copies_right(a, b, size, false);
                move = move && copies_right(a, 16 + b, size, true) &&
                       copies_right(16 + a, b, size, true) && copies_right(a, b, size, true);
                if (size <= 40) compare = compare && compares_right(a, b, size);
            }
        }
        for (usize size : kSizes) fill = fill && fills_right(a, size);
    }
    check(copy, "memcpy copies exactly, at every alignment");
    check(move, "memmove copies overlapping areas both ways");
    check(fill, "memset fills exactly");
    check(compare, "memcmp finds the first difference");
    volatile u64 value = 0x00f0'0000'0000'0400;
    check(std::popcount(value + 0) == 5 && std::countl_zero(value + 0) == 8 &&
              std::countr_zero(value + 0) == 10 &&
              std::byteswap(value + 0) == 0x0004'0000'0000'f000,
          "the compiler's helpers count and swap");
}

namespace {

/// Takes A and D out of a page's entry and writes to it: hardware sets them, or faults and the
/// kernel does.
void check_accessed_and_dirty() {
    using Pte = riscv64::sv39::Pte;
    alignas(kernel::kPageSize) static std::byte page[kernel::kPageSize];  // boot hart only
    const VirtAddr at = machine::kernel_area().start + kernel::kPageSize;
    const PhysAddr physical = riscv64::image_physical(VirtAddr::of(page));
    if (!machine::map_kernel_page(at, physical).ok()) {
        check(false, "a page can be mapped");
        return;
    }
    const auto bits = [&] { return riscv64::kernel_tables().find(at)->pte.bits; };
    // relaxed: one hart runs.
    riscv64::kernel_tables().find(at)->entry->fetch_and(~(Pte::Accessed::kMask | Pte::Dirty::kMask),
                                                        std::memory_order_relaxed);
    riscv64::flush_translations();
    const bool was_clear = Pte::Dirty::get(bits()) == 0;
    *at.as<volatile u64>() = 42;
    check(was_clear && Pte::Accessed::get(bits()) == 1 && Pte::Dirty::get(bits()) == 1 &&
              *VirtAddr::of(page).as<volatile u64>() == 42,
          "a missing A or D bit is set and the access done");
    check(machine::unmap_kernel_page(at) == physical, "the page is given back");
    machine::shoot_down_kernel_pages();
}

}  // namespace

void check_map() {
    const auto& tables = riscv64::kernel_tables();
    const auto report = riscv64::sv39::check_kernel_tables(tables, riscv64::read_only_image());
    klog("map: {} leaves, {} KiB executable", report.leaves, report.executable_bytes / 1024);
    check(report.violation == riscv64::sv39::Violation::kNone,
          riscv64::sv39::violation_text(report.violation));
    const auto mapped = [&](const std::byte* at) {
        return tables.find(VirtAddr::of(at)).has_value();
    };
    check(!mapped(riscv64::boot_stack_guard) && !mapped(riscv64::boot_emergency_guard) &&
              mapped(riscv64::boot_stack_guard + kernel::kPageSize) &&
              mapped(riscv64::boot_emergency_guard + kernel::kPageSize),
          "guard pages lie under the boot stacks");
    check(!tables.find({riscv64::image_address().value}) && !tables.find({0}),
          "nothing is mapped in the lower half");
    bool sound = true;
    for (const PhysRange& range : machine::boot_info().memory) {
        for (PhysAddr at : {range.start, range.end() - kernel::kPageSize}) {
            const auto leaf = tables.find(machine::direct_map(at));
            const bool no_map = !leaf.has_value();
            sound = sound && (no_map || tables.translate(machine::direct_map(at)) == at);
        }
        sound = sound && machine::physical_of(machine::direct_map(range.start)) == range.start;
    }
    check(sound, "the direct map leads where it says");
    sound = true;
    for (const PhysRange& a : machine::boot_info().reserved) {
        sound = sound && kernel::is_aligned(a.start.value | a.size, kernel::kPageSize);
    }
    check(sound, "reserved ranges are whole pages");
    check_accessed_and_dirty();
}

namespace {

struct PingPong {
    machine::Context main;
    machine::Context other;
    u64 turns = 0;
};
alignas(16) std::byte other_stack[machine::kKernelStackSize];

void bounce(void* argument) {
    auto& game = *static_cast<PingPong*>(argument);
    for (;;) {  // intended: the game ends on the other side
        ++game.turns;
        machine::switch_context(game.other, game.main);
    }
}

}  // namespace

void check_contexts() {
    static PingPong game;  // boot hart only
    machine::prepare_context(game.other, other_stack, bounce, &game);
    for (int i = 0; i < 100; ++i) machine::switch_context(game.main, game.other);
    check(game.turns == 100, "contexts switch to and fro");
    VirtAddr places[8];
    const usize count = machine::capture_backtrace(game.other, places);
    bool named = false;
    for (usize i = 0; i < count; ++i) {
        named = named || machine::find_symbol(places[i]).name.view().find("bounce") !=
                             std::string_view::npos;
    }
    check(named, "a suspended context has a backtrace");
    check(machine::saved_place(game.other).sp >= VirtAddr::of(other_stack) &&
              machine::saved_place(game.other).sp < VirtAddr::of(other_stack + sizeof other_stack),
          "its stack pointer is known");
}

namespace {

[[gnu::noinline]] usize inner_function(std::span<VirtAddr> out) {
    const usize count = machine::capture_backtrace(out);
    asm volatile("" ::: "memory");  // no tail call
    return count;
}

}  // namespace

void check_backtrace() {
    VirtAddr places[16];
    const usize count = inner_function(places);
    const auto has = [&](std::string_view name) {
        for (usize i = 0; i < count; ++i) {
            if (machine::find_symbol(places[i]).name.view().ends_with(name)) return true;
        }
        return false;
    };
    check(has("inner_function") && has("check_backtrace") && has("boot_main"),
          "a backtrace names its functions");
    check(machine::find_symbol({0x1000}).name.empty() &&
              machine::find_symbol(VirtAddr::of(riscv64::image_end)).name.empty(),
          "addresses outside the text have no name");
}

void check_time() {
    const kernel::Nanos before = machine::now();
    kernel::Nanos after = before;
    // intended: ends when the clock moves, which is what is checked; QEMU's timeout is the bound
    while (after == before) after = machine::now();
    check(after > before, "the clock moves");
    const std::optional<kernel::Nanos> wall = machine::wall_clock();
    if (wall) {
        klog("wall clock {} s", wall->seconds());
        check(wall->seconds() > 1'600'000'000, "the time of day is of this century");
    } else {
        klog("no wall clock");
    }
    check(machine::jitter() != machine::jitter(), "something jitters");
}

}  // namespace boot_probe
