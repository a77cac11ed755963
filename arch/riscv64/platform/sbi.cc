// The typed forms of the firmware call.
#include "arch/riscv64/platform/sbi.h"

namespace arch::riscv64::sbi {

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
Reply fence_translations(u64 mask, u64 base) {
    return call(Extension::kFence, kFenceTranslations, mask, base, 0, kWholeSpace);
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

void legacy_shutdown() {
    (void)call(Extension::kLegacyShutdown, 0);  // ignored: it returns if it cannot, and says so
}

}  // namespace arch::riscv64::sbi
