// Output through firmware: the debug console where there is one, else the legacy call, byte by
// byte.
#include "arch/riscv64/console.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/sbi.h"
#include "base/log.h"
#include "machine/console.h"
#include "machine/interrupts.h"

namespace arch::riscv64 {
namespace {

constinit bool has_debug_console = false;  // const after init_console()

/// Writes what firmware takes of `text`, at most a bounce buffer full; returns how much that was.
/// Firmware reads physical memory, and a stack need not be contiguous there.
usize write_some(std::string_view text) {
    std::array<char, 64>& bounce = this_hart().console_bounce;
    const usize size = std::min(text.size(), bounce.size());
    std::copy_n(text.data(), size, bounce.data());
    const sbi::Reply reply = sbi::console_write(image_physical(VirtAddr::of(bounce.data())), size);
    return reply.ok() ? std::min<usize>(reply.value, size) : size;  // a broken console loses text
}

}  // namespace

void init_console() {
    has_debug_console = sbi::has(sbi::Extension::kConsole);
    kernel::set_log_writer(kernel::machine::early_console_write);
}

}  // namespace arch::riscv64

namespace kernel::machine {

void early_console_write(std::string_view text) {
    if (!arch::riscv64::has_debug_console) {
        for (char byte : text) arch::riscv64::sbi::legacy_putchar(byte);
        return;
    }
    const InterruptsOff off;  // the bounce buffer is the hart's
    while (!text.empty()) text.remove_prefix(arch::riscv64::write_some(text));
}

}  // namespace kernel::machine
