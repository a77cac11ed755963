// Plugging the board together.
#include "tests/unit/platform/board.h"

#include "base/log.h"
#include "base/panic.h"
#include "tests/host/common/session.h"
#include "tests/unit/show_panics.h"

namespace arch::riscv64::test {
namespace {

Board* current = nullptr;

}  // namespace

Board::Board(FakeFirmware::Version version, const std::vector<host::Device>& devices,
             std::string boot_args)
    : firmware(version) {
    current = this;
    host::MachineOptions options;
    options.devices = devices;
    options.boot_args = std::move(boot_args);
    options.console = [this](std::string_view text) {
        if (!firmware.gone) early += text;
    };
    host::begin_session(options);
    // No machine runs, so there is none to stop or to look at.
    kernel::testing::show_panics();
    kernel::set_panic_hooks({.begin = [] {},
                             .output = nullptr,
                             .backtrace = [](kernel::Sink&) {},
                             .report = nullptr,
                             .halt = nullptr});
    kernel::set_log_writer([](std::string_view line) { current->log += line; });
}

Board::~Board() {
    kernel::set_log_writer(nullptr);
    host::begin_session({});
    current = nullptr;
}

std::unique_ptr<boot::MachineDescription> machine_with(u32 harts) {
    auto machine = std::make_unique<boot::MachineDescription>();
    machine->info.hart_count = harts;
    return machine;
}

}  // namespace arch::riscv64::test
