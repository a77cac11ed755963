// A board without a processor: firmware, and devices behind their registers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "boot/machine_description.h"
#include "tests/host/common/device.h"
#include "tests/unit/platform/fake_firmware.h"

namespace arch::riscv64::test {

/// Plugs `devices` into device_read() and device_write(), takes the log and the early console, and
/// lets panics be seen by death tests. One at a time.
class Board : kernel::Pinned {
public:
    explicit Board(FakeFirmware::Version version = FakeFirmware::Version::k1_0,
                   const std::vector<host::Device>& devices = {}, std::string boot_args = {});
    ~Board();

    FakeFirmware firmware;
    std::string log;
    std::string early;  // what the kernel said last, by machine/console.h
};

/// A machine that has `harts` harts and nothing else.
std::unique_ptr<boot::MachineDescription> machine_with(u32 harts);

}  // namespace arch::riscv64::test
