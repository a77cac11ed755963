// The early console of kernel/machine, by firmware.
#include "arch/riscv64/console.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/platform/firmware_console.h"
#include "base/log.h"
#include "machine/console.h"

namespace arch::riscv64 {
namespace {

FirmwareConsole::Bounce bounce_of_hart() {
    std::array<char, kConsoleBounceSize>& room = this_hart().console_bounce;
    return {.room = room, .at = image_physical(VirtAddr::of(room.data()))};
}

constinit FirmwareConsole firmware_console{bounce_of_hart};

}  // namespace

void init_console() {
    firmware_console.open();
    kernel::set_log_writer(kernel::machine::early_console_write);
}

}  // namespace arch::riscv64

namespace kernel::machine {

void early_console_write(std::string_view text) { arch::riscv64::firmware_console.write(text); }

}  // namespace kernel::machine
