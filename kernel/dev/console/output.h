// ConsoleOutput: the console's way out: early console, then a serial port, polled or by interrupts.
#pragma once

#include "base/annotations.h"
#include "base/result.h"
#include "base/std.h"
#include "dev/console/byte_ring.h"
#include "dev/uart/uart.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::dev {

/// Takes text and gets it out. Three stages, one way only: through firmware; through a serial port
/// by polling, once attach() was called; by its interrupts, once use_interrupts() was.
class ConsoleOutput : Pinned {
public:
    /// Bytes that wait for the port.
    static constexpr usize kRingBytes = 4096;
    /// Of these, room that writers leave to echo and log lines.
    static constexpr usize kReserve = 512;

    using Ring = ByteRing<kRingBytes>;

    /// Bytes wait in `ring`, which is empty.
    constexpr explicit ConsoleOutput(Ring& ring) : ring_(ring) {}

    /// From here on output goes to `uart`, which is started. Context: boot.
    void attach(Uart& uart);
    /// From here on writers may sleep and the port's interrupts move the bytes. Context: boot.
    void use_interrupts();

    /// Writes `data`; writers take turns, one whole call each. Returns how much went out; less than
    /// all only if a note came.
    /// Context: task, interrupts on, no spin lock held; sleeps while the ring is full.
    /// Locks:   its writers' lock, then kConsole.
    /// Returns: kInterrupted if a note came before anything was written.
    Result<usize> write(ConstBytes data);

    /// Writes all of `text` without sleeping, waiting for the port as long as that helps. For log
    /// lines. Context: any. Locks: kConsole.
    void write_now(std::string_view text);
    /// Writes what fits. For echo. Context: interrupts off. Locks: kConsole.
    void write_if_room(std::string_view text);
    /// As write_now, and waits until it has left the port. For panics: if this hart holds the lock
    /// itself, goes on without; if a stopped hart holds it, breaks it. Context: any, interrupts
    /// off.
    void write_in_panic(std::string_view text);

    /// Waits until all output has left the port, or for two seconds. Context: any.
    void drain();

    /// Whether a newline goes out as carriage return and newline (it does at first): terminals want
    /// it, other programs want the bytes as they are. Context: any. Locks: kConsole.
    void set_newline_translation(bool on);

    /// What one look at the port gave.
    struct Serviced {
        usize received = 0;            // bytes put into the buffer
        bool room_for_writer = false;  // wake_writer() is due
    };
    /// The port's part of an interrupt: takes received bytes, gives waiting ones.
    /// Context: interrupts off. Locks: kConsole.
    Serviced service(std::span<u8> received);
    /// Lets a writer that waits for room go on. Context: any, no lock ranked kRendez or above held.
    void wake_writer() { sched::wakeup(room_); }

    Uart::Counters counters();

private:
    /// How a byte that finds the ring full is treated.
    enum class WhenFull : u8 { kStop, kWait };

    /// Puts bytes of `data` into the ring as long as more than `reserve` bytes of it stay free;
    /// returns how many.
    usize put_locked(ConstBytes data, usize reserve, WhenFull when_full) REQUIRES(lock_);
    void put_early_locked(ConstBytes data) REQUIRES(lock_);
    /// Moves what the port takes; asks for its interrupt if more is left.
    void pump_locked() REQUIRES(lock_);
    /// Moves until the ring has `room`; gives up when the port stays stuck.
    void pump_until_locked(usize room) REQUIRES(lock_);
    void wait_all_sent_locked() REQUIRES(lock_);
    bool has_room();

    sched::QLock writers_{sync::LockRank::kDevice};
    sched::Rendez room_;  // the one writer that waits
    sync::SpinLock<sync::LockRank::kConsole> lock_;
    Uart* uart_ GUARDED_BY(lock_) = nullptr;
    bool interrupts_ GUARDED_BY(lock_) = false;
    bool stuck_ GUARDED_BY(lock_) = false;  // the port took nothing for long, nor since
    bool translate_newlines_ GUARDED_BY(lock_) = true;
    u8 last_ GUARDED_BY(lock_) = 0;  // byte put before, so that \r\n stays as it is
    Ring& ring_ GUARDED_BY(lock_);
};

}  // namespace kernel::dev
