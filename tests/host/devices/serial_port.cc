// The part of a serial port's model that does not depend on its registers.
#include "tests/host/devices/serial_port.h"

namespace host {

using kernel::u32;
using kernel::u64;
using kernel::u8;
using kernel::usize;

void SerialPort::receive(std::string_view bytes) {
    const std::lock_guard guard(mutex_);
    for (char byte : bytes) outside_.push_back({static_cast<u8>(byte)});
    refill();
    update_line();
}

void SerialPort::send_some(usize count) {
    const std::lock_guard guard(mutex_);
    let_out(count);
    update_line();
}

bool SerialPort::drained() const {
    const std::lock_guard guard(mutex_);
    return transmit_.empty();
}

std::string SerialPort::sent() {
    const std::lock_guard guard(mutex_);
    return std::exchange(sent_, {});
}

bool SerialPort::interrupts() {
    const std::lock_guard guard(mutex_);
    return wants_attention();
}

unsigned SerialPort::violations() const {
    const std::lock_guard guard(mutex_);
    return violations_;
}

unsigned SerialPort::setup_writes() const {
    const std::lock_guard guard(mutex_);
    return setup_writes_;
}

u64 SerialPort::read(u64 offset, unsigned width) {
    const std::lock_guard guard(mutex_);
    if (width != options_.register_width || offset % (1u << options_.register_shift) != 0) {
        ++violations_;
        return 0;
    }
    const u32 value = read_register(offset >> options_.register_shift);
    refill();
    update_line();
    return value;
}

void SerialPort::write(u64 offset, unsigned width, u64 value) {
    const std::lock_guard guard(mutex_);
    if (width != options_.register_width || offset % (1u << options_.register_shift) != 0) {
        ++violations_;
        return;
    }
    write_register(offset >> options_.register_shift, static_cast<u32>(value));
    update_line();
}

void SerialPort::hand_to_transmitter(u8 byte) {
    transmit_.push_back(byte);
    if (options_.sends_at_once) let_out(1);
}

void SerialPort::let_out(usize count) {
    for (; count > 0 && !transmit_.empty(); --count) {
        const char byte = static_cast<char>(transmit_.front());
        transmit_.pop_front();
        if (options_.on_sent) {
            options_.on_sent(byte);
        } else {
            sent_ += byte;
        }
        if (transmit_.empty()) transmitter_ran_dry();
    }
}

void SerialPort::refill() {
    while (!outside_.empty() && received_.size() < options_.fifo_depth) {
        received_.push_back(outside_.front());
        outside_.pop_front();
    }
}

void SerialPort::update_line() {
    if (options_.line != 0) set_line(options_.line, wants_attention());
}

}  // namespace host
