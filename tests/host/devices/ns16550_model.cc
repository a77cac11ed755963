// The 16550's registers, after the PC16550D data sheet and the DW_apb_uart databook.
#include "tests/host/devices/ns16550_model.h"

namespace host {

using kernel::u32;
using kernel::u64;
using kernel::u8;

namespace {

constexpr u32 kDataReady = 0x01;
constexpr u32 kOverrun = 0x02;
constexpr u32 kHoldingEmpty = 0x20;
constexpr u32 kAllSent = 0x40;

constexpr u32 kReceiveInterrupt = 0x01;
constexpr u32 kTransmitInterrupt = 0x02;
constexpr u32 kThresholdMode = 0x80;  // DesignWare

constexpr u32 kCauseEmpty = 0x2;
constexpr u32 kCauseReceived = 0x4;
constexpr u32 kCauseBusy = 0x7;
constexpr u32 kCauseTimeout = 0xc;

}  // namespace

void Ns16550Model::overrun() {
    const std::lock_guard guard(mutex_);
    overrun_ = true;
    update_line();
}

void Ns16550Model::receive_garbled(u8 byte, unsigned errors) {
    const std::lock_guard guard(mutex_);
    outside_.push_back({byte, errors});
    refill();
    update_line();
}

void Ns16550Model::raise_phantom_timeout() {
    const std::lock_guard guard(mutex_);
    phantom_timeout_ = true;
    update_line();
}

bool Ns16550Model::has_phantom_timeout() const {
    const std::lock_guard guard(mutex_);
    return phantom_timeout_;
}

void Ns16550Model::raise_busy() {
    const std::lock_guard guard(mutex_);
    busy_ = true;
    update_line();
}

void Ns16550Model::left_by_firmware(u32 interrupt_enable) {
    const std::lock_guard guard(mutex_);
    fifos_on_ = true;
    interrupt_enable_ = interrupt_enable;
    update_line();
}

void Ns16550Model::remove_fifos() {
    const std::lock_guard guard(mutex_);
    has_fifos_ = false;
}

u32 Ns16550Model::modem_control() const {
    const std::lock_guard guard(mutex_);
    return modem_control_;
}

u32 Ns16550Model::cause() const {
    if (busy_) return kCauseBusy;
    if ((interrupt_enable_ & kReceiveInterrupt) != 0) {
        if (!received_.empty()) return kCauseReceived;
        if (phantom_timeout_) return kCauseTimeout;
    }
    if ((interrupt_enable_ & kTransmitInterrupt) != 0 && empty_pending_) return kCauseEmpty;
    return kNoCause;
}

u32 Ns16550Model::read_data() {
    phantom_timeout_ = false;
    if (received_.empty()) return 0;
    const u8 byte = received_.front().byte;
    received_.pop_front();
    return byte;
}

u32 Ns16550Model::read_cause() {
    const u32 found = cause();
    if (found == kCauseEmpty) empty_pending_ = false;
    return found | (fifos_on_ && has_fifos_ ? 0xc0 : 0);
}

bool Ns16550Model::tells_full() const {
    return kind_ == Ns16550Kind::kDesignWare && fifos_on_ &&
           (interrupt_enable_ & kThresholdMode) != 0;
}

u32 Ns16550Model::read_line_status() {
    u32 status = 0;
    if (!received_.empty()) status |= kDataReady | received_.front().errors;
    if (overrun_) status |= kOverrun;
    if (transmit_.empty()) status |= kAllSent;
    if (tells_full() ? transmit_.size() >= options_.fifo_depth : transmit_.empty()) {
        status |= kHoldingEmpty;
    }
    overrun_ = false;
    return status;
}

u32 Ns16550Model::read_register(u64 index) {
    switch (index) {
        case 0:
            return read_data();
        case 1:
            return interrupt_enable_;
        case 2:
            return read_cause();
        case 4:
            return modem_control_;
        case 5:
            return read_line_status();
        case 6:
            return 0;
        case 0x1f:
            if (kind_ == Ns16550Kind::kDesignWare) {
                busy_ = false;
                return 0;
            }
            break;
        default:
            break;
    }
    ++violations_;
    return 0;
}

void Ns16550Model::write_register(u64 index, u32 value) {
    switch (index) {
        case 0:
            // A byte beyond the FIFO's room is lost.
            if (transmit_.size() < (fifos_on_ && has_fifos_ ? options_.fifo_depth : 1)) {
                empty_pending_ = false;
                hand_to_transmitter(static_cast<u8>(value));
            } else {
                ++violations_;
            }
            return;
        case 1: {
            const bool newly = (value & ~interrupt_enable_ & kTransmitInterrupt) != 0;
            if (newly && transmit_.empty()) empty_pending_ = true;
            interrupt_enable_ = value;
            return;
        }
        case 2:
            // Turning the FIFOs on or off empties them.
            if (fifos_on_ != ((value & 1) != 0)) {
                if (!transmit_.empty()) ++violations_;
                received_.clear();
            }
            fifos_on_ = (value & 1) != 0;
            return;
        case 3:
            ++setup_writes_;
            if (kind_ == Ns16550Kind::kDesignWare && !transmit_.empty()) busy_ = true;
            return;
        case 4:
            modem_control_ = value;
            return;
        default:
            ++violations_;
            return;
    }
}

}  // namespace host
