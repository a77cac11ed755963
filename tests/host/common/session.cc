// BootInfo, console, clock of day and panic hooks of the machine that runs.
#include "tests/host/common/session.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/assert.h"
#include "base/panic.h"
#include "base/text.h"
#include "machine/backtrace.h"
#include "machine/clock.h"
#include "machine/console.h"
#include "machine/power.h"
#include "machine/random.h"
#include "tests/host/common/arena.h"
#include "tests/host/common/devices.h"
#include "tests/host/common/user_hart.h"

namespace host {
namespace {

using kernel::machine::BootInfo;
using kernel::machine::DeviceInfo;

/// Where the image of the kernel would be: nobody may use it.
constexpr u64 kImageSize = 64 * kernel::kKiB;

// Written while no machine runs.
struct Session {
    MachineOptions options;
    std::vector<PhysRange> memory;
    std::vector<PhysRange> reserved;
    std::vector<DeviceInfo> devices;
    BootInfo info;
};
Session& session() {
    static auto* one = new Session;
    return *one;
}

void write_to(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(file, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<usize>(written));
    }
}

void panic_output(std::string_view text) { write_to(STDERR_FILENO, text); }

/// Tests want to see a panic die; a kernel with a machine to turn off sets a hook of its own.
void panic_halt() {
    fflush(nullptr);
    abort();
}

}  // namespace

void begin_session(const MachineOptions& options) {
    Session& s = session();
    s.options = options;
    ASSERT(options.harts >= 1 && options.harts <= kernel::machine::kMaxHarts);
    ASSERT(options.boot_hart < options.harts);
    reset_arena(options.memory);
    reset_user_harts(options.harts);
    set_devices(options.devices);

    s.info = {};
    s.memory = {{kRamStart, options.memory}};
    s.reserved = {{kRamStart, kImageSize}};
    for (const PhysRange& range : options.reserved) s.reserved.push_back(range);
    if (!options.initrd.empty()) {
        const u64 size = kernel::align_up(options.initrd.size(), kernel::kPageSize);
        ASSERT(size + kImageSize < options.memory);
        const PhysAddr start = kRamStart + (options.memory - size);
        std::memcpy(ram(start), options.initrd.data(), options.initrd.size());
        s.info.initrd = {start, options.initrd.size()};
        s.reserved.push_back({start, size});
    }
    std::sort(s.reserved.begin(), s.reserved.end(),
              [](const PhysRange& a, const PhysRange& b) { return a.start < b.start; });
    s.devices.clear();
    for (const Device& device : s.options.devices) {
        s.devices.push_back({.compatible = device.compatible,
                             .registers = device.registers,
                             .line = device.line,
                             .register_shift = device.register_shift,
                             .register_width = device.register_width,
                             .clock_frequency = device.clock_frequency,
                             .is_console = device.is_console});
    }
    s.info.model = "host";
    s.info.memory = s.memory;
    s.info.reserved = s.reserved;
    s.info.devices = s.devices;
    s.info.boot_args =
        std::string_view(s.options.boot_args).substr(0, kernel::machine::kBootArgsMax);
    s.info.seed = s.options.boot_seed;
    s.info.boot_hart = options.boot_hart;
    s.info.hart_count = options.harts;

    kernel::set_panic_hooks({.begin = kernel::machine::stop_other_harts,
                             .output = panic_output,
                             .backtrace = kernel::machine::print_all_harts,
                             .report = nullptr,
                             .halt = panic_halt});
}

const MachineOptions& session_options() { return session().options; }

}  // namespace host

namespace kernel::machine {

const BootInfo& boot_info() { return host::session().info; }

std::optional<std::string_view> boot_arg(std::string_view name) {
    return starred_value(boot_info().boot_args, name);
}

void early_console_write(std::string_view text) {
    const auto& console = host::session_options().console;
    if (console) {
        console(text);
    } else {
        host::write_to(STDOUT_FILENO, text);
    }
}

u64 clock_frequency() { return 1'000'000'000; }

std::optional<Nanos> wall_clock() {
    const u64 base = host::session_options().wall_clock_base;
    if (base == 0) return std::nullopt;
    return Nanos{base} + now();
}

u64 jitter() { return host::backend::jitter(); }

u64 hardware_hart_id(HartIndex hart) { return host::session_options().first_hart_id + hart; }

u32 hart_count() { return host::session_options().harts; }

}  // namespace kernel::machine
