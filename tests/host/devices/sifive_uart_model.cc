// The SiFive serial port's registers, after the FU540-C000 manual, chapter 13.
#include "tests/host/devices/sifive_uart_model.h"

namespace host {

using kernel::u32;
using kernel::u64;
using kernel::u8;

namespace {

constexpr u32 kTop = 1u << 31;  // transmit FIFO full; receive FIFO empty

u32 watermark(u32 control) { return control >> 16 & 7; }

}  // namespace

SerialPort::Options SifiveUartModel::with_words(Options options) {
    options.register_shift = 2;
    options.register_width = 4;
    options.fifo_depth = 8;
    return options;
}

void SifiveUartModel::left_by_firmware(Left left) {
    const std::lock_guard guard(mutex_);
    transmit_control_ = left.transmit_control;
    receive_control_ = left.receive_control;
    interrupt_enable_ = left.interrupt_enable;
    update_line();
}

u32 SifiveUartModel::transmit_control() const {
    const std::lock_guard guard(mutex_);
    return transmit_control_;
}

u32 SifiveUartModel::pending() const {
    u32 causes = 0;
    if (transmit_.size() < watermark(transmit_control_)) causes |= 1;
    if (received_.size() > watermark(receive_control_)) causes |= 2;
    return causes;
}

u32 SifiveUartModel::read_register(u64 index) {
    switch (index) {
        case 0:
            return transmit_.size() >= options_.fifo_depth ? kTop : 0;
        case 1: {
            if (received_.empty() || (receive_control_ & 1) == 0) return kTop;
            const u8 byte = received_.front().byte;
            received_.pop_front();
            return byte;
        }
        case 2:
            return transmit_control_;
        case 3:
            return receive_control_;
        case 4:
            return interrupt_enable_;
        case 5:
            return pending();
        case 6:
            return divisor_;
        default:
            ++violations_;
            return 0;
    }
}

void SifiveUartModel::write_register(u64 index, u32 value) {
    switch (index) {
        case 0:
            if ((transmit_control_ & 1) != 0 && transmit_.size() < options_.fifo_depth) {
                hand_to_transmitter(static_cast<u8>(value));
            } else {
                ++violations_;
            }
            return;
        case 2:
            transmit_control_ = value;
            return;
        case 3:
            receive_control_ = value;
            return;
        case 4:
            interrupt_enable_ = value;
            return;
        case 6:
            ++setup_writes_;
            return;
        default:
            ++violations_;
            return;
    }
}

}  // namespace host
