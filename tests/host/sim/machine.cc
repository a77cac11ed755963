// The sim backend: all harts are flows of one host thread under one seeded scheduler.
//
// Every atomic operation of the kernel is a schedule point: time moves on a little, an interrupt
// may be taken (if the hart takes them), and another hart may go on. Who, for how long, how late
// interrupts arrive: all is drawn from one generator, so a seed gives one history.
#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/assert.h"
#include "base/panic.h"
#include "base/schedule_point.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "machine/power.h"
#include "machine/upcalls.h"
#include "tests/host/common/flow.h"
#include "tests/host/common/session.h"
#include "tests/host/sim/random.h"

namespace host {
namespace {

using kernel::machine::IrqLine;
namespace upcalls = kernel::machine::upcalls;

constexpr u64 kNever = ~u64{0};
/// How far time moves at a schedule point, and in a turn of relax().
constexpr u64 kStepNs = 5;
constexpr u64 kRelaxNs = 50;
/// How far it moves with an instruction of a program.
constexpr u64 kInstructionNs = 20;
/// Turns of relax(), or slices of a program, alone after which the time of a turn doubles, and how
/// often it does: who spins until some time gets there in thousands of turns, not in millions.
constexpr u64 kTurnsPerDoubling = 64;
constexpr u64 kDoublings = 11;

enum class HartState : u8 { kOff, kRuns, kWaits };

struct Hart {
    HartIndex index = 0;
    HartState state = HartState::kOff;
    Flow flow;  // where it stands when another hart runs
    bool enabled = false;
    void* word = nullptr;
    u64 alarm = kNever;  // as set
    u64 timer = kNever;  // when the interrupt for it arrives
    u64 ipi = kNever;    // when the pending one arrives
    u64 lines = 0;       // external lines that are high and enabled here
    u64 event = kNever;  // the earliest of all these
    u32 weight = 1;      // how likely it is picked
};

/// How this seed behaves; see draw_character().
struct Character {
    u32 switch_one_in = 4;    // a schedule point in how many considers another hart
    u64 ipi_delay_ns = 0;     // at most
    u64 timer_delay_ns = 0;   // at most
    u32 spurious_one_in = 0;  // wait_for_interrupt() returns for no reason; 0: never
    u64 slice = 1;            // instructions of a program at once, at most
};

struct Machine {
    explicit Machine(const MachineOptions& options)
        : harts(options.harts), random(options.seed), user_random(mix(options.seed)) {}

