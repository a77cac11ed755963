// What readers of RCU may still look at: kept until each of them has rested, then freed.
#pragma once

#define URCU_INLINE_SMALL_FUNCTIONS
#include <urcu/urcu-qsbr.h>

#include <vector>

#include "tests/bench/pid/table.h"

namespace bench {

/// A thread of a table whose readers are protected by liburcu's quiescent states, the cheapest kind
/// there is: a read costs nothing, and a thread rests once in a run of operations. What the thread
/// takes out it frees in batches, so that waiting for readers costs it next to nothing either.
class QsbrThread {
public:
    template <class T>
    QsbrThread(T&, u32) {
        urcu_qsbr_register_thread();
        urcu_qsbr_thread_offline();
        dead_.reserve(kBatch);
    }
    QsbrThread(const QsbrThread&) = delete;
    QsbrThread& operator=(const QsbrThread&) = delete;
    ~QsbrThread() {
        bury();
        urcu_qsbr_unregister_thread();
    }

    void begin() { urcu_qsbr_thread_online(); }
    void end() { urcu_qsbr_thread_offline(); }

    /// Frees `object`, by `destroy`, when no reader can have it any more.
    void retire(void* object, void (*destroy)(void*)) {
        dead_.push_back({object, destroy});
        if (dead_.size() == kBatch) bury();
    }

private:
    static constexpr usize kBatch = 4096;
    struct Dead {
        void* object;
        void (*destroy)(void*);
    };

    void bury() {
        urcu_qsbr_synchronize_rcu();
        for (const Dead& dead : dead_) dead.destroy(dead.object);
        dead_.clear();
    }

    std::vector<Dead> dead_;
};

/// What Linux has for a number: found through a tree or a list, counted, and apart from the
/// process.
struct PidObject {
    std::atomic<u32> references{1};
    u32 number = 0;
    u32 slot = 0;

    /// Whether there was a reference to add to.
    bool acquire() {
        u32 seen = references.load(std::memory_order_relaxed);
        while (seen != 0) {
            if (references.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire,
                                                 std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }
    /// Whether that was the last.
    bool release() { return references.fetch_sub(1, std::memory_order_acq_rel) == 1; }
};

}  // namespace bench
