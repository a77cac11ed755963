// Finding the console's serial port and moving bytes at its interrupts.
#include "dev/console/console.h"

#include "base/log.h"
#include "dev/random/random.h"
#include "dev/uart/drivers.h"
#include "machine/clock.h"

namespace kernel::dev {
namespace {

/// How often a port without an interrupt is looked at.
constexpr Nanos kPollPeriod = nanos_from_millis(5);
/// Bytes taken in one turn, and turns in one interrupt: a babbling line must not keep the hart.
constexpr usize kReceiveChunk = 64;
constexpr u32 kTurnsMax = 16;

constinit ConsoleBuffers the_buffers;
constinit Console the_console(the_buffers);

const machine::DeviceInfo* find_port(std::span<const machine::DeviceInfo> devices) {
    const machine::DeviceInfo* first = nullptr;
    for (const machine::DeviceInfo& device : devices) {
        if (find_uart_driver(device.compatible) == nullptr) continue;
        if (device.is_console) return &device;
        if (first == nullptr) first = &device;
    }
    return first;
}

}  // namespace

Console& console() { return the_console; }

Result<void> Console::start(std::span<const machine::DeviceInfo> devices) {
    const machine::DeviceInfo* device = find_port(devices);
    if (device == nullptr) return Error::kNoDevice;
    Uart& uart = *find_uart_driver(device->compatible);
    TRY(uart.start(*device));
    start_with(uart, device->line);
    klog("console: {} at 0x{:x}, interrupt line {}", device->compatible,
         device->registers.start.value, device->line);
    return {};
}

void Console::start_with(Uart& uart, machine::IrqLine line) {
    line_ = line;
    output_.attach(uart);
}

void Console::use_interrupts() {
    if (line_ != 0) {
        machine::InterruptsOff off;
        const Result<void> enabled = machine::enable_line(line_, machine::hart_index());
        if (enabled.ok()) {
            output_.use_interrupts();
            return;
        }
        klog("console: interrupt line {}: {}", line_, enabled.error());
    }
    klog("console: looking at the port every {} ms", kPollPeriod.millis());
    poll_timer_.arm(machine::now() + kPollPeriod);
}

bool Console::external(machine::IrqLine line) {
    if (line == 0 || line != line_) return false;
    service();
    return true;
}

void Console::set_interrupt_target(InterruptTarget target) {
    // [console.target] release: what the target uses is ready; pairs with acquire in service().
    interrupt_target_.store(target, std::memory_order_release);
}

void Console::set_foreground(u32 pid) {
    // relaxed: see where it is declared.
    foreground_.store(pid, std::memory_order_relaxed);
}

void Console::service() {
    std::array<u8, kReceiveChunk> received;
    bool interrupt = false;
    for (u32 turn = 0; turn < kTurnsMax; ++turn) {
        const ConsoleOutput::Serviced serviced = output_.service(received);
        if (serviced.room_for_writer) output_.wake_writer();
        if (serviced.received > 0) stir_random_with_time();
        interrupt |= input_.type({received.data(), serviced.received});
        if (serviced.received < received.size()) break;
    }
    if (!interrupt) return;
    // [console.target] acquire: pairs with release in set_interrupt_target().
    const InterruptTarget target = interrupt_target_.load(std::memory_order_acquire);
    // relaxed: see where it is declared.
    const u32 foreground = foreground_.load(std::memory_order_relaxed);
    if (target != nullptr && foreground != 0) target(foreground);
}

void Console::poll(sched::Timer& timer, void* console) {
    static_cast<Console*>(console)->service();
    timer.arm(machine::now() + kPollPeriod);
}

}  // namespace kernel::dev
