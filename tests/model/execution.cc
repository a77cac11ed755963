// Execution: turns, sleep sets, waiting loops, interrupts, and the ways an execution ends.
#include "tests/model/execution.h"

#include <bit>

namespace model {
namespace {

Execution* running_execution = nullptr;
u32 execution_number = 0;

constexpr u32 bit_of(u32 thread) { return u32{1} << thread; }

/// Whether the order of two operations of different threads can matter.
bool dependent(const Operation& one, const Operation& other) {
    return one.atomic == other.atomic && (one.writes() || other.writes());
}

}  // namespace

Execution::Execution() : threads_(kMaxThreads) {}

Execution& Execution::running() { return *running_execution; }

Ending Execution::run(const Maker& maker, const Bounds& bounds, Choices& choices, Trace* trace) {
    Execution* const outer = running_execution;
    running_execution = this;
    bounds_ = bounds;
    choices_ = &choices;
    trace_ = trace;
    phase_ = Phase::kAlone;
    asleep_ = 0;
    preemptions_ = 0;
    steps_ = 0;
    ending_ = Ending::kComplete;
    failure_.clear();
    memory_.begin(bounds.memory, ++execution_number);
    // Whatever ends an execution comes back here.
    if (_setjmp(end_.at) == 0) {
        program_ = &maker.make(maker.argument);
        program_->begin();
        begin_threads();
        const u32 first = choose_thread();
        if (first != kMaxThreads) {
            current_ = first;
            abandon_for(threads_[first].fiber.here());
        }
    }
    if (ending_ == Ending::kComplete) {
        phase_ = Phase::kAlone;
        if (_setjmp(end_.at) == 0) {
            program_->finish();
            maker.destroy(maker.argument);
        }
    }
    phase_ = Phase::kNone;
    running_execution = outer;
    return ending_;
}

void Execution::begin_threads() {
    count_ = program_->threads();
    if (count_ > kMaxThreads) fail("too many threads (kMaxThreads)");
    phase_ = Phase::kThreads;
    starting_ = true;
    for (current_ = 0; current_ < count_; ++current_) {
        Thread& thread = threads_[current_];
        thread.view.clear();
        thread.view.clock[current_] = 1;
        thread.ended = false;
        thread.interrupts_off = 0;
        thread.interrupted = 0;
        thread.depth = 0;
        thread.done = 0;
        thread.repeats.fill(0);
        thread.interrupts = program_->interrupts(current_);
        thread.fiber.start(starter_, &Execution::body, this);
    }
    starting_ = false;  // and current_ is nobody
}

void Execution::body(void* argument) {
    Execution& self = *static_cast<Execution*>(argument);
    const u32 thread = self.current_;
    self.program_->run(thread);
    self.offer_interrupts(true);
    self.threads_[thread].ended = true;
    if (self.starting_) abandon_for(self.starter_);
    const u32 next = self.choose_thread();
    if (next == kMaxThreads) self.end(Ending::kComplete);
    self.current_ = next;
    abandon_for(self.threads_[next].fiber.here());
}

void Execution::end(Ending ending) {
    ending_ = ending;
    abandon_for(end_);
}

void Execution::fail(const std::string& message) {
    failure_ = message;
    end(Ending::kFailed);
}

/// The calling thread is about to do `operation`; returns when it shall.
void Execution::arrive(const Operation& operation) {
    offer_interrupts(false);
    Thread& thread = threads_[current_];
    thread.pending = operation;
    if (starting_) {
        switch_to(thread.fiber.here(), starter_);
        return;
    }
    pass_turn();
}

void Execution::offer_interrupts(bool last_chance) {
    const u32 self = current_;
    Thread& thread = threads_[self];
    while (thread.interrupts_off == 0 && thread.interrupted < thread.interrupts) {
        if (!last_chance && choices_->pick(2) == 0) return;
        const u32 which = thread.interrupted++;
        ++thread.depth;
        if (trace_ != nullptr) trace_->note(self, thread.depth, "interrupt begins");
        program_->interrupt(self, which);
        if (trace_ != nullptr) trace_->note(self, thread.depth, "interrupt ends");
        --thread.depth;
    }
}

void Execution::pass_turn() {
    const u32 self = current_;
    const u32 next = choose_thread();
    if (next == self) return;
    current_ = next;
    switch_to(threads_[self].fiber.here(), threads_[next].fiber.here());
}

u32 Execution::threads_that(bool wait) const {
    u32 found = 0;
    for (u32 i = 0; i < count_; ++i) {
        if (!threads_[i].ended && waits(threads_[i]) == wait) found |= bit_of(i);
    }
    return found;
}

/// Whose operation is next; kMaxThreads if all have ended. Does not come back if all that is left
/// has been explored.
u32 Execution::choose_thread() {
    u32 able = threads_that(false);
    if (able == 0) {
        // Those who wait cannot be helped by others: perhaps they do not wait but count.
        able = threads_that(true);
        for (u32 i = 0; i < count_; ++i) threads_[i].repeats.fill(0);
    }
    if (able == 0) return kMaxThreads;
    const bool preempts = (able & bit_of(current_)) != 0;
    const bool sleep = bounds_.sleep_sets && !bounds_.preemptions && !choices_->random_walk();
    if (sleep) {
        able &= ~asleep_;
        if (able == 0) end(Ending::kRedundant);
    } else if (preempts && bounds_.preemptions && preemptions_ >= *bounds_.preemptions) {
        able = bit_of(current_);
    }
    // The thread that ran last comes first: the first execution has no switch that is not needed.
    const auto first_of = [this](u32 set) {
        return (set & bit_of(current_)) != 0 ? current_ : static_cast<u32>(std::countr_zero(set));
    };
    u32 explored = 0;
    u32 thread = first_of(able);
    for (u32 left = choices_->pick(static_cast<u32>(std::popcount(able))); left != 0; --left) {
        explored |= bit_of(thread);
        thread = first_of(able & ~explored);
    }
    if (preempts && thread != current_) ++preemptions_;
    if (sleep) put_to_sleep(explored, thread);
    return thread;
}

/// `chosen` goes on; what was explored from here before sleeps until something depends on it.
void Execution::put_to_sleep(u32 explored, u32 chosen) {
    u32 asleep = 0;
    for (u32 rest = asleep_ | explored; rest != 0; rest &= rest - 1) {
        const u32 thread = static_cast<u32>(std::countr_zero(rest));
        if (!dependent(threads_[thread].pending, threads_[chosen].pending)) {
            asleep |= bit_of(thread);
        }
    }
    asleep_ = asleep;
}

/// How long the loop is that the thread has gone round once too often; 0 if it does not loop.
u32 Execution::loop_of(const Thread& thread) const {
    for (u32 length = 1; length <= kLongestLoop; ++length) {
        if (thread.repeats[length] >= 2 * length) return length;
    }
    return 0;
}

/// Whether the thread only waits: three times round a loop it saw and did the same (the third time
/// reading the newest), and nobody has changed what it looks at since.
bool Execution::waits(const Thread& thread) const {
    const u32 length = loop_of(thread);
    if (length == 0) return false;
    for (u32 i = 0; i < length; ++i) {
        const Step& step = thread.last[(thread.done - 1 - i) % kLongestLoop];
        // What it wrote itself to the same location, later in the loop, is no news.
        u32 seen = step.changes;
        for (u32 j = 0; j < length; ++j) {
            const Step& other = thread.last[(thread.done - 1 - j) % kLongestLoop];
            if (other.atomic == step.atomic) seen = std::max(seen, other.changes);
        }
        if (memory_.changes(*step.atomic) != seen) return false;
    }
    return true;
}

void Execution::note_step(Thread& thread, const Operation& operation, const Outcome& outcome) {
    const Step step{operation.atomic, operation.where.line(), outcome.read, outcome.written,
                    memory_.changes(*operation.atomic)};
    for (u32 length = 1; length <= kLongestLoop; ++length) {
        const bool again = thread.done >= length &&
                           thread.last[(thread.done - length) % kLongestLoop].same_as(step);
        thread.repeats[length] = again ? thread.repeats[length] + 1 : 0;
    }
    thread.last[thread.done % kLongestLoop] = step;
    ++thread.done;
}

u64 Execution::operate(Operation operation, bool& wrote) {
    if (phase_ != Phase::kThreads) return operate_alone(operation, wrote);
    arrive(operation);
    Thread& thread = threads_[current_];
    if (++steps_ > bounds_.max_steps) fail("no end: the execution has too many steps");
    // Who goes round a loop gets to see the newest values at last.
    bool newest = false;
    for (u32 length = 1; length <= kLongestLoop; ++length) {
        newest = newest || thread.repeats[length] >= length;
    }
    const Outcome outcome = memory_.perform(operation, current_, thread.view, newest, *choices_);
    note_step(thread, operation, outcome);
    if (trace_ != nullptr) {
        trace_->operation(*program_, current_, thread.depth, operation, outcome);
    }
    wrote = outcome.wrote;
    phase_ = Phase::kAlone;
    program_->watch();
    phase_ = Phase::kThreads;
    return outcome.read;
}

/// Before the threads begin, and after they have ended.
u64 Execution::operate_alone(const Operation& operation, bool& wrote) {
    AtomicState& atomic = *operation.atomic;
    if (atomic.self != &atomic || atomic.born_in != memory_.execution()) {
        fail("an atomic is used that nobody has constructed");
    }
    const u64 old = atomic.value;
    wrote = operation.writes() &&
            (operation.kind != Operation::Kind::kCompareExchange || old == operation.expected);
    if (wrote) atomic.value = operation.result(old);
    return old;
}

void Execution::construct(AtomicState& atomic, u64 value, u8 bytes) {
    const bool again = atomic.self == &atomic && atomic.born_in == memory_.execution();
    if (again && phase_ == Phase::kThreads) fail("an atomic is constructed twice");
    atomic.value = value;
    atomic.self = &atomic;
    atomic.born_in = memory_.execution();
    atomic.born_at = phase_ == Phase::kThreads ? threads_[current_].view.clock[current_] : 0;
    atomic.born_by = static_cast<u8>(current_);
    atomic.location_of = 0;
    atomic.bytes = bytes;
}

u32 Execution::choose(u32 count) { return choices_->pick(count); }

void Execution::allow_interrupts(bool allowed) {
    if (phase_ != Phase::kThreads) return;
    u32& off = threads_[current_].interrupts_off;
    off = allowed ? off - 1 : off + 1;
}

}  // namespace model
