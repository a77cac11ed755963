// LinearizabilityChecker: could these answers have come one after the other?
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/std.h"

namespace linear {

using kernel::u32;
using kernel::u64;

/// Threads of a history at most.
inline constexpr u32 kMaxThreads = 32;

/// One operation as a thread saw it: from before it was called to after it had answered. Stamps of
/// a history are all different, and ordered as things happened.
template <class Operation>
struct Call {
    u32 thread;
    u64 invoked;
    u64 returned;
    Operation operation;  // what was asked, and what was answered
};

/// Whether a history is linearizable: each operation can be given a moment between its call and its
/// answer, such that done in the order of these moments by a sequential object, all answers are
/// those that were seen.
///
/// `Model` is the sequential object: a type `State` with == and <, a type `Operation`, and
///   static std::optional<State> step(const State&, const Operation&)
/// the state after the operation, or nothing if its answer is wrong in this state.
///
/// How: the search of Wing and Gong (1993) in order of time, breadth first, with every state of the
/// search kept once (Wing and Gong's memo), and an operation given its moment no earlier than some
/// answer asks for it (Lowe, "Testing for linearizability", 2017). A state of the search is the
/// state of the object and which of the pending operations have had their moment. So the cost is
/// linear in the history, times what is pending at once; a history need not be cut into windows.
///
/// An object made of parts that do not influence each other is linearizable if each part is
/// (Herlihy and Wing, locality), so check() wants the history of one part: of one cell.
template <class Model>
class LinearizabilityChecker {
public:
    using State = typename Model::State;
    using Operation = typename Model::Operation;
    using History = std::vector<Call<Operation>>;

    explicit LinearizabilityChecker(const State& initial) : searches_{{initial, 0}} {}

    /// Returns the call whose answer cannot be explained; nothing if all can.
    std::optional<Call<Operation>> check(const History& history) {
        std::vector<Event> events;
        for (const Call<Operation>& call : history) {
            events.push_back({call.invoked, &call, false});
            events.push_back({call.returned, &call, true});
        }
        std::sort(events.begin(), events.end(),
                  [](const Event& a, const Event& b) { return a.stamp < b.stamp; });
        for (const Event& event : events) {
            if (!event.is_return) {
                overlapping_ += pending_count_ != 0 ? 1 : 0;
                pending_[event.call->thread] = &event.call->operation;
                ++pending_count_;
            } else {
                if (!explain_return(event.call->thread)) return *event.call;
                pending_[event.call->thread] = nullptr;
                --pending_count_;
            }
        }
        return std::nullopt;
    }

    /// Calls that began while another was pending.
    u64 overlapping() const { return overlapping_; }

private:
    struct Event {
        u64 stamp;
        const Call<Operation>* call;
        bool is_return;
    };
    struct Search {
        State state;
        u32 done;  // bit per thread: its pending operation has had its moment
        auto operator<=>(const Search&) const = default;
    };

    /// Keeps, and makes by giving pending operations their moments, the searches in which that of
    /// `thread` has had its own.
    bool explain_return(u32 thread) {
        std::vector<Search> explained;
        std::vector<Search> open = std::move(searches_);
        std::vector<Search> met = open;  // sorted
        while (!open.empty()) {
            const Search search = open.back();
            open.pop_back();
            if ((search.done >> thread & 1) != 0) {
                explained.push_back({search.state, search.done & ~(u32{1} << thread)});
                continue;
            }
            for (u32 other = 0; other < kMaxThreads; ++other) {
                if (pending_[other] == nullptr || (search.done >> other & 1) != 0) continue;
                const std::optional<State> after = Model::step(search.state, *pending_[other]);
                if (!after) continue;
                const Search next{*after, search.done | u32{1} << other};
                const auto place = std::lower_bound(met.begin(), met.end(), next);
                if (place != met.end() && *place == next) continue;
                met.insert(place, next);
                open.push_back(next);
            }
        }
        std::sort(explained.begin(), explained.end());
        explained.erase(std::unique(explained.begin(), explained.end()), explained.end());
        searches_ = std::move(explained);
        return !searches_.empty();
    }

    std::vector<Search> searches_;  // sorted, each once
    std::array<const Operation*, kMaxThreads> pending_{};
    u32 pending_count_ = 0;
    u64 overlapping_ = 0;
};

}  // namespace linear
