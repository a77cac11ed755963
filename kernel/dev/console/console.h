// Console: the kernel's terminal: a serial port, its interrupts, and the two halves that use it.
#pragma once

#include "base/atomic.h"
#include "base/result.h"
#include "base/std.h"
#include "dev/console/input.h"
#include "dev/console/output.h"
#include "dev/uart/uart.h"
#include "machine/boot_info.h"
#include "machine/interrupts.h"
#include "sched/timer.h"

namespace kernel::dev {

/// Where bytes wait on both ways. All zeroes at first, and apart, so that the image need not hold
/// them.
struct ConsoleBuffers {
    LineDiscipline lines;
    ConsoleOutput::Ring ring;
};

/// The terminal. There is one in the kernel, console(); tests make their own.
class Console : Pinned {
public:
    /// Interrupts the note group of process `foreground`, if there is such a process; called with
    /// interrupts off and no lock held.
    using InterruptTarget = void (*)(u32 foreground);

    /// `buffers` are as made, and nobody else's.
    constexpr explicit Console(ConsoleBuffers& buffers)
        : output_(buffers.ring), input_(echo_, buffers.lines) {}

    /// Puts output through the serial port that `devices` names as the console's (or through the
    /// first one there is a driver for), by polling. Fails with kNoDevice if there is none, or as
    /// the driver does; output then stays with the firmware. Context: boot.
    Result<void> start(std::span<const machine::DeviceInfo> devices);
    /// As start(), with a port that is started already and interrupts on `line` (0: on none).
    void start_with(Uart& uart, machine::IrqLine line);
    /// Lets the port's interrupts through to this hart, or looks at the port by a timer if it has
    /// none. Context: boot, once timers and external interrupts work.
    void use_interrupts();
    /// The port's interrupt, if `line` is its line; returns whether it is.
    /// Context: interrupts off, no lock held.
    bool external(machine::IrqLine line);

    /// What interrupts. Null: nothing. Context: any.
    void set_interrupt_target(InterruptTarget target);
    /// Whom Ctrl-C interrupts from now on: the note group of process `pid`. Context: any.
    void set_foreground(u32 pid);

    ConsoleOutput& output() { return output_; }
    ConsoleInput& input() { return input_; }

private:
    /// Where echo goes.
    class Echo final : public Sink {
    public:
        constexpr explicit Echo(ConsoleOutput& output) : output_(output) {}
        void write(std::string_view text) override { output_.write_if_room(text); }

    private:
        ConsoleOutput& output_;
    };

    void service();
    static void poll(sched::Timer& timer, void* console);

    ConsoleOutput output_;
    Echo echo_{output_};
    ConsoleInput input_;
    machine::IrqLine line_ = 0;  // const after start
    sched::Timer poll_timer_{poll, this};
    Atomic<InterruptTarget> interrupt_target_{nullptr};  // atomic: [console.target]
    Atomic<u32> foreground_{0};  // atomic: relaxed, a number that is looked up again
};

/// The kernel's console.
Console& console();

}  // namespace kernel::dev
