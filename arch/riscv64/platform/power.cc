// The ways out, in turn.
#include "arch/riscv64/platform/power.h"

#include "arch/riscv64/platform/sbi.h"
#include "machine/boot_info.h"
#include "machine/console.h"
#include "machine/memory.h"

namespace arch::riscv64 {
namespace {

using kernel::machine::device_write;

/// The sifive,test0 finisher of QEMU's virt.
constexpr u32 kFinisherPass = 0x5555;
constexpr u32 kFinisherFail = 0x3333;  // | status << 16
constexpr u32 kFinisherReset = 0x7777;

constinit VirtAddr finisher{};       // const after init_power(); zero: none
constinit bool semihosting = false;  // const after init_power()

/// Semihosting for RISC-V 0.4: SYS_EXIT_EXTENDED. Without a listener the call is a breakpoint, so
/// only the boot argument asks for it.
void exit_by_semihosting(u8 status) {
    constexpr u64 kExitExtended = 0x20;
    constexpr u64 kApplicationExit = 0x20026;
    const u64 block[2] = {kApplicationExit, status};
    (void)riscv64_semihosting_call(kExitExtended,
                                   block);  // ignored: it does not return if it works
}

/// SRST came with SBI 0.3, and firmware that lists it can still refuse each type of reset: some
/// boards restart but do not turn off, some do neither. Whatever comes back from here did nothing.
void reset_by_firmware(sbi::ResetType type, sbi::ResetReason reason) {
    (void)sbi::reset(type, reason);  // ignored: the next way is tried
}

}  // namespace

void init_power(const boot::MachineDescription& machine) {
    semihosting = kernel::machine::boot_arg("semihosting") == "1";
    finisher = {};
    if (!machine.finisher) return;
    const Result<VirtAddr> mapped =
        kernel::machine::map_device(machine.finisher->start, sizeof(u32));
    if (mapped.ok()) finisher = mapped.value();
}

void try_to_power_off(u8 status) {
    if (finisher.value != 0) {
        device_write<u32>(finisher,
                          status == 0 ? kFinisherPass : kFinisherFail | u32{status} << 16);
    }
    if (semihosting) exit_by_semihosting(status);
    if (sbi::has(sbi::Extension::kReset)) {
        reset_by_firmware(sbi::ResetType::kShutdown,
                          status == 0 ? sbi::ResetReason::kNone : sbi::ResetReason::kSystemFailure);
        // A machine that runs on without a kernel is worse than one that starts again.
        reset_by_firmware(sbi::ResetType::kColdReboot, sbi::ResetReason::kNone);
    }
    sbi::legacy_shutdown();
    kernel::machine::early_console_write("\nIt is now safe to switch off the machine.\n");
}

void try_to_reboot() {
    if (finisher.value != 0) device_write<u32>(finisher, kFinisherReset);
    if (sbi::has(sbi::Extension::kReset)) {
        reset_by_firmware(sbi::ResetType::kColdReboot, sbi::ResetReason::kNone);
        reset_by_firmware(sbi::ResetType::kWarmReboot, sbi::ResetReason::kNone);
    }
    try_to_power_off(0);
}

}  // namespace arch::riscv64
