// The 16550A driver.
#include "dev/uart/ns16550.h"

#include "machine/clock.h"
#include "machine/interrupts.h"

namespace kernel::dev {
namespace {

constexpr u32 kRegisterCount = 7;  // up to the modem status

constexpr u32 kEnableReceive = 0x01;
constexpr u32 kEnableTransmit = 0x02;

constexpr u32 kFifoOn = 0x01;  // trigger level 1: a byte is worth an interrupt
constexpr u32 kFifoWorks = 0xc0;
constexpr u32 kFifoDepth = 16;

// Data terminal ready, request to send, and the output that gates interrupts on PC-like boards.
constexpr u32 kModemReady = 0x01 | 0x02 | 0x08;

/// The longest wait for what firmware left in the transmitter: 64 bytes at 9600 baud and a bit.
constexpr Nanos kDrainLimit = nanos_from_millis(100);

}  // namespace

Result<void> Ns16550::start(const machine::DeviceInfo& device) {
    return start_with(device, kRegisterCount);
}

Result<void> Ns16550::start_with(const machine::DeviceInfo& device, u32 register_count) {
    registers_ = TRY(RegisterBlock::map(device, register_count));
    registers_.write(kInterruptEnable, 0);
    // Turning the FIFOs on empties them, so what firmware said last is let out first.
    const Nanos limit = machine::now() + kDrainLimit;
    while (!all_sent() && machine::now() < limit) machine::relax();
    registers_.write(kFifoControl, kFifoOn);
    const bool has_fifo = (registers_.read(kInterruptCause) & kFifoWorks) == kFifoWorks;
    fifo_depth_ = has_fifo ? kFifoDepth : 1;
    room_ = 0;
    registers_.write(kModemControl, registers_.read(kModemControl) | kModemReady);
    enabled_interrupts_ = kEnableReceive;
    registers_.write(kInterruptEnable, enabled_interrupts_);
    return {};
}

u32 Ns16550::line_status() {
    const u32 status = registers_.read(kLineStatus);
    if ((status & kOverrun) != 0) ++counters_.overruns;
    return status;
}

std::optional<u8> Ns16550::receive() {
    for (;;) {  // ends: each turn takes a byte out of the FIFO
        const u32 status = line_status();
        if ((status & kDataReady) == 0) return std::nullopt;
        const u8 byte = static_cast<u8>(registers_.read(kData));
        if ((status & (kBreak | kFraming | kParity)) == 0) return byte;
        ++counters_.garbled;
    }
}

bool Ns16550::transmit(u8 byte) {
    if (room_ == 0) {
        // "Holding register empty" with FIFOs on means that the whole FIFO is.
        if ((line_status() & kHoldingEmpty) == 0) return false;
        room_ = fifo_depth_;
    }
    --room_;
    registers_.write(kData, byte);
    return true;
}

bool Ns16550::all_sent() { return (line_status() & kAllSent) != 0; }

void Ns16550::acknowledge() { acknowledge_cause(cause()); }

void Ns16550::acknowledge_cause(u32 cause) {
    // Reading the cause quieted kTransmitterEmpty; receive() quiets received bytes and, by reading
    // the line status, line errors.
    if (cause == kModemChange) (void)registers_.read(kModemStatus);  // ignored: quiets it
}

void Ns16550::request_transmit_interrupt() {
    if ((enabled_interrupts_ & kEnableTransmit) != 0) return;
    enabled_interrupts_ |= kEnableTransmit;
    registers_.write(kInterruptEnable, enabled_interrupts_);
}

void Ns16550::cancel_transmit_interrupt() {
    if ((enabled_interrupts_ & kEnableTransmit) == 0) return;
    enabled_interrupts_ &= ~kEnableTransmit;
    registers_.write(kInterruptEnable, enabled_interrupts_);
}

}  // namespace kernel::dev
