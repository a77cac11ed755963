// Device registers: which model answers at which address.
#include "tests/host/common/devices.h"

#include <vector>

#include "base/assert.h"
#include "machine/memory.h"
#include "tests/host/common/machine.h"

namespace host {
namespace {

// Set while no machine runs, const while one does.
std::vector<Device>& devices() {
    static auto* all = new std::vector<Device>;
    return *all;
}

/// Device registers are not memory on the host: their addresses are mapped nowhere, and only
/// device_read and device_write understand them.
constexpr kernel::u64 kDeviceArea = kernel::u64{1} << 60;

/// The device at `at` and the offset in it.
std::pair<RegisterModel*, u64> find(kernel::VirtAddr at) {
    const PhysAddr physical{at.value - kDeviceArea};
    for (const Device& device : devices()) {
        if (device.registers.contains(physical)) {
            return {device.model, physical - device.registers.start};
        }
    }
    PANIC("device access to {:x}, where no device is", physical.value);
}

}  // namespace

void set_devices(const std::vector<Device>& all) { devices() = all; }

}  // namespace host

namespace kernel::machine {

Result<VirtAddr> map_device(PhysAddr start, u64) {
    return VirtAddr{start.value + host::kDeviceArea};
}

template <class T>
    requires(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8)
T device_read(VirtAddr at) {
    const auto [model, offset] = host::find(at);
    return static_cast<T>(model->read(offset, sizeof(T)));
}

template <class T>
    requires(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8)
void device_write(VirtAddr at, T value) {
    const auto [model, offset] = host::find(at);
    model->write(offset, sizeof(T), value);
}

template u8 device_read<u8>(VirtAddr);
template u32 device_read<u32>(VirtAddr);
template u64 device_read<u64>(VirtAddr);
template void device_write<u8>(VirtAddr, u8);
template void device_write<u32>(VirtAddr, u32);
template void device_write<u64>(VirtAddr, u64);

void device_fence() {}

}  // namespace kernel::machine
