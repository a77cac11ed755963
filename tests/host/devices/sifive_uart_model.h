// SifiveUartModel: the registers of SiFive's serial port.
#pragma once

#include "tests/host/devices/serial_port.h"

namespace host {

class SifiveUartModel final : public SerialPort {
public:
    /// Spacing and width are the chip's, whatever `options` says.
    explicit SifiveUartModel(Options options) : SerialPort(with_words(std::move(options))) {}

    /// What firmware put into the registers.
    struct Left {
        kernel::u32 transmit_control = 0;
        kernel::u32 receive_control = 0;
        kernel::u32 interrupt_enable = 0;
    };
    void left_by_firmware(Left left);
    kernel::u32 transmit_control() const;

private:
    static Options with_words(Options options);

    kernel::u32 read_register(kernel::u64 index) override;
    void write_register(kernel::u64 index, kernel::u32 value) override;
    bool wants_attention() override { return (pending() & interrupt_enable_) != 0; }

    kernel::u32 pending() const;

    kernel::u32 transmit_control_ = 0;
    kernel::u32 receive_control_ = 0;
    kernel::u32 interrupt_enable_ = 0;
    kernel::u32 divisor_ = 542;
};

}  // namespace host
