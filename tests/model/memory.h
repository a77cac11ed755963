// Memory: the memory of an explored program as C++ defines it: old values may still be read, until
// an order forbids it.
#pragma once

#include <array>
#include <atomic>
#include <source_location>
#include <vector>

#include "tests/model/program.h"

namespace model {

inline constexpr u32 kMaxThreads = 6;
/// Atomics that the threads of one execution may touch. (There may be many more of them.)
inline constexpr u32 kMaxLocations = 1280;

enum class MemoryModel : u8 {
    kSequential,  // every load reads the newest value
    kWeak,        // a load reads any value that C++ lets it read, but never from the future
};

/// What lies in an Atomic<T>: the newest value, and where its history is during an execution.
struct AtomicState {
    u64 value = 0;
    const AtomicState* self = nullptr;  // this, if it was constructed and not moved
    u32 born_in = 0;                    // the execution that constructed it
    u32 born_at = 0;                    // the clock of who did; 0: before the threads
    u32 location_of = 0;                // the execution `location` belongs to
    u16 location = 0;
    u8 born_by = 0;
    u8 bytes = 0;
};

/// What one call of an Atomic<T> asks for.
struct Operation {
    enum class Kind : u8 { kLoad, kStore, kExchange, kCompareExchange, kAdd, kSub, kOr, kAnd };

    Kind kind;
    std::memory_order order;
    AtomicState* atomic;
    u64 operand = 0;
    u64 expected = 0;
    std::source_location where;

    bool reads() const { return kind != Kind::kStore; }
    /// Whether it may write; a compare-and-swap that fails does not.
    bool writes() const { return kind != Kind::kLoad; }
    /// The value it leaves if it finds `old`; only asked when it writes.
    u64 result(u64 old) const;
};

/// What came of it.
struct Outcome {
    u64 read = 0;
    u64 written = 0;
    bool wrote = false;
    u32 newer = 0;  // values of the location that are newer than what was read or written
};

/// What a thread has seen: of each location the oldest message it may still read, and of each
/// thread how far its plain accesses happen before now.
struct View {
    u32 locations = 0;  // entries of `seen` in use; beyond: message 0, the value before the threads
    std::array<u16, kMaxLocations> seen;
    std::array<u32, kMaxThreads> clock;

    View() { clear(); }
    View(const View& other) { *this = other; }
    View& operator=(const View& other);
    void clear();
    u16 at(u32 location) const { return location < locations ? seen[location] : u16{0}; }
    void set(u32 location, u16 message);
};

/// Chooses among `count` possibilities; 0 is the newest value, or the end of the history.
class Chooser {
public:
    virtual u32 pick(u32 count) = 0;

protected:
    ~Chooser() = default;
};

/// For each location the messages written to it, in modification order, each with the view that a
/// release attached. A load reads any message that is not older than what its thread has seen; an
/// acquire joins the view of the message into the thread's. A store goes anywhere after what the
/// thread has seen; a read-modify-write right after the message it read, and carries that message's
/// view on (release sequences). seq_cst: also not older than the last seq_cst write of the
/// location.
class Memory {
public:
    Memory();

    /// Forgets everything; `execution` tells what belongs to this time.
    void begin(MemoryModel model, u32 execution);

    /// Does `operation` for the thread whose view is `view`. If `newest`, as if memory were
    /// sequential.
    Outcome perform(const Operation& operation, u32 thread, View& view, bool newest,
                    Chooser& chooser);

    /// How often the value of `atomic` has changed in this execution.
    u32 changes(const AtomicState& atomic) const;
    u32 execution() const { return execution_; }

private:
    static constexpr u32 kNoView = ~u32{0};

    struct Message {
        u64 value;
        u32 view;        // into views_, or kNoView
        u16 position;    // in modification order
        bool continued;  // a read-modify-write follows it: nothing else may
    };
    struct Location {
        std::vector<Message> messages;  // as they were written
        std::vector<u16> order;         // modification order, as indices of `messages`
        u16 last_seq_cst;
        u32 changes;
    };

    Location& location_of(AtomicState& atomic, u32 thread, const View& view);
    /// The possible messages, newest first, as positions in candidates_.
    void find_candidates(const Location& location, const Operation& operation, u32 oldest,
                         bool newest);
    u16 insert(Location& location, u32 after, u64 value);
    void join(View& into, u32 from);
    u32 keep(const View& view);

    MemoryModel model_ = MemoryModel::kWeak;
    u32 execution_ = 0;
    u32 used_ = 0;  // locations in use
    std::vector<Location> locations_;
    std::vector<View> views_;
    u32 views_used_ = 0;
    std::vector<u16> candidates_;
};

}  // namespace model
