// The probe's order of checks, and what of the upcalls is not about harts.
#include "base/panic.h"
#include "base/version.h"
#include "machine/backtrace.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/power.h"
#include "machine/upcalls.h"
#include "tests/qemu/boot_probe/probe.h"

namespace boot_probe {
namespace {

constinit bool held = true;  // boot hart only

}  // namespace

void check(bool holds, std::string_view what) {
    kernel::klog("{} {}", holds ? "ok  " : "FAIL", what);
    if (!holds) held = false;
}

bool all_held() { return held; }

}  // namespace boot_probe

namespace kernel::machine::upcalls {

void boot_main() {
    const Nanos started = now() - boot_info().entered;
    klog("procyon boot probe {}", version());
    klog("entry to boot_main: {} ns", started.value);
    boot_probe::print_machine();
    boot_probe::fault_on_purpose();
    boot_probe::check_memory_functions();
    boot_probe::check_map();
    boot_probe::check_contexts();
    boot_probe::check_backtrace();
    boot_probe::check_time();
    boot_probe::check_harts();
    klog("{}", boot_probe::all_held() ? "PASS" : "FAIL");
    power_off(boot_probe::all_held() ? 0 : 1);
}

void external(IrqLine line) { PANIC("device line {} was never enabled", line); }

void kernel_fault(std::string_view what, VirtAddr where, VirtAddr address) {
    const Symbol symbol = find_symbol(where);
    PANIC("{} at {:x} ({}), address {:x}", what, where.value, symbol.name.view(), address.value);
}

}  // namespace kernel::machine::upcalls
