// Memory: messages, views, and who may read what.
#include "tests/model/memory.h"

#include <algorithm>

namespace model {
namespace {

using Kind = Operation::Kind;

bool acquires(std::memory_order order) {
    return order == std::memory_order_acquire || order == std::memory_order_consume ||
           order == std::memory_order_acq_rel || order == std::memory_order_seq_cst;
}

bool releases(std::memory_order order) {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}

}  // namespace

u64 Operation::result(u64 old) const {
    u64 value = operand;
    switch (kind) {
        case Kind::kLoad:
        case Kind::kStore:
        case Kind::kExchange:
        case Kind::kCompareExchange:
            break;
        case Kind::kAdd:
            value = old + operand;
            break;
        case Kind::kSub:
            value = old - operand;
            break;
        case Kind::kOr:
            value = old | operand;
            break;
        case Kind::kAnd:
            value = old & operand;
            break;
    }
    return atomic->bytes == 8 ? value : static_cast<u32>(value);
}

void View::clear() {
    locations = 0;
    clock.fill(0);
}

View& View::operator=(const View& other) {
    locations = other.locations;
    std::copy_n(other.seen.begin(), locations, seen.begin());
    clock = other.clock;
    return *this;
}

void View::set(u32 location, u16 message) {
    while (locations <= location) seen[locations++] = 0;
    seen[location] = message;
}

Memory::Memory() : locations_(kMaxLocations) {}

void Memory::begin(MemoryModel model, u32 execution) {
    model_ = model;
    execution_ = execution;
    used_ = 0;
    views_used_ = 0;
}

u32 Memory::changes(const AtomicState& atomic) const {
    return atomic.location_of == execution_ ? locations_[atomic.location].changes : 0;
}

Memory::Location& Memory::location_of(AtomicState& atomic, u32 thread, const View& view) {
    if (atomic.self != &atomic || atomic.born_in != execution_) {
        fail("an atomic is used that nobody has constructed");
    }
    if (atomic.born_at != 0 && atomic.born_by != thread &&
        view.clock[atomic.born_by] < atomic.born_at) {
        fail("an atomic is used by a thread that nothing orders after its construction");
    }
    if (atomic.location_of == execution_) return locations_[atomic.location];
    if (used_ == kMaxLocations) fail("the program uses too many atomics (kMaxLocations)");
    atomic.location_of = execution_;
    atomic.location = static_cast<u16>(used_);
    Location& location = locations_[used_++];
    location.messages.assign(1, {atomic.value, kNoView, 0, false});
    location.order.assign(1, 0);
    location.last_seq_cst = 0;
    location.changes = 0;
    return location;
}

void Memory::find_candidates(const Location& location, const Operation& operation, u32 oldest,
                             bool newest) {
    candidates_.clear();
    for (u32 position = static_cast<u32>(location.order.size()); position-- > oldest;) {
        const Message& message = location.messages[location.order[position]];
        // Nothing comes between a read-modify-write and what it read; but one that fails is a load.
        const bool fails =
            operation.kind == Kind::kCompareExchange && message.value != operation.expected;
        if (operation.writes() && !fails && message.continued) continue;
        candidates_.push_back(static_cast<u16>(position));
        if (newest) return;
    }
}

u16 Memory::insert(Location& location, u32 after, u64 value) {
    const u16 id = static_cast<u16>(location.messages.size());
    if (id == 0xffff) fail("the execution is too long: 65535 writes to one location");
    location.order.insert(location.order.begin() + after + 1, id);
    location.messages.push_back({value, kNoView, static_cast<u16>(after + 1), false});
    for (u32 position = after + 2; position < location.order.size(); ++position) {
        location.messages[location.order[position]].position = static_cast<u16>(position);
    }
    return id;
}

void Memory::join(View& into, u32 from) {
    const View& view = views_[from];
    for (u32 i = 0; i < view.locations; ++i) {
        const std::vector<Message>& messages = locations_[i].messages;
        if (messages[view.seen[i]].position > messages[into.at(i)].position) {
            into.set(i, view.seen[i]);
        }
    }
    for (u32 i = 0; i < kMaxThreads; ++i) into.clock[i] = std::max(into.clock[i], view.clock[i]);
}

u32 Memory::keep(const View& view) {
    if (views_used_ == views_.size()) views_.emplace_back();
    views_[views_used_] = view;
    return views_used_++;
}

Outcome Memory::perform(const Operation& operation, u32 thread, View& view, bool newest,
                        Chooser& chooser) {
    Location& location = location_of(*operation.atomic, thread, view);
    const u32 index = operation.atomic->location;
    const bool seq_cst = operation.order == std::memory_order_seq_cst;
    u32 oldest = location.messages[view.at(index)].position;
    if (seq_cst) {
        oldest = std::max<u32>(oldest, location.messages[location.last_seq_cst].position);
    }
    find_candidates(location, operation, oldest, newest || model_ == MemoryModel::kSequential);
    const u32 position = candidates_[chooser.pick(static_cast<u32>(candidates_.size()))];
    const u16 read = location.order[position];

    Outcome outcome;
    u32 carried = kNoView;
    if (operation.reads()) {
        outcome.read = location.messages[read].value;
        outcome.newer = static_cast<u32>(location.order.size()) - 1 - position;
        view.set(index, read);
        carried = location.messages[read].view;
        const bool fails =
            operation.kind == Kind::kCompareExchange && outcome.read != operation.expected;
        // A compare-and-swap that fails is a load: acquire unless the order is release or relaxed.
        if (acquires(operation.order) && carried != kNoView) join(view, carried);
        if (operation.kind == Kind::kLoad || fails) return outcome;
        location.messages[read].continued = true;
    }

    outcome.wrote = true;
    outcome.written = operation.result(outcome.read);
    const u16 id = insert(location, position, outcome.written);
    outcome.newer = static_cast<u32>(location.order.size()) - 1 - location.messages[id].position;
    view.set(index, id);
    if (seq_cst) location.last_seq_cst = id;
    if (outcome.newer == 0) {
        if (operation.atomic->value != outcome.written) ++location.changes;
        operation.atomic->value = outcome.written;
    }
    if (releases(operation.order)) {
        u32 kept = keep(view);
        if (carried != kNoView) {
            View both = views_[kept];
            join(both, carried);
            views_[kept] = both;
        }
        location.messages[id].view = kept;
        // What the thread does from here on is not covered by this release.
        ++view.clock[thread];
    } else {
        location.messages[id].view = carried;
    }
    return outcome;
}

}  // namespace model
