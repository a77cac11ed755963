// ConsoleInput: the console's way in: typed bytes through the line discipline to readers.
#pragma once

#include "base/annotations.h"
#include "base/result.h"
#include "base/std.h"
#include "dev/console/line_discipline.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::dev {

/// Typed bytes wait here, in `lines`, until they are read.
class ConsoleInput : Pinned {
public:
    /// `lines` is as made. `echo` shows what the terminal should show: it is called with interrupts
    /// off, under the input's spin lock.
    constexpr ConsoleInput(Sink& echo, LineDiscipline& lines) : echo_(echo), lines_(lines) {}

    /// Takes typed bytes; wakes the reader. Returns whether one of them asks to interrupt the
    /// foreground. Context: interrupts off, no spin lock held. Locks: kDeviceSpin, then as the
    /// echo.
    [[nodiscard]] bool type(std::span<const u8> bytes);

    /// Waits for input and reads: in cooked mode a line at most, 0 bytes at an end of file.
    /// Readers take turns. Context: task, interrupts on, no spin lock held. Locks: its readers'
    /// lock, then kDeviceSpin. Returns: kInterrupted if a note came first.
    Result<usize> read(Bytes out);

    /// Raw mode belongs to those who hold consctl open: it ends with the last of them, and so does
    /// that Ctrl-C is a byte there.
    /// Context: any but under a lock ranked kRendez or above. Locks: kDeviceSpin.
    void open_control();
    void close_control();
    void set_raw(bool raw);
    void set_interrupts(bool interrupts);

private:
    bool readable();

    Sink& echo_;
    sched::QLock readers_{sync::LockRank::kDevice};
    sched::Rendez arrival_;  // the one reader that waits
    sync::SpinLock<sync::LockRank::kDeviceSpin> lock_;
    LineDiscipline& lines_ GUARDED_BY(lock_);
    u32 controls_ GUARDED_BY(lock_) = 0;  // open channels to consctl
};

}  // namespace kernel::dev
