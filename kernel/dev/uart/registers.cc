// Mapping a device's registers, with a look at whether the description makes sense.
#include "dev/uart/registers.h"

namespace kernel::dev {

Result<RegisterBlock> RegisterBlock::map(const machine::DeviceInfo& device, u32 count) {
    constexpr u32 kShiftMax = 8;
    const u32 width = device.register_width;
    const u32 shift = device.register_shift;
    if (width != 1 && width != 4) return Error::kNoDevice;
    if (shift > kShiftMax || (u32{1} << shift) < width) return Error::kNoDevice;
    if (!is_aligned(device.registers.start.value, width)) return Error::kNoDevice;
    if ((u64{count - 1} << shift) + width > device.registers.size) return Error::kNoDevice;
    RegisterBlock block;
    block.base_ = TRY(machine::map_device(device.registers.start, device.registers.size));
    block.shift_ = shift;
    block.width_ = width;
    return block;
}

}  // namespace kernel::dev