    std::vector<Hart> harts;
    Random random;
    Random user_random;  // for programs alone, so that seeds without any stay as they were
    Character character;
    Flow native;
    Hart* current = nullptr;  // null: the host runs, not the machine
    u64 now = 1;
    u64 budget = 1;  // schedule points until the next decision
    u64 steps = 0;
    u64 alone = 0;  // turns of relax(), or slices, in which no other hart could run
    u64 trace = 0;
    u64 step_limit = 0;
    Outcome outcome;
    u64 line_levels = 0;
    u64 lines_enabled = 0;
    std::array<HartIndex, kLines> line_harts{};
};

Machine* the_machine = nullptr;
Hart outside;  // for tests that use locks without a machine

Hart& me() {
    return the_machine != nullptr && the_machine->current != nullptr ? *the_machine->current
                                                                     : outside;
}

/// The first decision of a seed is what kind of history it is: harts in lockstep or in long runs,
/// prompt or late interrupts, even or uneven harts.
Character draw_character(Machine& m) {
    constexpr std::array<u32, 6> kSwitch{1, 2, 4, 16, 64, 256};
    constexpr std::array<u64, 4> kDelay{0, 200, 20'000, 1'000'000};
    constexpr std::array<u32, 3> kSpurious{0, 64, 4};
    constexpr std::array<u32, 3> kWeights{1, 4, 32};
    Character character{.switch_one_in = kSwitch[m.random.below(kSwitch.size())],
                        .ipi_delay_ns = kDelay[m.random.below(kDelay.size())],
                        .timer_delay_ns = kDelay[m.random.below(kDelay.size())],
                        .spurious_one_in = kSpurious[m.random.below(kSpurious.size())]};
    constexpr std::array<u64, 4> kSlice{1, 8, 64, 512};
    character.slice = kSlice[m.user_random.below(kSlice.size())];
    const bool even = m.random.one_in(2);
    for (Hart& hart : m.harts) hart.weight = even ? 1 : kWeights[m.random.below(kWeights.size())];
    return character;
}

void note(Machine& m, u64 what) { m.trace = mix(m.trace ^ mix(what ^ m.now)); }

void update_event(Hart& hart) { hart.event = hart.lines != 0 ? 0 : std::min(hart.timer, hart.ipi); }

/// Back to the host; what runs in the machine is abandoned.
[[noreturn]] void leave(Machine& m, End end, u8 status) {
    m.outcome.end = end;
    m.outcome.status = status;
    m.current->enabled = false;
    m.current = nullptr;
    Flow abandoned;
    switch_flow(abandoned, m.native);
    abort();
}

bool can_run(const Machine& m, const Hart& hart) {
    return hart.state == HartState::kRuns ||
           (hart.state == HartState::kWaits && hart.event <= m.now);
}

/// A hart that can run, by weight, not `without` if there is another; null if there is none.
Hart* draw_hart(Machine& m, const Hart* without) {
    u32 total = 0;
    for (const Hart& hart : m.harts) {
        if (&hart != without && can_run(m, hart)) total += hart.weight;
    }
    if (total == 0) return nullptr;
    u64 ticket = m.random.below(total);
    for (Hart& hart : m.harts) {
        if (&hart == without || !can_run(m, hart)) continue;
        if (ticket < hart.weight) return &hart;
        ticket -= hart.weight;
    }
    return nullptr;
}

/// Moves time to the next event of a hart that waits; false if there is none.
bool skip_to_event(Machine& m) {
    u64 next = kNever;
    for (const Hart& hart : m.harts) {
        if (hart.state == HartState::kWaits) next = std::min(next, hart.event);
    }
    if (next == kNever) return false;
    m.now = std::max(m.now, next);
    return true;
}

void draw_budget(Machine& m) { m.budget = 1 + m.random.below(2 * m.character.switch_one_in - 1); }

void switch_hart(Machine& m, Hart& to) {
    draw_budget(m);
    Hart& from = *m.current;
    if (&from == &to) return;
    note(m, to.index);
    m.current = &to;
    to.state = HartState::kRuns;
    switch_flow(from.flow, to.flow);
}

/// Takes the interrupts that have arrived, as long as this hart takes any. The flow may be on
/// another hart after.
void take_interrupts(Machine& m) {
    while (m.current->enabled && m.current->event <= m.now) {
        Hart& hart = *m.current;
        note(m, 0x100 + hart.index);
        m.alone = 0;
        hart.enabled = false;
        if (hart.ipi <= m.now) {
            hart.ipi = kNever;
            update_event(hart);
            upcalls::ipi();
        }
        if (hart.timer <= m.now) {
            hart.timer = hart.alarm = kNever;
            update_event(hart);
            upcalls::timer();
        }
        for (u64 lines = hart.lines; lines != 0; lines &= lines - 1) {
            const auto line = static_cast<IrqLine>(std::countr_zero(lines));
            if ((hart.lines >> line & 1) != 0) upcalls::external(line);
        }
        upcalls::interrupt_exit();
        m.current->enabled = true;
    }
}

void pass_step(Machine& m, u64 nanos) {
    m.now += nanos;
    if (++m.steps >= m.step_limit) leave(m, End::kStepLimit, 0);
}

/// Time passes faster for a hart that is alone for long.
u64 stretched(const Machine& m, u64 nanos) {
    return nanos << std::min(m.alone / kTurnsPerDoubling, kDoublings);
}

/// Every hart waits: time jumps to the next event, or the machine stands still for good.
Hart& wake_somebody(Machine& m) {
    for (;;) {  // each turn is at the time of an event, so somebody can run
        if (Hart* hart = draw_hart(m, nullptr); hart != nullptr) return *hart;
        if (!skip_to_event(m)) leave(m, End::kStandstill, 0);
    }
}

void boot(void* argument) {
    const auto entry = reinterpret_cast<void (*)()>(argument);
    entry();
}

void start(Hart& hart, void (*entry)()) {
    prepare_flow(hart.flow, boot_stack(hart.index), boot, reinterpret_cast<void*>(entry));
    hart.state = HartState::kRuns;
}

/// Puts into the report what the simulator itself knows.
class StringSink final : public Sink {
public:
    explicit StringSink(std::string& text) : text_(text) {}
    void write(std::string_view text) override { text_ += text; }

private:
    std::string& text_;
};

void report(Machine& m, const MachineOptions& options) {
    StringSink sink(m.outcome.report);
    format_to(sink, "{} at {} ns after {} steps, seed {}\n",
              m.outcome.end == End::kStandstill ? std::string_view("standstill")
                                                : std::string_view("no end in sight"),
              m.now, m.steps, options.seed);
    for (const Hart& hart : m.harts) {
        const std::string_view state = hart.state == HartState::kOff     ? "off"
                                       : hart.state == HartState::kWaits ? "waits"
                                                                         : "runs";
        format_to(sink, "hart {} {}, interrupts {}\n", hart.index, state,
                  hart.enabled ? std::string_view("on") : std::string_view("off"));
    }
    if (options.simulation.report != nullptr) options.simulation.report(sink);
}

}  // namespace

Outcome run_machine(const MachineOptions& options) {
    ASSERT(the_machine == nullptr);
    adopt_thread_stack();
    begin_session(options);
    Machine m(options);
    for (HartIndex hart = 0; hart < options.harts; ++hart) m.harts[hart].index = hart;
    m.step_limit = options.simulation.step_limit;
    m.character = draw_character(m);
    draw_budget(m);
    the_machine = &m;
    Hart& first = m.harts[options.boot_hart];
    start(first, [] { upcalls::boot_main(); });
    m.current = &first;
    switch_flow(m.native, first.flow);
    m.outcome.steps = m.steps;
    m.outcome.trace = m.trace;
    m.outcome.time = Nanos{m.now};
    if (m.outcome.end == End::kStandstill || m.outcome.end == End::kStepLimit) report(m, options);
    the_machine = nullptr;
    discard_abandoned_flows();
    return m.outcome;
}

void set_line(IrqLine line, bool high) {
    Machine* m = the_machine;
    if (m == nullptr) return;
    const u64 bit = u64{1} << line;
    if (high) {
        m->line_levels |= bit;
        if ((m->lines_enabled & bit) == 0) return;
        Hart& hart = m->harts[m->line_harts[line]];
        hart.lines |= bit;
        update_event(hart);
    } else {
        m->line_levels &= ~bit;
        for (Hart& hart : m->harts) {
            hart.lines &= ~bit;
            update_event(hart);
        }
    }
}

namespace backend {

FrameStart stopped_frame(HartIndex index) {
    if (the_machine == nullptr || the_machine->harts[index].state == HartState::kOff) return {};
    return saved_frame(the_machine->harts[index].flow);
}

u64 jitter() { return the_machine == nullptr ? 0 : the_machine->random.next(); }

bool interrupt_pending() { return me().event <= the_machine->now; }

u64 draw_slice() {
    Machine& m = *the_machine;
    return 1 + m.user_random.below(m.character.slice);
}

void pass_instructions(u64 instructions) {
    Machine& m = *the_machine;
    pass_step(m, stretched(m, instructions * kInstructionNs));
    const auto others = [&m](const Hart& hart) { return &hart != m.current && can_run(m, hart); };
    m.alone = std::ranges::any_of(m.harts, others) ? 0 : m.alone + 1;
}

}  // namespace backend
}  // namespace host

namespace kernel {

using host::me;
using host::the_machine;

void simulator_schedule_point() {
    host::Machine* m = the_machine;
    if (m == nullptr || m->current == nullptr) return;
    pass_step(*m, host::kStepNs);
    if (m->current->event <= m->now && m->current->enabled) take_interrupts(*m);
    if (--m->budget != 0) return;
    switch_hart(*m, *draw_hart(*m, nullptr));
}

namespace machine {

HartIndex hart_index() { return me().index; }
void* current_flow() { return me().word; }
void set_current_flow(void* flow) { me().word = flow; }

u32 start_other_harts() {
    u32 count = 0;
    for (host::Hart& hart : the_machine->harts) {
        if (&hart == &me()) continue;
        host::start(hart, [] { upcalls::hart_main(); });
        ++count;
    }
    return count;
}

void send_ipi(HartIndex index) {
    host::Machine& m = *the_machine;
    host::Hart& hart = m.harts[index];
    const u64 arrives = m.now + m.random.below(m.character.ipi_delay_ns + 1);
    // One interrupt stands for all that were sent before it is taken.
    hart.ipi = std::min(hart.ipi, arrives);
    update_event(hart);
    simulator_schedule_point();
}

bool interrupts_enabled() { return me().enabled; }

bool disable_interrupts() {
    const bool were_on = me().enabled;
    me().enabled = false;
    return were_on;
}

void enable_interrupts() {
    me().enabled = true;
    if (the_machine == nullptr || the_machine->current == nullptr) return;
    take_interrupts(*the_machine);
}

void wait_for_interrupt() {
    host::Machine& m = *the_machine;
    host::Hart& hart = *m.current;
    host::pass_step(m, host::kStepNs);
    if (hart.event <= m.now) return;
    if (m.character.spurious_one_in != 0 && m.random.one_in(m.character.spurious_one_in)) {
        // But not when it is the last hart awake: a machine at a standstill must be seen as such.
        if (host::Hart* other = draw_hart(m, &hart); other != nullptr) {
            switch_hart(m, *other);
            return;
        }
    }
    hart.state = host::HartState::kWaits;
    switch_hart(m, host::wake_somebody(m));
    hart.state = host::HartState::kRuns;
}

void relax() {
    host::Machine* m = the_machine;
    if (m == nullptr || m->current == nullptr) return;
    host::pass_step(*m, host::stretched(*m, host::kRelaxNs));
    if (m->current->enabled) take_interrupts(*m);
    host::Hart* other = draw_hart(*m, m->current);
    // Nobody else can run: what this hart waits for can only come with time.
    if (other == nullptr && host::skip_to_event(*m)) other = draw_hart(*m, m->current);
    m->alone = other == nullptr ? m->alone + 1 : 0;
    if (other != nullptr) switch_hart(*m, *other);
}

Result<void> enable_line(IrqLine line, HartIndex hart) {
    host::Machine& m = *the_machine;
    if (line == 0 || line >= host::kLines || hart >= m.harts.size()) return Error::kNoDevice;
    m.line_harts[line] = hart;
    m.lines_enabled |= u64{1} << line;
    if ((m.line_levels >> line & 1) != 0) host::set_line(line, true);
    return {};
}

void disable_line(IrqLine line) {
    host::Machine& m = *the_machine;
    m.lines_enabled &= ~(u64{1} << line);
    for (host::Hart& hart : m.harts) {
        hart.lines &= ~(u64{1} << line);
        update_event(hart);
    }
}

Nanos now() {
    simulator_schedule_point();
    return {the_machine == nullptr ? 0 : the_machine->now};
}

void set_alarm(Nanos when) {
    host::Machine& m = *the_machine;
    host::Hart& hart = *m.current;
    hart.alarm = when.value;
    hart.timer = when == kNoAlarm
                     ? host::kNever
                     : std::max(when.value, m.now) + m.random.below(m.character.timer_delay_ns + 1);
    update_event(hart);
}

void power_off(u8 status) { host::leave(*the_machine, host::End::kPoweredOff, status); }
void reboot() { host::leave(*the_machine, host::End::kRebooted, 0); }

void stop_other_harts() {
    host::Machine* m = the_machine;
    if (m == nullptr) return;
    // The panic's own words come without another hart between them.
    std::fprintf(stderr, "seed %llu: panic at %llu ns after %llu steps\n",
                 static_cast<unsigned long long>(host::session_options().seed),
                 static_cast<unsigned long long>(m->now),
                 static_cast<unsigned long long>(m->steps));
    for (host::Hart& hart : m->harts) {
        if (&hart == m->current || hart.state == host::HartState::kOff) continue;
        hart.state = host::HartState::kWaits;
        hart.timer = hart.ipi = host::kNever;
        hart.lines = 0;
        update_event(hart);
    }
}

}  // namespace machine
}  // namespace kernel
