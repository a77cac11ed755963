// HartBlock: what the riscv64 code keeps per hart; tp points at the running hart's.
#pragma once

// Offsets for assembly; checked below.
#define HART_EMERGENCY_TOP 0
#define HART_CURRENT_FLOW 8
#define HART_TRAP_T0 16
#define HART_USER_REGISTERS 24
#define HART_USER_SP 32
#define HART_SYSTEM_CALLS 48

#if !defined(__ASSEMBLER__)

#include "arch/riscv64/platform/alarm.h"
#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/machine_description.h"
#include "boot/start_record.h"
#include "machine/hart.h"
#include "machine/user.h"

namespace arch::riscv64 {

struct TrapFrame;

/// Where a hart that was told to stop stands.
struct StoppedPlace {
    VirtAddr pc;  // a return address, if there is no trap frame
    VirtAddr frame_pointer;
    const TrapFrame* frame = nullptr;  // null: it stopped in relax(), without a trap
};

/// What goes to firmware's console in one call.
inline constexpr usize kConsoleBounceSize = 64;

struct alignas(64) HartBlock {
    u64 emergency_top = 0;         // const after the hart's start
    void* current_flow = nullptr;  // hart-local: the scheduler's
    u64 trap_t0 = 0;               // hart-local: t0 while a trap begins
    // hart-local: where a trap from user mode saves registers, and sp while it begins; see run_in()
    kernel::machine::UserRegisters* user_registers = nullptr;
    u64 user_sp = 0;
    kernel::machine::HartIndex index = 0;  // const after boot
    u32 spin_locks_held = 0;               // hart-local: sync's
    // hart-local: where programs find their calls, see use_calls(); set at the hart's start
    const kernel::machine::SystemCallTable* system_calls = nullptr;
    kernel::machine::UserSpace* user_space =
        nullptr;  // hart-local: what satp selects; null: kernel
    // hart-local: where the floating-point registers of the program in user_space are kept
    kernel::machine::FloatRegisters* floats = nullptr;
    u64 hardware_id = 0;      // const after boot
    bool lists_sstc = false;  // const after boot
    AlarmBy alarm_by{};       // hart-local
    boot::StartRecord start;  // const once the hart is asked to start

    u64 map_generation = 0;  // hart-local: the changes of the kernel map this hart has fenced for
    VirtAddr retry_pc;       // hart-local: the last fault that was tried again, and how often
    VirtAddr retry_address;
    u32 retries = 0;
    const TrapFrame* fault = nullptr;  // hart-local: the trap that is being reported

    Atomic<u32> online{0};          // atomic: [hart.online]
    Atomic<u32> stop_requested{0};  // atomic: [hart.stop]
    Atomic<u32> stopped{0};         // atomic: [hart.stopped]
    StoppedPlace stopped_place;     // written before `stopped`, read after it

    // hart-local; in the image, so its physical address is known
    std::array<char, kConsoleBounceSize> console_bounce{};
};
static_assert(offsetof(HartBlock, emergency_top) == HART_EMERGENCY_TOP);
static_assert(offsetof(HartBlock, current_flow) == HART_CURRENT_FLOW);
static_assert(offsetof(HartBlock, trap_t0) == HART_TRAP_T0);
static_assert(offsetof(HartBlock, user_registers) == HART_USER_REGISTERS);
static_assert(offsetof(HartBlock, user_sp) == HART_USER_SP);
static_assert(offsetof(HartBlock, system_calls) == HART_SYSTEM_CALLS);
static_assert(offsetof(HartBlock, index) == kernel::machine::kHartIndexOffset);
static_assert(offsetof(HartBlock, current_flow) == kernel::machine::kCurrentFlowOffset);
static_assert(offsetof(HartBlock, spin_locks_held) == kernel::machine::kSpinLocksHeldOffset);

/// All blocks, by hart index.
extern std::array<HartBlock, kernel::machine::kMaxHarts> hart_blocks;

/// The running hart's block. Stable only while interrupts are off.
inline HartBlock& this_hart() {
    HartBlock* block;
    asm volatile("mv %0, tp" : "=r"(block));
    return *block;
}
inline void set_this_hart(HartBlock& block) { asm volatile("mv tp, %0" ::"r"(&block) : "memory"); }

/// Fills the blocks from the description. Context: boot.
void init_hart_blocks(const boot::MachineDescription& machine);

/// Makes the running hart ready for traps, interrupts and its timer; then it counts as online.
/// Interrupts off; once per hart, on the kernel's own map.
void bring_hart_online();

/// Notes where this hart stands and waits for ever. For a hart that saw stop_requested.
[[noreturn]] void stop_here(StoppedPlace place);

}  // namespace arch::riscv64

#endif
