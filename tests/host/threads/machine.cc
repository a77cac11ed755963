// The threads backend: a hart is a thread of the host; interrupts are soft.
//
// Interrupts are bits in a word per hart. The hart looks at them when it turns interrupts on, in
// relax() and in wait_for_interrupt(), and then calls the upcalls on whatever stack it is on. A
// service thread stands for the timers of running harts.
#include <sched.h>
#include <sys/random.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

#include "base/assert.h"
#include "base/panic.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "machine/power.h"
#include "machine/upcalls.h"
#include "tests/host/common/flow.h"
#include "tests/host/common/session.h"
#include "tests/host/threads/futex.h"

namespace host {
namespace {

using kernel::machine::IrqLine;
using kernel::machine::kMaxHarts;
namespace upcalls = kernel::machine::upcalls;

/// Bits of Hart::pending.
constexpr u32 kIpi = 1;
constexpr u32 kTimer = 2;
constexpr u32 kExternal = 4;
constexpr u32 kLeave = 8;    // the machine is off: go back to the host
constexpr u32 kFreeze = 16;  // a panic: stand still
constexpr u64 kNever = ~u64{0};

struct Hart {
    HartIndex index = 0;
    std::thread thread;
    std::atomic<bool> started{false};
    Flow native;           // the thread's own stack, while the machine runs
    bool enabled = false;  // the hart's own
    void* word = nullptr;  // the hart's own: current_flow()
    u32 spins = 0;         // the hart's own
    std::atomic<u32> pending{0};
    std::atomic<u32> waits{0};  // in wait_for_interrupt()
    std::atomic<u64> lines{0};  // external lines that are high and enabled here
    std::atomic<u64> alarm{kNever};
    std::atomic<u64> alarm_raised{kNever};  // the alarm for which kTimer was raised
    std::atomic<const void*> frozen_frame{nullptr};
    std::atomic<const void*> frozen_stack_end{nullptr};
};

struct Machine {
    explicit Machine(u32 count) : harts(count) {}

