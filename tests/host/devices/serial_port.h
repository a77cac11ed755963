// SerialPort: what all models of serial ports have in common: bytes in, bytes out, an interrupt
// line.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "base/std.h"
#include "tests/host/common/device.h"

namespace host {

/// A serial port's far end, and the spacing of its registers. Any host thread may call.
class SerialPort : public RegisterModel {
public:
    struct Options {
        kernel::machine::IrqLine line = 0;
        unsigned register_shift = 0;
        unsigned register_width = 1;
        kernel::usize fifo_depth = 16;
        /// Takes bytes as they leave the port, in their order; null: they are kept for sent().
        std::function<void(char)> on_sent = nullptr;
        /// Whether bytes leave at once; else when send_some() is called.
        bool sends_at_once = true;
    };

    explicit SerialPort(Options options) : options_(std::move(options)) {}

    /// Bytes arrive from outside. Those the receive FIFO has no room for are held back, as by flow
    /// control, unless overrun() is called.
    void receive(std::string_view bytes);
    /// `count` bytes that were handed over leave the port.
    void send_some(kernel::usize count);
    /// Whether everything handed over has left.
    bool drained() const;
    /// What has left so far, and forgets it.
    std::string sent();
    /// Whether the port asks for an interrupt now.
    bool interrupts();
    /// Accesses of a wrong width or outside of the registers; 0 is what a driver should reach.
    unsigned violations() const;
    /// Writes that a driver must not make: speed and framing are firmware's.
    unsigned setup_writes() const;

    kernel::u64 read(kernel::u64 offset, unsigned width) final;
    void write(kernel::u64 offset, unsigned width, kernel::u64 value) final;

protected:
    /// One byte from outside, with what went wrong with it.
    struct Arrived {
        kernel::u8 byte;
        unsigned errors = 0;
    };

    // All called with the mutex held.
    virtual kernel::u32 read_register(kernel::u64 index) = 0;
    virtual void write_register(kernel::u64 index, kernel::u32 value) = 0;
    /// Whether the port interrupts now.
    virtual bool wants_attention() = 0;
    /// The last byte of the transmit FIFO left.
    virtual void transmitter_ran_dry() {}

    void hand_to_transmitter(kernel::u8 byte);
    void let_out(kernel::usize count);
    void refill();
    void update_line();

    const Options options_;
    mutable std::mutex mutex_;
    std::deque<Arrived> outside_;   // not yet in the FIFO
    std::deque<Arrived> received_;  // the receive FIFO
    std::deque<kernel::u8> transmit_;
    std::string sent_;
    unsigned violations_ = 0;
    unsigned setup_writes_ = 0;
};

}  // namespace host
