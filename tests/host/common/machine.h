// The host as a machine: what tests and the host board say to start one, and how it ended.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/boot_info.h"
#include "machine/hart.h"
#include "tests/host/common/device.h"

namespace host {

using kernel::ConstBytes;
using kernel::Nanos;
using kernel::PhysAddr;
using kernel::PhysRange;
using kernel::Sink;
using kernel::u32;
using kernel::u64;
using kernel::u8;
using kernel::usize;
using kernel::machine::HartIndex;

/// What only the simulator looks at.
struct SimulationOptions {
    /// Give up after so many schedule points: what does not end by then will not.
    u64 step_limit = 50'000'000;
    /// Called once when the machine has come to a standstill or gave up: adds to Outcome::report
    /// who waits for what. Runs outside of the machine; must take no lock.
    void (*report)(Sink& sink) = nullptr;
};

/// A machine to be started.
struct MachineOptions {
    u32 harts = 2;
    HartIndex boot_hart = 0;
    u64 memory = 64 * kernel::kMiB;
    /// Everything that the simulator decides follows from it; on threads it only feeds jitter().
    u64 seed = 1;
    std::string boot_args{};
    std::vector<std::byte> initrd{};
    std::vector<std::byte> boot_seed{};
    std::vector<PhysRange> reserved{};  // beyond what the machine reserves itself
    std::vector<Device> devices{};
    /// Takes what goes to the early console; stdout if empty.
    std::function<void(std::string_view)> console{};
    /// Nanoseconds since 1970 that wall_clock() starts from; 0: there is no such clock.
    u64 wall_clock_base = 0;
    /// The hardware id of hart 0, and the others go on from there: indices are not ids.
    u64 first_hart_id = 0;
    SimulationOptions simulation{};
};

enum class End : u8 {
    kPoweredOff,  // power_off(status)
    kRebooted,    // reboot()
    kStandstill,  // simulator: all harts wait and nothing will ever wake one
    kStepLimit,   // simulator: see SimulationOptions::step_limit
};

struct Outcome {
    End end = End::kPoweredOff;
    u8 status = 0;
    u64 steps = 0;         // simulator: schedule points passed
    u64 trace = 0;         // simulator: a hash of all decisions; equal seeds give equal traces
    Nanos time{};          // how long the machine ran, in its own time
    std::string report{};  // simulator: why, for ends other than the first two
};

/// Starts a machine, which calls upcalls::boot_main, and returns when it has turned itself off. All
/// flows of control in it are abandoned where they are. One machine at a time.
Outcome run_machine(const MachineOptions& options);

/// Where the RAM of all machines begins.
inline constexpr PhysAddr kRamStart{0x8000'0000};

}  // namespace host
