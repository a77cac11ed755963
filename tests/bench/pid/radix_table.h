// A radix tree of 64-way nodes under RCU, with one lock for updates: what Linux keeps its pids in.
#pragma once

#include <mutex>

#include "tests/bench/pid/graveyard.h"
#include "tests/bench/pid/table.h"

namespace bench {

class RadixTable {
public:
    static constexpr std::string_view kName = "radix";
    static constexpr bool kKnowsMisses = true;
    using Thread = QsbrThread;
    using Held = PidObject*;

    explicit RadixTable(u32) : root_(new Node) {}
    RadixTable(const RadixTable&) = delete;
    RadixTable& operator=(const RadixTable&) = delete;

    u32 allocate(Thread&, u32 slot) {
        auto* const pid = new PidObject;
        pid->slot = slot;
        const std::lock_guard guard(lock_);
        do pid->number = numbers_.next();
        while (look(pid->number) != nullptr);
        insert(pid);
        return pid->number;
    }
    void free(Thread& thread, u32 number, u32) {
        PidObject* pid;
        Emptied emptied;
        {
            const std::lock_guard guard(lock_);
            pid = look(number);
            if (pid == nullptr) return;
            emptied = remove(number);
        }
        // Without the lock: retiring waits for readers at times, and they may wait for the lock.
        for (u32 i = 0; i < emptied.count; ++i) thread.retire(emptied.nodes[i], destroy<Node>);
        release(thread, pid);
    }
    u32 find(Thread&, u32 number) {
        const PidObject* const pid = look(number);
        return pid == nullptr ? kNobody : pid->slot;
    }
    Held acquire(Thread&, u32 number) {
        PidObject* const pid = look(number);
        return pid != nullptr && pid->acquire() ? pid : nullptr;
    }
    void release(Thread& thread, Held pid) {
        if (pid->release()) thread.retire(pid, destroy<PidObject>);
    }

private:
    static constexpr u32 kBits = 6;
    static constexpr u32 kWays = 1u << kBits;
    struct Node {
        u32 shift = 0;  // of the number's bits that choose among `below`
        u32 used = 0;   // of `below`; under the lock
        std::atomic<void*> below[kWays] = {};
    };

    static constexpr u32 kMaxDepth = 6;
    struct Emptied {
        u32 count = 0;
        Node* nodes[kMaxDepth];
    };

    template <class T>
    static void destroy(void* object) {
        delete static_cast<T*>(object);
    }
    static u32 way(u32 number, u32 shift) { return (number >> shift) & (kWays - 1); }

    PidObject* look(u32 number) const {
        const Node* node = root_.load(std::memory_order_acquire);
        if ((u64{number} >> node->shift) >= kWays) return nullptr;
        for (u32 shift = node->shift; shift != 0; shift -= kBits) {
            node = static_cast<const Node*>(
                node->below[way(number, shift)].load(std::memory_order_acquire));
            if (node == nullptr) return nullptr;
        }
        return static_cast<PidObject*>(node->below[way(number, 0)].load(std::memory_order_acquire));
    }
    void insert(PidObject* pid) {
        Node* node = root_.load(std::memory_order_relaxed);
        // The tree is as high as its largest number asks.
        while ((u64{pid->number} >> node->shift) >= kWays) {
            auto* const higher = new Node;
            higher->shift = node->shift + kBits;
            higher->used = 1;
            higher->below[0].store(node, std::memory_order_relaxed);
            root_.store(higher, std::memory_order_release);
            node = higher;
        }
        for (u32 shift = node->shift; shift != 0; shift -= kBits) {
            std::atomic<void*>& place = node->below[way(pid->number, shift)];
            auto* next = static_cast<Node*>(place.load(std::memory_order_relaxed));
            if (next == nullptr) {
                next = new Node;
                next->shift = shift - kBits;
                ++node->used;
                place.store(next, std::memory_order_release);
            }
            node = next;
        }
        ++node->used;
        node->below[way(pid->number, 0)].store(pid, std::memory_order_release);
    }
    /// Returns the nodes that nothing leads to any more.
    Emptied remove(u32 number) {
        Emptied emptied;
        Node* path[kMaxDepth];
        u32 depth = 0;
        Node* node = root_.load(std::memory_order_relaxed);
        for (u32 shift = node->shift;; shift -= kBits) {
            path[depth++] = node;
            if (shift == 0) break;
            node =
                static_cast<Node*>(node->below[way(number, shift)].load(std::memory_order_relaxed));
        }
        // Nodes that become empty go, up to the root, which stays.
        while (depth-- != 0) {
            node = path[depth];
            node->below[way(number, node->shift)].store(nullptr, std::memory_order_release);
            if (--node->used != 0 || depth == 0) break;
            emptied.nodes[emptied.count++] = node;
        }
        return emptied;
    }

    SpinLock lock_;
    NumberCounter numbers_;
    alignas(64) std::atomic<Node*> root_;
};

}  // namespace bench
