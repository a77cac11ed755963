// The SiFive serial port driver.
#include "dev/uart/sifive_uart.h"

#include "base/field.h"

namespace kernel::dev {
namespace {

/// Register numbers; word n is at byte 4n.
enum Register : u32 {
    kTransmitData = 0,
    kReceiveData = 1,
    kTransmitControl = 2,
    kReceiveControl = 3,
    kInterruptEnable = 4,
    kInterruptPending = 5,
    kRegisterCount = 7,  // up to the divisor
};

using Full = Field<31, 1>;   // of kTransmitData
using Empty = Field<31, 1>;  // of kReceiveData
using Byte = Field<0, 8>;    // of both
using Enable = Field<0, 1>;  // of both controls
using Watermark = Field<16, 3>;

constexpr u32 kTransmitBelowMark = 1;  // of kInterruptEnable
constexpr u32 kReceiveAboveMark = 2;

}  // namespace

Result<void> SifiveUart::start(const machine::DeviceInfo& device) {
    // The description of this chip names neither spacing nor width: they are the chip's.
    machine::DeviceInfo words = device;
    words.register_shift = 2;
    words.register_width = 4;
    registers_ = TRY(RegisterBlock::map(words, kRegisterCount));
    registers_.write(kInterruptEnable, 0);
    // The transmit cause stands while less than one byte waits, the receive cause while any does.
    // The number of stop bits is kept.
    u64 transmit = registers_.read(kTransmitControl);
    transmit = Watermark::with(Enable::with(transmit, 1), 1);
    registers_.write(kTransmitControl, static_cast<u32>(transmit));
    registers_.write(kReceiveControl, static_cast<u32>(Enable::make(1) | Watermark::make(0)));
    registers_.write(kInterruptEnable, kReceiveAboveMark);
    return {};
}

std::optional<u8> SifiveUart::receive() {
    const u32 word = registers_.read(kReceiveData);
    if (Empty::get(word) != 0) return std::nullopt;
    return static_cast<u8>(Byte::get(word));
}

bool SifiveUart::transmit(u8 byte) {
    if (Full::get(registers_.read(kTransmitData)) != 0) return false;
    registers_.write(kTransmitData, byte);
    return true;
}

bool SifiveUart::all_sent() {
    // All but the byte that is just being shifted out, which the chip does not tell.
    return (registers_.read(kInterruptPending) & kTransmitBelowMark) != 0;
}

void SifiveUart::request_transmit_interrupt() {
    registers_.write(kInterruptEnable, kReceiveAboveMark | kTransmitBelowMark);
}

void SifiveUart::cancel_transmit_interrupt() {
    registers_.write(kInterruptEnable, kReceiveAboveMark);
}

}  // namespace kernel::dev
