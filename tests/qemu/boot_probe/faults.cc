// Faults on purpose: each must end in a panic that says what happened.
#include "arch/riscv64/address_space.h"
#include "arch/riscv64/kernel_map.h"
#include "base/assert.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/context.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "machine/power.h"
#include "tests/qemu/boot_probe/probe.h"

namespace boot_probe {
namespace {

namespace machine = kernel::machine;
namespace riscv64 = arch::riscv64;
using kernel::u64;
using kernel::VirtAddr;

/// A store that the compiler neither knows nor checks.
[[gnu::always_inline]] inline void store_to(VirtAddr address) {
    asm volatile("sd zero, 0(%0)" ::"r"(address.value) : "memory");
}

[[gnu::noinline]] void touch_nothing() { store_to(VirtAddr{0}); }

/// Uses stack without end, as a runaway recursion would.
[[gnu::noinline]] u64 dig(u64 depth) {
    volatile u64 room[64];
    room[depth % 64] = depth;
    if (room[depth % 64] != depth) return 0;  // never; the compiler must not see that it is endless
    return dig(depth + 1) + room[depth % 64];
}

[[gnu::noinline]] void dig_with_interrupts() {
    // An interrupt's registers do not fit: the stack pointer is just above the guard.
    asm volatile(
        "mv sp, %0\n"
        "csrsi sstatus, 2\n"
        "1: j 1b\n" ::"r"(riscv64::boot_stack_guard + kernel::kPageSize + 16));
}

[[gnu::noinline]] void write_text_alias() {
    store_to(machine::direct_map(riscv64::image_address()));
}
[[gnu::noinline]] void write_text() { store_to(VirtAddr::of(riscv64::text_start)); }

[[gnu::noinline]] void run_data() {
    static u64 instruction = 0x00008067;  // ret
    auto* function = reinterpret_cast<void (*)()>(&instruction);
    asm("" : "+r"(function));
    function();
}
[[gnu::noinline]] void jump_to_nothing() {
    void (*function)() = nullptr;
    asm("" : "+r"(function));
    function();
}
[[gnu::noinline]] void run_unknown() { asm volatile("unimp"); }

[[gnu::noinline]] void panic_among_others() {
    (void)machine::start_other_harts();  // ignored: the report shows who is there
    const kernel::Nanos deadline = machine::now() + kernel::nanos_from_millis(200);
    while (machine::now() < deadline) machine::relax();
    PANIC("asked for");
}

/// Makes a writable page that nobody uses lack D: harts that do not set it would fault there.
void spoil_map() {
    alignas(kernel::kPageSize) static std::byte page[kernel::kPageSize];  // boot hart only
    const VirtAddr at = machine::kernel_area().start + kernel::kPageSize;
    const bool mapped =
        machine::map_kernel_page(at, riscv64::image_physical(VirtAddr::of(page))).ok();
    ASSERT(mapped);
    // relaxed: one hart runs.
    riscv64::kernel_tables().find(at)->entry->fetch_and(~riscv64::sv39::Pte::Dirty::kMask,
                                                        std::memory_order_relaxed);
}

struct Row {
    std::string_view name;
    void (*act)();
};
constexpr Row kRows[] = {
    {"null", touch_nothing},
    {"overflow", [] { (void)dig(0); }},  // ignored: it does not return
    {"overflow-irq",
     [] {
         machine::set_alarm(machine::now() + kernel::nanos_from_millis(1));
         dig_with_interrupts();
     }},
    {"write-text", write_text},
    {"write-text-alias", write_text_alias},
    {"run-data", run_data},
    {"jump-null", jump_to_nothing},
    {"illegal", run_unknown},
    {"panic", panic_among_others},
    {"spoil-map",
     [] {
         spoil_map();
         machine::power_off(0);
     }},
    {"spoil-map-and-panic",
     [] {
         spoil_map();
         PANIC("asked for");
     }},
};

}  // namespace

void fault_on_purpose() {
    const std::optional<std::string_view> wanted = machine::boot_arg("probe");
    if (!wanted) return;
    for (const Row& row : kRows) {
        if (row.name == *wanted) row.act();
    }
    PANIC("no fault named {}", *wanted);
}

}  // namespace boot_probe
