// Differences in words, and how much is tested.
#include "tests/interpreter/difference.h"

#include <cstdio>
#include <cstdlib>

namespace interpreter_tests {

namespace {

std::string differs(const std::string& what, u64 interpreter, u64 qemu) {
    return what + ": " + hexadecimal(interpreter) + " in the interpreter, " + hexadecimal(qemu) +
           " in QEMU";
}

}  // namespace

u64 Amount::of_this_tier() const {
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    const std::string_view name = tier == nullptr ? "default" : tier;
    return name == "fast" ? fast : name == "long" ? many : normal;
}

u64 first_seed() {
    const char* given = std::getenv("PROCYON_SEED");
    return given == nullptr ? 1 : std::strtoull(given, nullptr, 0);
}

std::string hexadecimal(u64 value) {
    char text[24];
    std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

std::string difference_of(const std::array<u64, 32>& interpreter, const std::array<u64, 32>& qemu) {
    for (usize i = 1; i < 32; ++i) {
        if (interpreter[i] != qemu[i]) {
            return differs("x" + std::to_string(i), interpreter[i], qemu[i]);
        }
    }
    return interpreter[0] == 0 ? "" : "x0 is not zero in the interpreter";
}

std::string difference_of(const host::interpreter::Stop& stop,
                          const host::interpreter::UserRegisters& registers, const Outcome& qemu) {
    const u64 cause = static_cast<u64>(stop.cause);
    if (cause != qemu.cause) return differs("cause", cause, qemu.cause);
    if (stop.value != qemu.value) return differs("stval", stop.value, qemu.value);
    if (registers.pc != qemu.pc) return differs("pc", registers.pc, qemu.pc);
    return difference_of(registers.x, qemu.x);
}

std::string difference_of(const std::vector<std::byte>& interpreter,
                          const std::vector<std::byte>& qemu) {
    const u64 begin = RamImage::kFirstPage;
    const u64 end = begin + RamImage::kPages * kernel::kPageSize;
    for (u64 i = begin; i < end; ++i) {
        if (interpreter[i] == qemu[i]) continue;
        return differs("memory at " + hexadecimal(RamImage::kStart.value + i),
                       std::to_integer<u64>(interpreter[i]), std::to_integer<u64>(qemu[i]));
    }
    return "";
}

}  // namespace interpreter_tests
