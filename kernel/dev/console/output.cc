// The console's output: translation, the ring, and who waits for it how.
#include "dev/console/output.h"

#include "machine/clock.h"
#include "machine/console.h"
#include "machine/interrupts.h"

namespace kernel::dev {
namespace {

/// A port that takes nothing for this long is stuck: what waits for it is given up.
constexpr Nanos kStuckLimit = nanos_from_seconds(1);
/// A writer goes on when this much is free, so that it does not wake for every byte.
constexpr usize kWriterRoom = ConsoleOutput::kReserve + 1024;

}  // namespace

void ConsoleOutput::attach(Uart& uart) {
    sync::IrqSaveGuard guard(lock_);
    uart_ = &uart;
    interrupts_ = false;
    stuck_ = false;
}

void ConsoleOutput::use_interrupts() {
    sync::IrqSaveGuard guard(lock_);
    interrupts_ = true;
}

Result<usize> ConsoleOutput::write(ConstBytes data) {
    if (!writers_.lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard turn(writers_, sched::kAdoptLock);
    usize done = 0;
    for (;;) {
        {
            sync::IrqSaveGuard guard(lock_);
            const WhenFull when_full = interrupts_ ? WhenFull::kStop : WhenFull::kWait;
            done += put_locked(data.subspan(done), kReserve, when_full);
        }
        if (done == data.size()) return done;
        const Result<void> slept = sched::sleep(room_, [this] { return has_room(); });
        if (!slept.ok()) return done > 0 ? Result<usize>(done) : slept.error();
    }
}

void ConsoleOutput::write_now(std::string_view text) {
    sync::IrqSaveGuard guard(lock_);
    (void)put_locked(as_bytes(text), 0, WhenFull::kWait);  // ignored: a stuck port loses the rest
}

void ConsoleOutput::write_if_room(std::string_view text) {
    sync::IrqSaveGuard guard(lock_);
    (void)put_locked(as_bytes(text), 0, WhenFull::kStop);  // ignored: echo is not worth waiting for
}

void ConsoleOutput::write_in_panic(std::string_view text) {
    const auto write = [&]() REQUIRES(lock_) {
        (void)put_locked(as_bytes(text), 0, WhenFull::kWait);  // ignored: nothing better is left
        wait_all_sent_locked();
    };
    if (lock_.held_here()) {
        lock_.assert_held();
        write();
        return;
    }
    sync::IrqSaveGuard guard(lock_);
    write();
}

void ConsoleOutput::drain() {
    sync::IrqSaveGuard guard(lock_);
    wait_all_sent_locked();
}

void ConsoleOutput::set_newline_translation(bool on) {
    sync::IrqSaveGuard guard(lock_);
    translate_newlines_ = on;
}

ConsoleOutput::Serviced ConsoleOutput::service(std::span<u8> received) {
    sync::IrqsOffGuard guard(lock_);
    Serviced serviced;
    if (uart_ == nullptr) return serviced;
    uart_->acknowledge();
    while (serviced.received < received.size()) {
        const std::optional<u8> byte = uart_->receive();
        if (!byte) break;
        received[serviced.received++] = *byte;
    }
    pump_locked();
    if (ring_.empty()) uart_->cancel_transmit_interrupt();
    serviced.room_for_writer = ring_.room() >= kWriterRoom;
    return serviced;
}

Uart::Counters ConsoleOutput::counters() {
    sync::IrqSaveGuard guard(lock_);
    return uart_ == nullptr ? Uart::Counters{} : uart_->counters();
}

usize ConsoleOutput::put_locked(ConstBytes data, usize reserve, WhenFull when_full) {
    if (uart_ == nullptr) {
        put_early_locked(data);
        return data.size();
    }
    usize done = 0;
    for (std::byte each : data) {
        const u8 byte = static_cast<u8>(each);
        const bool add_return = translate_newlines_ && byte == '\n' && last_ != '\r';
        const usize needed = reserve + (add_return ? 2 : 1);
        if (ring_.room() < needed) {
            pump_locked();
            if (when_full == WhenFull::kWait) pump_until_locked(needed);
            if (ring_.room() < needed) break;
        }
        if (add_return) ring_.push('\r');
        ring_.push(byte);
        last_ = byte;
        ++done;
    }
    pump_locked();
    if (!interrupts_) pump_until_locked(kRingBytes);
    return done;
}

void ConsoleOutput::put_early_locked(ConstBytes data) {
    std::string_view text = as_text(data);
    while (!text.empty()) {
        const usize newline = translate_newlines_ ? text.find('\n') : std::string_view::npos;
        const std::string_view line = text.substr(0, newline);
        if (!line.empty()) {
            machine::early_console_write(line);
            last_ = static_cast<u8>(line.back());
        }
        if (newline == std::string_view::npos) return;
        machine::early_console_write(last_ == '\r' ? "\n" : "\r\n");
        last_ = '\n';
        text.remove_prefix(newline + 1);
    }
}

void ConsoleOutput::pump_locked() {
    while (!ring_.empty() && uart_->transmit(ring_.front())) {
        ring_.pop();
        stuck_ = false;
    }
    // Only service() takes the request back: whoever empties the ring otherwise cannot wake the
    // writer that waits for room.
    if (interrupts_ && !ring_.empty()) uart_->request_transmit_interrupt();
}

void ConsoleOutput::pump_until_locked(usize room) {
    Nanos progress = machine::now();
    usize before = ring_.room();
    while (ring_.room() < room) {  // ends by the limit at the latest
        pump_locked();
        const Nanos now = machine::now();
        if (ring_.room() != before) {
            before = ring_.room();
            progress = now;
        } else if (stuck_ || now - progress > kStuckLimit) {
            stuck_ = true;
            return;
        }
        machine::relax();
    }
}

void ConsoleOutput::wait_all_sent_locked() {
    if (uart_ == nullptr) return;
    pump_until_locked(kRingBytes);
    const Nanos limit = machine::now() + kStuckLimit;
    while (!uart_->all_sent() && machine::now() < limit) machine::relax();
}

bool ConsoleOutput::has_room() {
    sync::IrqSaveGuard guard(lock_);
    return ring_.room() >= kWriterRoom;
}

}  // namespace kernel::dev
