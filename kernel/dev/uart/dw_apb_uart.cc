// What DesignWare's 16550 needs beyond the plain one.
#include "dev/uart/dw_apb_uart.h"

namespace kernel::dev {
namespace {

constexpr u32 kUartStatus = 0x1f;  // reading it quiets the busy cause
constexpr u32 kRegisterCount = kUartStatus + 1;
constexpr u32 kBusyDetect = 0x7;

}  // namespace

Result<void> DwApbUart::start(const machine::DeviceInfo& device) {
    TRY(start_with(device, kRegisterCount));
    // Firmware may have left the busy cause raised.
    (void)registers().read(kUartStatus);  // ignored: quiets it
    return {};
}

void DwApbUart::acknowledge() {
    const u32 found = cause();
    if (found == kBusyDetect) {
        (void)registers().read(kUartStatus);  // ignored: quiets it
    } else if (found == kReceiveTimeout && !has_received()) {
        // Only a read of the receive buffer ends this timeout, though there is nothing to read.
        (void)registers().read(kData);  // ignored: nothing was received
    } else {
        acknowledge_cause(found);
    }
}

}  // namespace kernel::dev
