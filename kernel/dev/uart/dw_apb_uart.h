// DwApbUart: Synopsys DesignWare's 16550 with its two quirks ("snps,dw-apb-uart").
#pragma once

#include "base/std.h"
#include "dev/uart/ns16550.h"

namespace kernel::dev {

/// DesignWare DW_apb_uart (Synopsys databook, "Interrupts"): a 16550 that has a cause of its own,
/// raised when the line control register is written while the port is busy, and that can report a
/// receive timeout with nothing received, for ever.
class DwApbUart final : public Ns16550 {
public:
    constexpr DwApbUart() = default;

    Result<void> start(const machine::DeviceInfo& device) override;
    void acknowledge() override;
};

}  // namespace kernel::dev