    std::vector<Hart> harts;
    u64 zero_ns = 0;
    std::atomic<u32> outcome_taken{0};
    Outcome outcome;  // of who took it
    // The service thread sleeps until `service_until` or until `service_turn` changes.
    std::atomic<u32> service_turn{0};
    std::atomic<u64> service_until{0};
    std::atomic<bool> service_ends{false};
    // External lines.
    std::atomic<u64> line_levels{0};
    std::atomic<u64> lines_enabled{0};
    std::array<std::atomic<HartIndex>, kLines> line_harts{};
};

std::atomic<Machine*> the_machine{nullptr};
thread_local Hart* this_hart = nullptr;
thread_local Hart outside;  // for tests that use locks without a machine

/// A flow may go on on another host thread, so the compiler must not remember where the variable
/// is.
[[gnu::noinline]] Hart& me() {
    asm volatile("");
    return this_hart == nullptr ? outside : *this_hart;
}

Machine& machine() { return *the_machine.load(std::memory_order_acquire); }

u64 host_now() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

u64 machine_now() {
    const Machine* m = the_machine.load(std::memory_order_acquire);
    return host_now() - (m == nullptr ? 0 : m->zero_ns);
}

void raise(Hart& hart, u32 bits) {
    // seq_cst: the bits before the look whether it waits; pairs with wait_for_interrupt().
    hart.pending.fetch_or(bits, std::memory_order_seq_cst);
    if (hart.waits.load(std::memory_order_seq_cst) != 0) futex_wake(hart.pending);
}

/// Back to the thread's own stack; the flow that runs is abandoned.
[[noreturn]] void leave() {
    Hart& hart = me();
    Flow abandoned;
    hart.enabled = false;
    switch_flow(abandoned, hart.native);
    abort();
}

[[noreturn]] void freeze() {
    Hart& hart = me();
    const FrameStart frame = running_frame(__builtin_frame_address(0));
    hart.frozen_stack_end.store(frame.stack_end, std::memory_order_relaxed);
    hart.frozen_frame.store(frame.frame, std::memory_order_release);
    for (;;) futex_wait(hart.waits, hart.waits.load(), std::nullopt);  // until the process dies
}

void check_orders() {
    const u32 pending = me().pending.load(std::memory_order_relaxed);
    if ((pending & kFreeze) != 0) freeze();
    if ((pending & kLeave) != 0) leave();
}

/// Takes what is pending, as long as interrupts are on. The flow may be on another hart after.
void poll() {
    for (;;) {
        if (me().pending.load(std::memory_order_relaxed) == 0 || !me().enabled) return;
        check_orders();
        Hart& hart = me();
        const u32 bits =
            hart.pending.fetch_and(~(kIpi | kTimer | kExternal), std::memory_order_acq_rel);
        hart.enabled = false;
        bool any = false;
        if ((bits & kIpi) != 0) {
            any = true;
            upcalls::ipi();
        }
        if ((bits & kTimer) != 0 && hart.alarm.load(std::memory_order_relaxed) <= machine_now()) {
            any = true;
            hart.alarm.store(kNever, std::memory_order_relaxed);
            upcalls::timer();
        }
        if ((bits & kExternal) != 0) {
            for (IrqLine line = 1; line < kLines; ++line) {
                if ((hart.lines.load(std::memory_order_acquire) >> line & 1) == 0) continue;
                any = true;
                upcalls::external(line);
            }
            // Levels: what is still high interrupts again.
            if (hart.lines.load(std::memory_order_acquire) != 0) raise(hart, kExternal);
        }
        if (any) upcalls::interrupt_exit();
        me().enabled = true;
    }
}

/// Raises kTimer on harts whose alarm has come; sleeps until the next.
void service(Machine& m) {
    for (;;) {  // until the machine is gone
        const u32 turn = m.service_turn.load(std::memory_order_seq_cst);
        if (m.service_ends.load(std::memory_order_acquire)) return;
        // An alarm set from here on, even if missed below, finds this and changes the turn.
        m.service_until.store(kNever, std::memory_order_seq_cst);
        const u64 now = machine_now();
        u64 next = kNever;
        for (Hart& hart : m.harts) {
            const u64 alarm = hart.alarm.load(std::memory_order_seq_cst);
            if (alarm == kNever || alarm == hart.alarm_raised.load(std::memory_order_relaxed)) {
                continue;
            }
            if (alarm <= now) {
                hart.alarm_raised.store(alarm, std::memory_order_relaxed);
                raise(hart, kTimer);
            } else {
                next = std::min(next, alarm);
            }
        }
        m.service_until.store(next, std::memory_order_seq_cst);
        std::optional<Nanos> time;
        if (next != kNever) time = Nanos{next - now};
        futex_wait(m.service_turn, turn, time);
    }
}

void run_hart(Hart& hart, void (*entry)()) {
    this_hart = &hart;
    adopt_thread_stack();
    Flow boot;
    prepare_flow(
        boot, boot_stack(hart.index),
        [](void* function) { reinterpret_cast<void (*)()>(function)(); },
        reinterpret_cast<void*>(entry));
    switch_flow(hart.native, boot);
    this_hart = nullptr;
}

[[noreturn]] void end_machine(End end, u8 status) {
    Machine& m = machine();
    if (m.outcome_taken.exchange(1) == 0) {
        m.outcome.end = end;
        m.outcome.status = status;
        for (Hart& hart : m.harts) raise(hart, kLeave);
    }
    leave();
}

}  // namespace

Outcome run_machine(const MachineOptions& options) {
    ASSERT(the_machine.load() == nullptr);
    Machine m(options.harts);
    begin_session(options);
    for (HartIndex hart = 0; hart < options.harts; ++hart) m.harts[hart].index = hart;
    m.zero_ns = host_now();
    the_machine.store(&m);
    std::thread timers(service, std::ref(m));
    Hart& boot = m.harts[options.boot_hart];
    boot.started.store(true);
    boot.thread = std::thread([&boot] { run_hart(boot, [] { upcalls::boot_main(); }); });
    boot.thread.join();
    // Others were started by the boot hart or not at all, so their threads are known now.
    for (Hart& hart : m.harts) {
        if (hart.thread.joinable()) hart.thread.join();
    }
    m.service_ends.store(true);
    m.service_turn.fetch_add(1);
    futex_wake(m.service_turn);
    timers.join();
    m.outcome.time = Nanos{machine_now()};
    the_machine.store(nullptr);
    discard_abandoned_flows();
    return m.outcome;
}

void set_line(IrqLine line, bool high) {
    Machine* m = the_machine.load(std::memory_order_acquire);
    if (m == nullptr) return;
    const u64 bit = u64{1} << line;
    if (high) {
        m->line_levels.fetch_or(bit);
        if ((m->lines_enabled.load() & bit) == 0) return;
        Hart& hart = m->harts[m->line_harts[line].load()];
        hart.lines.fetch_or(bit);
        raise(hart, kExternal);
    } else {
        m->line_levels.fetch_and(~bit);
        for (Hart& hart : m->harts) hart.lines.fetch_and(~bit);
    }
}

namespace backend {

FrameStart stopped_frame(HartIndex index) {
    const Machine* m = the_machine.load();
    if (m == nullptr) return {};
    const Hart& hart = m->harts[index];
    const void* frame = hart.frozen_frame.load(std::memory_order_acquire);
    return {frame, hart.frozen_stack_end.load(std::memory_order_relaxed)};
}

u64 jitter() {
    u64 noise = 0;
    if (getrandom(&noise, sizeof noise, 0) != sizeof noise) std::abort();
    return noise;
}

// relaxed: a hint; what it misses is seen after the next slice.
bool interrupt_pending() { return me().pending.load(std::memory_order_relaxed) != 0; }

u64 draw_slice() {
    // Some microseconds: who fences waits that long.
    constexpr u64 kSlice = 512;
    return kSlice;
}

void pass_instructions(u64) {}  // they have taken their time

}  // namespace backend
}  // namespace host

