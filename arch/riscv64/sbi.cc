// The firmware call and its typed forms.
#include "arch/riscv64/sbi.h"

namespace arch::riscv64::sbi {

Reply call(Extension extension, u64 function, u64 arg0, u64 arg1, u64 arg2, u64 arg3) {
    register u64 a0 asm("a0") = arg0;
    register u64 a1 asm("a1") = arg1;
    register u64 a2 asm("a2") = arg2;
    register u64 a3 asm("a3") = arg3;
    register u64 a6 asm("a6") = function;
    register u64 a7 asm("a7") = static_cast<u64>(extension);
    // Chapter 3: all registers but a0 and a1 are kept.
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6), "r"(a7) : "memory");
    return {static_cast<Status>(a0), a1};
}

bool has(Extension extension) {
    constexpr u64 kProbe = 3;
    const Reply reply = call(Extension::kBase, kProbe, static_cast<u64>(extension));
    return reply.ok() && reply.value != 0;
}

void set_timer(u64 deadline) {
    (void)call(Extension::kTimer, 0, deadline);  // ignored: it cannot fail where TIME exists
}

Reply send_ipi(u64 hart) { return call(Extension::kIpi, 0, 1, hart); }

namespace {
constexpr u64 kFenceInstructions = 0;
constexpr u64 kFenceTranslations = 1;
constexpr u64 kEveryHart = ~u64{0};   // as hart_mask_base
constexpr u64 kWholeSpace = ~u64{0};  // as size, from address 0
}  // namespace

Reply fence_translations_everywhere() {
    return call(Extension::kFence, kFenceTranslations, 0, kEveryHart, 0, kWholeSpace);
}
Reply fence_instructions_everywhere() {
    return call(Extension::kFence, kFenceInstructions, 0, kEveryHart);
}

Reply start_hart(u64 hart, PhysAddr entry, u64 opaque) {
    return call(Extension::kHart, 0, hart, entry.value, opaque);
}

Reply reset(ResetType type, ResetReason reason) {
    return call(Extension::kReset, 0, static_cast<u64>(type), static_cast<u64>(reason));
}

Reply console_write(PhysAddr text, u64 size) {
    return call(Extension::kConsole, 0, size, text.value, 0);
}

void legacy_putchar(char byte) {
    (void)call(Extension::kLegacyPutchar, 0, static_cast<u8>(byte));  // ignored: nothing to do
}

}  // namespace arch::riscv64::sbi
