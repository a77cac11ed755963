// Ns16550Model: the registers of a 16550A, or of DesignWare's descendant with its quirks.
#pragma once

#include "tests/host/devices/serial_port.h"

namespace host {

/// Which chip, see kernel/dev/uart.
enum class Ns16550Kind : kernel::u8 { kPlain, kDesignWare };

class Ns16550Model final : public SerialPort {
public:
    Ns16550Model(Ns16550Kind kind, Options options) : SerialPort(std::move(options)), kind_(kind) {}

    /// A byte is lost because nobody read in time.
    void overrun();
    /// A byte arrives with this line status (framing 0x08, break 0x10, parity 0x04).
    void receive_garbled(kernel::u8 byte, unsigned errors);
    /// DesignWare: a receive timeout with nothing received; only a read of the buffer ends it.
    void raise_phantom_timeout();
    bool has_phantom_timeout() const;
    /// DesignWare: what a write of the line control register during a transfer causes.
    void raise_busy();
    /// What firmware put into the interrupt enable register, FIFOs on. DesignWare: with bit 7 the
    /// line status tells a full transmit FIFO where it else tells an empty one.
    void left_by_firmware(kernel::u32 interrupt_enable);
    /// Whether the chip has no FIFOs.
    void remove_fifos();
    kernel::u32 modem_control() const;

private:
    kernel::u32 read_register(kernel::u64 index) override;
    void write_register(kernel::u64 index, kernel::u32 value) override;
    bool wants_attention() override { return cause() != kNoCause; }
    void transmitter_ran_dry() override { empty_pending_ = true; }

    static constexpr kernel::u32 kNoCause = 1;
    kernel::u32 cause() const;
    kernel::u32 read_data();
    kernel::u32 read_cause();
    kernel::u32 read_line_status();
    bool tells_full() const;

    const Ns16550Kind kind_;
    bool has_fifos_ = true;
    bool fifos_on_ = false;
    kernel::u32 interrupt_enable_ = 0;
    kernel::u32 modem_control_ = 0;
    bool empty_pending_ = true;  // the cause "transmitter empty" is latched
    bool overrun_ = false;
    bool phantom_timeout_ = false;
    bool busy_ = false;
};

}  // namespace host
