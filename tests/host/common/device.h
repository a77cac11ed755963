// Devices on the host: register models that answer the kernel's device accesses.
#pragma once

#include <string>

#include "base/std.h"
#include "base/units.h"
#include "machine/interrupts.h"

namespace host {

/// The registers of one device. Accesses come from any hart, one at a time per model is the model's
/// own business.
class RegisterModel {
public:
    virtual ~RegisterModel() = default;
    /// `width` is the access in bytes; `offset` is from the start of the device.
    virtual kernel::u64 read(kernel::u64 offset, unsigned width) = 0;
    virtual void write(kernel::u64 offset, unsigned width, kernel::u64 value) = 0;
};

/// A device as the machine description lists it.
struct Device {
    std::string compatible{};
    kernel::PhysRange registers{};
    RegisterModel* model = nullptr;
    kernel::machine::IrqLine line = 0;
    kernel::u32 register_shift = 0;
    kernel::u32 register_width = 1;
    kernel::u64 clock_frequency = 0;
    bool is_console = false;
};

/// Lines a host machine has: 1 .. kLines - 1.
inline constexpr kernel::machine::IrqLine kLines = 64;

/// Sets the level of an interrupt line; while it is high and enabled, its hart is interrupted. Any
/// host thread or hart.
void set_line(kernel::machine::IrqLine line, bool high);

}  // namespace host
