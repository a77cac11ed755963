// The console's input: from the interrupt to the reader.
#include "dev/console/input.h"

namespace kernel::dev {

bool ConsoleInput::type(std::span<const u8> bytes) {
    bool readable = false;
    bool interrupt = false;
    {
        sync::IrqsOffGuard guard(lock_);
        for (u8 byte : bytes) {
            const LineDiscipline::Effect effect = lines_.put(byte, echo_);
            readable |= effect.readable;
            interrupt |= effect.interrupt;
        }
    }
    if (readable) sched::wakeup(arrival_);
    return interrupt;
}

Result<usize> ConsoleInput::read(Bytes out) {
    if (out.empty()) return usize{0};
    if (!readers_.lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard turn(readers_, sched::kAdoptLock);
    for (;;) {  // ends when something is readable, or by a note
        TRY(sched::sleep(arrival_, [this] { return readable(); }));
        sync::IrqSaveGuard guard(lock_);
        // An interrupt key may have emptied it meanwhile.
        if (lines_.readable()) return lines_.take(out);
    }
}

void ConsoleInput::open_control() {
    sync::IrqSaveGuard guard(lock_);
    ++controls_;
}

void ConsoleInput::close_control() {
    sync::IrqSaveGuard guard(lock_);
    ASSERT(controls_ > 0);
    if (--controls_ > 0) return;
    lines_.set_interrupts(true);
    const bool wake = lines_.set_raw(false, echo_).readable;
    guard.unlock();
    if (wake) sched::wakeup(arrival_);
}

void ConsoleInput::set_raw(bool raw) {
    sync::IrqSaveGuard guard(lock_);
    const bool wake = lines_.set_raw(raw, echo_).readable;
    guard.unlock();
    if (wake) sched::wakeup(arrival_);
}

void ConsoleInput::set_interrupts(bool interrupts) {
    const sync::IrqSaveGuard guard(lock_);
    lines_.set_interrupts(interrupts);
}

bool ConsoleInput::readable() {
    sync::IrqSaveGuard guard(lock_);
    return lines_.readable();
}

}  // namespace kernel::dev
