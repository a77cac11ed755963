// The devices of the machine that runs, for the backends.
#pragma once

#include <vector>

#include "tests/host/common/device.h"

namespace host {

/// Replaces the devices. Outside of a machine.
void set_devices(const std::vector<Device>& all);

}  // namespace host
