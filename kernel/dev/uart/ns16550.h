// Ns16550: the 16550A serial port, and the part that its descendants share.
#pragma once

#include "base/std.h"
#include "dev/uart/registers.h"
#include "dev/uart/uart.h"

namespace kernel::dev {

/// The 16550A (National Semiconductor, PC16550D data sheet, section 8). The line control register
/// is never written: speed and framing are firmware's.
class Ns16550 : public Uart {
public:
    constexpr Ns16550() = default;

    Result<void> start(const machine::DeviceInfo& device) override;
    std::optional<u8> receive() override;
    bool transmit(u8 byte) override;
    bool all_sent() override;
    void acknowledge() override;
    void request_transmit_interrupt() override;
    void cancel_transmit_interrupt() override;

protected:
    /// Register numbers.
    enum Register : u32 {
        kData = 0,  // read: receive buffer; write: transmit holding
        kInterruptEnable = 1,
        kInterruptCause = 2,  // read
        kFifoControl = 2,     // write
        kModemControl = 4,
        kLineStatus = 5,
        kModemStatus = 6,
    };
    /// Causes: the low four bits of kInterruptCause.
    enum Cause : u32 {
        kCauseMask = 0xf,
        kModemChange = 0x0,
        kNone = 0x1,
        kTransmitterEmpty = 0x2,
        kReceived = 0x4,
        kLineError = 0x6,
        kReceiveTimeout = 0xc,
    };

    ~Ns16550() = default;

    /// As start(), for a chip with `register_count` registers.
    Result<void> start_with(const machine::DeviceInfo& device, u32 register_count);
    u32 cause() const { return registers_.read(kInterruptCause) & kCauseMask; }
    /// Reads the line status, which clears its error bits: they are counted here.
    u32 line_status();
    bool has_received() { return (line_status() & kDataReady) != 0; }
    /// What the chip calls a cause that the generic part does not know.
    void acknowledge_cause(u32 cause);
    const RegisterBlock& registers() const { return registers_; }

private:
    /// Line status bits.
    enum LineStatus : u32 {
        kDataReady = 0x01,
        kOverrun = 0x02,
        kParity = 0x04,
        kFraming = 0x08,
        kBreak = 0x10,
        kHoldingEmpty = 0x20,
        kAllSent = 0x40,
    };

    RegisterBlock registers_;     // const after start
    u32 fifo_depth_ = 1;          // const after start
    u32 room_ = 0;                // bytes the transmit FIFO certainly takes
    u32 enabled_interrupts_ = 0;  // what kInterruptEnable holds
};

/// The plain chip ("ns16550a").
class PlainNs16550 final : public Ns16550 {
public:
    constexpr PlainNs16550() = default;
};

}  // namespace kernel::dev
