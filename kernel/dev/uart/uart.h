// Uart: what the console wants of a serial port; one implementation per kind of chip.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "machine/boot_info.h"

namespace kernel::dev {

/// A serial port whose line parameters (speed, parity, pins, clocks) were set by firmware and are
/// left alone. The caller serialises all calls by one lock, held with interrupts off; a panic may
/// break in, at the cost of a garbled byte.
class Uart : Pinned {
public:
    /// What went wrong on the line. Protected as the calls are.
    struct Counters {
        u64 overruns = 0;  // the receiver lost bytes
        u64 garbled = 0;   // bytes with a framing or parity error, and breaks: dropped
    };

    /// Takes the chip that `device` describes over: FIFOs on, receive interrupt on, transmit
    /// interrupt off. What firmware still had to send is sent. Errors: as RegisterBlock::map.
    /// Context: boot.
    virtual Result<void> start(const machine::DeviceInfo& device) = 0;

    /// The next byte received, if there is one.
    virtual std::optional<u8> receive() = 0;
    /// Hands `byte` to the transmitter; false: it has no room now.
    virtual bool transmit(u8 byte) = 0;

    /// Whether everything handed to the transmitter has left it.
    virtual bool all_sent() = 0;

    /// Quiets whatever interrupt causes neither receive() nor transmit() quiets. Called first in
    /// each interrupt; then the caller receives until there is nothing and transmits what it can.
    virtual void acknowledge() = 0;
    /// Asks for an interrupt when the transmitter has room; or no longer.
    virtual void request_transmit_interrupt() = 0;
    virtual void cancel_transmit_interrupt() = 0;

    const Counters& counters() const { return counters_; }

protected:
    constexpr Uart() = default;
    ~Uart() = default;

    Counters counters_;
};

}  // namespace kernel::dev
