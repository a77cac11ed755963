// TrapFrame: the registers a trap saves, as trap_entry.S lays them out.
#pragma once

#define TRAP_FRAME_PC 0
#define TRAP_FRAME_X(n) ((n) * 8)
#define TRAP_FRAME_STATUS 256
#define TRAP_FRAME_CAUSE 264
#define TRAP_FRAME_VALUE 272
#define TRAP_FRAME_RECORD 288
#define TRAP_FRAME_SIZE 304
// Behind it, see machine::UserRoom.
#define USER_ROOM_CALLS 304
#define USER_ROOM_RECORDS 312
#define USER_ROOM_RECORD 320
#define USER_ROOM_STAMP 328
#define CALL_RECORDS 32
#define CALL_RETURNED 0x80

// Rows of the table of calls, two words each: the function, and whether it is a full call.
#define SYSTEM_CALLS 64

#if !defined(__ASSEMBLER__)

#include "arch/riscv64/sv39/vocabulary.h"
#include "machine/user.h"

namespace arch::riscv64 {

/// Lies at the stack pointer of the handler. Its last two words look like what a function keeps
/// below its frame pointer, so that a walk over frames passes through it. It begins as the
/// UserRegisters do, which are all there is of it for a trap from user mode.
struct TrapFrame {
    union {
        u64 pc;                 // in the place of x0, which needs none
        std::array<u64, 32> x;  // x[1] .. x[31]
    };
    u64 status;
    u64 cause;
    u64 value;  // stval
    u64 unused;
    u64 record_frame_pointer;  // of the interrupted code
    u64 record_return;         // = pc
};
static_assert(offsetof(TrapFrame, status) == TRAP_FRAME_STATUS);
static_assert(offsetof(TrapFrame, cause) == TRAP_FRAME_CAUSE);
static_assert(offsetof(TrapFrame, value) == TRAP_FRAME_VALUE);
static_assert(offsetof(TrapFrame, record_frame_pointer) == TRAP_FRAME_RECORD);
static_assert(sizeof(TrapFrame) == TRAP_FRAME_SIZE && TRAP_FRAME_SIZE % 16 == 0);
using kernel::machine::UserRegisters;
static_assert(offsetof(UserRegisters, pc) == TRAP_FRAME_PC);
static_assert(offsetof(UserRegisters, x1) == TRAP_FRAME_X(1));
static_assert(offsetof(UserRegisters, status) == TRAP_FRAME_STATUS);
static_assert(offsetof(UserRegisters, cause) == TRAP_FRAME_CAUSE);
static_assert(offsetof(UserRegisters, value) == TRAP_FRAME_VALUE);
static_assert(offsetof(kernel::machine::UserRoom, calls) == USER_ROOM_CALLS && USER_ROOM_CALLS >= TRAP_FRAME_SIZE);
static_assert(offsetof(kernel::machine::UserRoom, records) == USER_ROOM_RECORDS);
static_assert(offsetof(kernel::machine::UserRoom, record) == USER_ROOM_RECORD);
static_assert(offsetof(kernel::machine::UserRoom, stamp) == USER_ROOM_STAMP);
static_assert(kernel::machine::kCallRecords == CALL_RECORDS && sizeof(kernel::machine::CallRecord) == 16);
static_assert(kernel::machine::kUserRegistersRoom % 16 == 0);
static_assert(kernel::machine::kSystemCalls == SYSTEM_CALLS);
static_assert(sizeof(kernel::machine::SystemCall) == 16);

/// Register numbers by their use.
inline constexpr usize kRegisterRa = 1;
inline constexpr usize kRegisterSp = 2;
inline constexpr usize kRegisterS0 = 8;

extern "C" {
/// The trap vector, the end of the part that saves registers, and the place after the handler's
/// call.
void trap_entry();
void trap_saved();
void trap_return();
}

}  // namespace arch::riscv64

#endif
