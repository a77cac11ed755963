// Execution: one run of a program: whose turn it is, what is worth exploring, and what went wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/model/choices.h"
#include "tests/model/fiber.h"
#include "tests/model/memory.h"
#include "tests/model/program.h"
#include "tests/model/trace.h"

namespace model {

/// How an execution is bounded.
struct Bounds {
    MemoryModel memory = MemoryModel::kWeak;
    /// Do not explore schedules that differ from an explored one only in the order of operations
    /// that do not affect each other.
    bool sleep_sets = true;
    /// How often a thread that could go on may be interrupted by another; nothing: as often as
    /// possible. With a bound sleep sets are off, for they assume that all schedules are allowed.
    std::optional<u32> preemptions = std::nullopt;
    /// An execution longer than this has no end.
    u32 max_steps = 20'000;
    /// A search ends unfinished after so many executions; 0: when all is explored.
    u64 max_executions = 0;
};

enum class Ending : u8 {
    kComplete,
    kRedundant,  // given up: whatever follows has been explored
    kFailed,
};

/// How a program comes and goes. One that is given up is forgotten, not destroyed.
struct Maker {
    Program& (*make)(void* argument);
    void (*destroy)(void* argument);
    void* argument;
};

class Execution {
public:
    Execution();

    /// Makes a program, runs its threads as `choices` say, checks the end, and destroys it.
    Ending run(const Maker& maker, const Bounds& bounds, Choices& choices, Trace* trace);

    u32 steps() const { return steps_; }
    const std::string& failure() const { return failure_; }

    /// What a program may call.
    static Execution& running();
    u64 operate(Operation operation, bool& wrote);
    void construct(AtomicState& atomic, u64 value, u8 bytes);
    u32 choose(u32 count);
    [[noreturn]] void fail(const std::string& message);
    void allow_interrupts(bool allowed);
    /// The calling thread and its view, for Var; nothing outside threads.
    bool in_thread() const { return phase_ == Phase::kThreads; }
    u32 current() const { return current_; }
    const View& view() const { return threads_[current_].view; }

private:
    enum class Phase : u8 { kNone, kAlone, kThreads };

    /// What a thread did last, to see that it only waits.
    struct Step {
        const AtomicState* atomic;
        u32 line;
        u64 read;
        u64 written;
        u32 changes;  // of the location, afterwards

        bool same_as(const Step& other) const {
            return atomic == other.atomic && line == other.line && read == other.read &&
                   written == other.written;
        }
    };
    static constexpr u32 kLongestLoop = 8;

    struct Thread {
        Fiber fiber;
        View view;
        Operation pending{};
        bool ended = false;
        u32 interrupts_off = 0;
        u32 interrupts = 0;   // handlers that come up on it
        u32 interrupted = 0;  // of these, how many have begun
        u32 depth = 0;        // handlers that are running
        std::array<Step, kLongestLoop> last{};
        u32 done = 0;
        /// For each length of a loop, how many steps in a row repeat the one that long before.
        std::array<u32, kLongestLoop + 1> repeats{};
    };

    static void body(void* argument);
    void begin_threads();
    void arrive(const Operation& operation);
    void offer_interrupts(bool last_chance);
    void pass_turn();
    u32 choose_thread();
    u32 threads_that(bool wait) const;
    void put_to_sleep(u32 explored, u32 chosen);
    void note_step(Thread& thread, const Operation& operation, const Outcome& outcome);
    u32 loop_of(const Thread& thread) const;
    bool waits(const Thread& thread) const;
    u64 operate_alone(const Operation& operation, bool& wrote);
    [[noreturn]] void end(Ending ending);

    Memory memory_;
    std::vector<Thread> threads_;
    Program* program_ = nullptr;
    Bounds bounds_;
    Choices* choices_ = nullptr;
    Trace* trace_ = nullptr;

    Phase phase_ = Phase::kNone;
    bool starting_ = false;  // threads run up to their first operations
    u32 count_ = 0;          // threads
    u32 current_ = 0;
    u32 asleep_ = 0;  // bits of threads whose next operation has been explored from here
    u32 preemptions_ = 0;
    u32 steps_ = 0;
    Ending ending_ = Ending::kComplete;
    std::string failure_;
    Resumption starter_{};  // begin_threads(), while threads run up to their first operations
    Resumption end_{};      // run(), when the execution is over
};

}  // namespace model
