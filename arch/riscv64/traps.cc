// What traps mean: interrupts go up, stale translations are settled, every other exception in the
// kernel is a bug.
#include "arch/riscv64/clock.h"
#include "arch/riscv64/csr.h"
#include "arch/riscv64/device_lines.h"
#include "arch/riscv64/float_registers.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/platform/fault_address.h"
#include "arch/riscv64/platform/power.h"
#include "arch/riscv64/trap_frame.h"
#include "arch/riscv64/user_traps.h"
#include "base/assert.h"
#include "machine/console.h"
#include "machine/interrupts.h"
#include "machine/power.h"
#include "machine/upcalls.h"

namespace arch::riscv64 {
namespace {

namespace upcalls = kernel::machine::upcalls;

/// Exception codes, Privileged Architecture 1.12, table 4.2.
constexpr u64 kInstructionAccessFault = 1;
constexpr u64 kIllegalInstruction = 2;
constexpr u64 kBreakpoint = 3;
constexpr u64 kLoadAccessFault = 5;
constexpr u64 kStoreAccessFault = 7;
constexpr u64 kInstructionPageFault = 12;
constexpr u64 kLoadPageFault = 13;
constexpr u64 kStorePageFault = 15;

/// A fault that comes back at one place this often is not cured by trying again.
constexpr u32 kMaxRetries = 16;

std::string_view exception_name(u64 cause) {
    constexpr std::string_view kNames[] = {
        "instruction address misaligned",
        "instruction access fault",
        "illegal instruction",
        "breakpoint or trapped undefined behaviour",
        "load address misaligned",
        "load access fault",
        "store address misaligned",
        "store access fault",
        "system call from user mode",
        "system call from supervisor mode",
        "reserved exception 10",
        "reserved exception 11",
        "instruction page fault",
        "load page fault",
        "reserved exception 14",
        "store page fault",
    };
    return cause < std::size(kNames) ? kNames[cause] : "unknown exception";
}

std::optional<sv39::Attempt> attempt_of(u64 cause) {
    if (cause == kInstructionPageFault) return sv39::Attempt::kExecute;
    if (cause == kLoadPageFault) return sv39::Attempt::kLoad;
    if (cause == kStorePageFault) return sv39::Attempt::kStore;
    return std::nullopt;
}

bool saving_registers(u64 pc) {
    return pc >= reinterpret_cast<u64>(&trap_entry) && pc < reinterpret_cast<u64>(&trap_saved);
}

/// Whether trying again is worth it: the page is mapped and allows what was tried.
bool settle(HartBlock& self, const TrapFrame& frame, VirtAddr address) {
    const std::optional<sv39::Attempt> attempt = attempt_of(frame.cause);
    // A fault while a trap saved its registers has overwritten the first trap's cause.
    if (!attempt || saving_registers(frame.pc)) return false;
    if (sv39::settle_fault(kernel_tables(), address, *attempt) != sv39::FaultCause::kStale) {
        return false;
    }
    const bool again = self.retry_pc.value == frame.pc && self.retry_address == address;
    self.retries = again ? self.retries + 1 : 1;
    self.retry_pc = {frame.pc};
    self.retry_address = address;
    if (self.retries > kMaxRetries) return false;
    flush_translations();
    return true;
}

/// A fault of the kernel's on user memory is what its caller asks about. Access faults, too: no
/// program may bring the kernel down by what it maps.
bool recover_user_access(TrapFrame& frame) {
    if (frame.pc < reinterpret_cast<u64>(&riscv64_user_copy) ||
        frame.pc >= reinterpret_cast<u64>(&riscv64_user_access_end) ||
        (!attempt_of(frame.cause) && frame.cause != kLoadAccessFault &&
         frame.cause != kStoreAccessFault) ||
        fault_address(frame.value).value >= kernel::machine::kUserEnd) {
        return false;
    }
    frame.pc = reinterpret_cast<u64>(&riscv64_user_access_failed);
    return true;
}

upcalls::UserTrap user_trap_of(u64 cause) {
    using upcalls::UserTrap;
    switch (cause) {
        case kInstructionPageFault:
            return UserTrap::kExecute;
        case kLoadPageFault:
            return UserTrap::kLoad;
        case kStorePageFault:
            return UserTrap::kStore;
        case kIllegalInstruction:
            return UserTrap::kIllegalInstruction;
        case kBreakpoint:
            return UserTrap::kBreakpoint;
        case kInstructionAccessFault:
        case kLoadAccessFault:
        case kStoreAccessFault:
            return UserTrap::kAccess;
        default:
            return UserTrap::kMisaligned;
    }
}

/// Below a stack lies its guard, which is not mapped; a function that needs more than is left
/// starts by moving the stack pointer there.
bool stack_overflowed(const TrapFrame& frame) {
    if (!attempt_of(frame.cause)) return false;
    if (kernel_tables().root().value == 0) return false;  // the early map has no guards
    return saving_registers(frame.pc) || !kernel_tables().find({frame.x[kRegisterSp]});
}

}  // namespace

extern "C" void riscv64_exception(TrapFrame* frame) {
    HartBlock& self = this_hart();
    const VirtAddr address = fault_address(frame->value);
    if (recover_user_access(*frame)) return;
    if (kernel_tables().root().value != 0 && settle(self, *frame, address)) return;
    if (self.fault != nullptr) {
        // The report of one fault ran into another: no more than this can be trusted.
        kernel::machine::early_console_write("\npanic: a further fault while reporting one\n");
        kernel::machine::power_off(kPanicStatus);
    }
    self.fault = frame;
    const std::string_view what =
        stack_overflowed(*frame) ? "kernel stack overflow" : exception_name(frame->cause);
    upcalls::kernel_fault(what, {frame->pc}, address);
}

extern "C" void riscv64_interrupt(TrapFrame* frame) {
    HartBlock& self = this_hart();
    // What is interrupted may touch user memory; what runs before it goes on may not.
    (void)clear_csr_bits<Csr::kSstatus>(  // ignored: in the frame
        sstatus::UserMemory::kMask | sstatus::ReadExecutable::kMask);
    switch (frame->cause & ~interrupt::kFlag) {
        case interrupt::kSoftware:
            (void)clear_csr_bits<Csr::kSip>(  // ignored: it is why we are here
                interrupt::bit(interrupt::kSoftware));
            // [hart.stop] acquire: pairs with release in stop_other_harts().
            if (self.stop_requested.load(std::memory_order_acquire) != 0) {
                stop_here(
                    {.pc = {frame->pc}, .frame_pointer = {frame->x[kRegisterS0]}, .frame = frame});
            }
            upcalls::ipi();
            break;
        case interrupt::kTimer:
            silence_timer();
            upcalls::timer();
            break;
        case interrupt::kExternal:
            plic.take(self.index, upcalls::external);
            break;
        default:
            PANIC("interrupt {} was never turned on", frame->cause & ~interrupt::kFlag);
    }
    // The hart took it with interrupts on, or it would not have taken it.
    DEBUG_ASSERT(sstatus::PreviousInterruptEnable::get(frame->status) != 0);
    upcalls::interrupt_exit();
    // Whatever ran meanwhile, whose floating-point registers this hart has is not in the frame.
    constexpr u64 kFloats = sstatus::FloatState::kMask;
    frame->status = (frame->status & ~kFloats) | (read_csr<Csr::kSstatus>() & kFloats);
}

extern "C" void riscv64_user_trap(TrapFrame* frame) {
    upcalls::user_entry();
    auto& registers = *reinterpret_cast<UserRegisters*>(frame);
    if ((frame->cause & interrupt::kFlag) != 0) {
        riscv64_interrupt(frame);
    } else if (frame->cause == kIllegalInstruction && give_floats(this_hart())) {
        // It is tried again.
    } else {
        kernel::machine::enable_interrupts();
        upcalls::user_trap(registers, user_trap_of(frame->cause), fault_address(frame->value));
    }
    before_user_mode(registers);
}

}  // namespace arch::riscv64
