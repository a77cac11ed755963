// liburcu's lock-free hash table (cds_lfht), read under quiescent states.
#pragma once

#include "tests/bench/pid/graveyard.h"
#include "tests/bench/pid/table.h"
// after the flavour of RCU
#include <urcu/rculfhash.h>

#include <bit>

namespace bench {

class LfhtTable {
    struct Node : PidObject {
        cds_lfht_node link;
    };

public:
    static constexpr std::string_view kName = "lfht";
    static constexpr bool kKnowsMisses = true;
    using Thread = QsbrThread;
    using Held = Node*;

    /// As many buckets as processes: it never has to grow while it is measured.
    explicit LfhtTable(u32 live)
        : table_(cds_lfht_new_flavor(std::bit_ceil(live), std::bit_ceil(live), 0, 0,
                                     &urcu_qsbr_flavor, nullptr)) {
        if (table_ == nullptr) {
            std::fputs("cds_lfht_new failed\n", stderr);
            std::exit(125);
        }
    }
    LfhtTable(const LfhtTable&) = delete;
    LfhtTable& operator=(const LfhtTable&) = delete;

    u32 allocate(Thread&, u32 slot) {
        auto* const node = new Node;
        node->slot = slot;
        cds_lfht_node_init(&node->link);
        do node->number = numbers_.next();
        while (cds_lfht_add_unique(table_, hash(node->number), matches, &node->number,
                                   &node->link) != &node->link);
        return node->number;
    }
    void free(Thread& thread, u32 number, u32) {
        Node* const node = look(number);
        if (node != nullptr && cds_lfht_del(table_, &node->link) == 0) release(thread, node);
    }
    u32 find(Thread&, u32 number) {
        const Node* const node = look(number);
        return node == nullptr ? kNobody : node->slot;
    }
    Held acquire(Thread&, u32 number) {
        Node* const node = look(number);
        return node != nullptr && node->acquire() ? node : nullptr;
    }
    void release(Thread& thread, Held node) {
        if (node->release()) {
            thread.retire(node, [](void* object) { delete static_cast<Node*>(object); });
        }
    }

private:
    /// The table takes its bucket from the low bits: numbers as they are spread perfectly.
    static unsigned long hash(u32 number) { return number; }
    static Node* node_of(cds_lfht_node* link) {
        return reinterpret_cast<Node*>(reinterpret_cast<char*>(link) - kLinkOffset);
    }
    static int matches(cds_lfht_node* link, const void* key) {
        return node_of(link)->number == *static_cast<const u32*>(key);
    }
    Node* look(u32 number) {
        cds_lfht_iter iterator;
        cds_lfht_lookup(table_, hash(number), matches, &number, &iterator);
        cds_lfht_node* const link = cds_lfht_iter_get_node(&iterator);
        return link == nullptr ? nullptr : node_of(link);
    }

    // cds_lfht wants its nodes aligned to 8; ours begins with what has no padding behind it.
    static constexpr usize kLinkOffset = (sizeof(PidObject) + 7) / 8 * 8;
    static_assert(sizeof(Node) == kLinkOffset + sizeof(cds_lfht_node));

    cds_lfht* const table_;
    NumberCounter numbers_;
};

}  // namespace bench
