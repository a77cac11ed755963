// Program: what the explorer explores: some threads, perhaps interrupts on them, and what must hold
// at the end.
#pragma once

#include <source_location>
#include <string>

#include "base/std.h"

namespace model {

using kernel::i32;
using kernel::i64;
using kernel::u16;
using kernel::u32;
using kernel::u64;
using kernel::u8;
using kernel::usize;

/// A small concurrent program. It is made anew for each execution: its constructor is the setup, as
/// if it ran before the threads were started; finish() sees the memory as after all were joined.
///
/// What threads share are members of type model::Atomic (interleaved in every way) and model::Var
/// (plain data: unordered accesses are found). Anything else must belong to one thread until
/// finish(): the explorer does not see it, so it may skip schedules that differ only in it.
/// Neither it nor its threads may own memory: an execution that is given up is not unwound.
class Program {
public:
    virtual ~Program() = default;

    virtual u32 threads() const = 0;
    /// After the setup, before any thread: what watch() compares with.
    virtual void begin() {}
    /// What thread `thread` does.
    virtual void run(u32 thread) = 0;

    /// How many interrupt handlers come up on `thread`: each runs once in every execution, at any
    /// point of the thread (or of an earlier handler), from its begin to its end.
    virtual u32 interrupts(u32 thread) const {
        (void)thread;
        return 0;
    }
    virtual void interrupt(u32 thread, u32 which) {
        (void)thread;
        (void)which;
    }

    /// After each operation of any thread: checks what must hold at all times, looking at the
    /// newest values. Must not change anything.
    virtual void watch() {}
    /// After the last thread has ended: checks the outcome.
    virtual void finish() {}

    /// For printing: what an atomic is called, and what a value of it means; empty if the program
    /// does not care.
    virtual std::string name_of(const void* atomic) const {
        (void)atomic;
        return {};
    }
    virtual std::string show(const void* atomic, u64 value) const {
        (void)atomic;
        (void)value;
        return {};
    }
};

/// Fails the execution unless `holds`; `what` says what should have held. Anywhere in a program.
void check(bool holds, const char* what,
           std::source_location where = std::source_location::current());

/// Fails the execution.
[[noreturn]] void fail(const std::string& message);

/// A choice the program leaves open: 0 to count - 1, each is explored.
u32 choose(u32 count);

/// While one lives, no interrupt handler begins on the calling thread.
class InterruptsOff {
public:
    InterruptsOff();
    ~InterruptsOff();
    InterruptsOff(const InterruptsOff&) = delete;
    InterruptsOff& operator=(const InterruptsOff&) = delete;
};

}  // namespace model
