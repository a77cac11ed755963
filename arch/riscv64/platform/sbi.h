// Calls into the firmware: RISC-V Supervisor Binary Interface 2.0, with the chapter at each
// extension.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sbi {

/// Chapter 3: standard error codes.
enum class Status : i64 {
    kSuccess = 0,
    kFailed = -1,
    kNotSupported = -2,
    kInvalidParam = -3,
    kDenied = -4,
    kInvalidAddress = -5,
    kAlreadyAvailable = -6,
    kAlreadyStarted = -7,
    kAlreadyStopped = -8,
};

/// What a call returns in a0 and a1.
struct Reply {
    Status status;
    u64 value;

    bool ok() const { return status == Status::kSuccess; }
};

/// Extension ids.
enum class Extension : u64 {
    kLegacyPutchar = 0x01,   // chapter 5.2
    kLegacyShutdown = 0x08,  // chapter 5.9
    kBase = 0x10,            // chapter 4
    kTimer = 0x54494d45,     // chapter 6: TIME
    kIpi = 0x735049,         // chapter 7: sPI
    kFence = 0x52464e43,     // chapter 8: RFNC
    kHart = 0x48534d,        // chapter 9: HSM
    kReset = 0x53525354,     // chapter 10: SRST
    kConsole = 0x4442434e,   // chapter 12: DBCN
};

/// One call; see chapter 3 for what it may change. The instruction itself is the machine's own, in
/// arch/riscv64/sbi_call.cc; tests bring a firmware of theirs. Any context.
Reply call(Extension extension, u64 function, u64 a0 = 0, u64 a1 = 0, u64 a2 = 0, u64 a3 = 0);

/// 4.4: whether firmware has `extension`. Not for the legacy ones: firmware may have those and not
/// list them.
bool has(Extension extension);

/// 6.1: the next timer interrupt of this hart comes when the time is `deadline` or later.
void set_timer(u64 deadline);

/// 7.1: a software interrupt for the hart with hardware id `hart`.
Reply send_ipi(u64 hart);

/// 8.2, 8.1: every hart forgets its cached translations, or its fetched instructions, before this
/// returns.
Reply fence_translations_everywhere();
/// The same for harts with the ids `base` + n for each bit n of `mask`.
Reply fence_translations(u64 mask, u64 base);
Reply fence_instructions_everywhere();

/// 9.1: starts a stopped hart at physical address `entry`, with a0 = its id and a1 = `opaque`.
Reply start_hart(u64 hart, PhysAddr entry, u64 opaque);

/// 10.1.
enum class ResetType : u32 { kShutdown = 0, kColdReboot = 1, kWarmReboot = 2 };
enum class ResetReason : u32 { kNone = 0, kSystemFailure = 1 };
/// Returns only if it cannot be done.
Reply reset(ResetType type, ResetReason reason);

/// 12.1: writes bytes of physical memory without waiting; the reply's value is how many were
/// written, perhaps none.
Reply console_write(PhysAddr text, u64 size);

// The legacy calls are made without a probe: firmware older than the probe has them, newer firmware
// may have them without listing them, and where they are gone the call says kNotSupported and does
// nothing else, as every call of an unknown extension has since SBI 0.2 (chapter 3).

/// 5.2: one byte, waiting until it is out.
void legacy_putchar(char byte);
/// 5.9: switches the machine off. Returns only if it cannot be done.
void legacy_shutdown();

}  // namespace arch::riscv64::sbi
