// SifiveUart: the serial port of SiFive's chips ("sifive,uart0").
#pragma once

#include "base/std.h"
#include "dev/uart/registers.h"
#include "dev/uart/uart.h"

namespace kernel::dev {

/// SiFive FU540-C000 manual, chapter 13: two 8-byte FIFOs with watermarks; all registers are words.
/// The divisor is never written: the speed is firmware's.
class SifiveUart final : public Uart {
public:
    constexpr SifiveUart() = default;

    Result<void> start(const machine::DeviceInfo& device) override;
    std::optional<u8> receive() override;
    bool transmit(u8 byte) override;
    bool all_sent() override;
    void acknowledge() override {}  // both causes are levels of the FIFOs
    void request_transmit_interrupt() override;
    void cancel_transmit_interrupt() override;

private:
    RegisterBlock registers_;  // const after start
};

}  // namespace kernel::dev