namespace kernel::machine {

using host::me;

HartIndex hart_index() { return me().index; }
void* current_flow() { return me().word; }
void set_current_flow(void* flow) { me().word = flow; }

u32 start_other_harts() {
    host::Machine& m = host::machine();
    u32 count = 0;
    for (host::Hart& hart : m.harts) {
        if (&hart == &me()) continue;
        ++count;
        hart.started.store(true);
        hart.thread = std::thread([&hart] { host::run_hart(hart, [] { upcalls::hart_main(); }); });
    }
    return count;
}

void send_ipi(HartIndex hart) { host::raise(host::machine().harts[hart], host::kIpi); }

bool interrupts_enabled() { return me().enabled; }

bool disable_interrupts() {
    host::Hart& hart = me();
    const bool were_on = hart.enabled;
    hart.enabled = false;
    return were_on;
}

void enable_interrupts() {
    me().enabled = true;
    host::poll();
}

void wait_for_interrupt() {
    host::Hart& hart = me();
    hart.waits.store(1, std::memory_order_seq_cst);
    if (hart.pending.load(std::memory_order_seq_cst) == 0) {
        // The service thread raises the timer, so there is no limit to set here.
        host::futex_wait(hart.pending, 0, std::nullopt);
    }
    hart.waits.store(0, std::memory_order_relaxed);
    host::check_orders();
}

void relax() {
    host::Hart& hart = me();
    // Harts are more than processors, so the one waited for may not be running.
    constexpr u32 kSpinsPerYield = 16;
    if (++hart.spins % kSpinsPerYield == 0) sched_yield();
    if (hart.pending.load(std::memory_order_relaxed) == 0) return;
    host::check_orders();
    host::poll();
}

Result<void> enable_line(IrqLine line, HartIndex hart) {
    host::Machine& m = host::machine();
    if (line == 0 || line >= host::kLines || hart >= m.harts.size()) return Error::kNoDevice;
    m.line_harts[line].store(hart);
    m.lines_enabled.fetch_or(u64{1} << line);
    if ((m.line_levels.load() >> line & 1) != 0) host::set_line(line, true);
    return {};
}

void disable_line(IrqLine line) {
    host::Machine& m = host::machine();
    m.lines_enabled.fetch_and(~(u64{1} << line));
    for (host::Hart& hart : m.harts) hart.lines.fetch_and(~(u64{1} << line));
}

Nanos now() { return {host::machine_now()}; }

void set_alarm(Nanos when) {
    host::Hart& hart = me();
    hart.alarm_raised.store(host::kNever, std::memory_order_relaxed);
    hart.alarm.store(when.value, std::memory_order_seq_cst);
    host::Machine& m = host::machine();
    // seq_cst: the alarm before the look when the service wakes; pairs with service().
    if (when.value >= m.service_until.load(std::memory_order_seq_cst)) return;
    m.service_turn.fetch_add(1, std::memory_order_seq_cst);
    host::futex_wake(m.service_turn);
}

void power_off(u8 status) { host::end_machine(host::End::kPoweredOff, status); }
void reboot() { host::end_machine(host::End::kRebooted, 0); }

void stop_other_harts() {
    host::Machine* m = host::the_machine.load();
    if (m == nullptr) return;
    u32 running = 0;
    for (host::Hart& hart : m->harts) {
        if (&hart == &me() || !hart.started.load()) continue;
        ++running;
        host::raise(hart, host::kFreeze);
    }
    const u64 limit = host::host_now() + 200'000'000;
    while (host::host_now() < limit) {
        u32 stopped = 0;
        for (const host::Hart& hart : m->harts) stopped += hart.frozen_frame.load() != nullptr;
        if (stopped >= running) return;
        sched_yield();
    }
}

}  // namespace kernel::machine
