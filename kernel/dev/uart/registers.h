// RegisterBlock: the registers of a device, at the spacing and width the machine's description
// says.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/boot_info.h"
#include "machine/memory.h"

namespace kernel::dev {

/// Numbered registers: register n is at base + (n << shift) and is accessed in `width` bytes.
/// A plain value; whoever accesses the device serialises the accesses.
class RegisterBlock {
public:
    constexpr RegisterBlock() = default;

    /// Maps the registers of `device`, of which `count` are used. Fails with kNoDevice if the
    /// description contradicts itself (a width other than 1 or 4, registers that overlap or lie
    /// outside the range), with kNoMemory if there is none to map them. Context: boot or task.
    static Result<RegisterBlock> map(const machine::DeviceInfo& device, u32 count);

    /// The value of register `index`. Any context.
    u32 read(u32 index) const {
        const VirtAddr at = address(index);
        return width_ == 4 ? machine::device_read<u32>(at) : machine::device_read<u8>(at);
    }
    void write(u32 index, u32 value) const {
        const VirtAddr at = address(index);
        if (width_ == 4) {
            machine::device_write<u32>(at, value);
        } else {
            machine::device_write<u8>(at, static_cast<u8>(value));
        }
    }

private:
    VirtAddr address(u32 index) const { return base_ + (u64{index} << shift_); }

    VirtAddr base_;
    u32 shift_ = 0;
    u32 width_ = 1;
};

}  // namespace kernel::dev
