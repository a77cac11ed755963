// RangeSet<N>: at most N runs of physical memory, kept sorted, disjoint and merged.
#pragma once

#include "boot/vocabulary.h"

namespace boot {

/// A bounded set of addresses. The caller protects it.
template <usize N>
class RangeSet {
public:
    /// Adds `range`, joining it with those it overlaps or touches. Returns false, and changes
    /// nothing, when it would be one run too many. An empty range, and one that wraps around, adds
    /// nothing and is fine.
    bool add(PhysRange range) {
        if (range.size == 0 || range.end() < range.start) return true;
        // [first, last) are the runs that the new one swallows.
        usize first = 0;
        while (first < count_ && ranges_[first].end() < range.start) ++first;
        usize last = first;
        u64 start = range.start.value;
        u64 end = range.end().value;
        while (last < count_ && ranges_[last].start.value <= end) {
            start = std::min(start, ranges_[last].start.value);
            end = std::max(end, ranges_[last].end().value);
            ++last;
        }
        if (first == last && count_ == N) return false;
        const auto at = ranges_.begin();
        if (first == last) {
            std::move_backward(at + first, at + count_, at + count_ + 1);
        } else {
            std::move(at + last, at + count_, at + first + 1);
        }
        count_ = count_ + 1 - (last - first);
        ranges_[first] = {.start = {start}, .size = end - start};
        return true;
    }

    std::span<const PhysRange> ranges() const { return {ranges_.data(), count_}; }

    /// Whether all of `range` is in the set.
    bool covers(PhysRange range) const {
        return std::ranges::any_of(ranges(), [&](const PhysRange& run) {
            return run.start <= range.start && range.end() <= run.end();
        });
    }
    /// Whether any of `range` is in the set.
    bool touches(PhysRange range) const {
        return std::ranges::any_of(ranges(),
                                   [&](const PhysRange& run) { return run.overlaps(range); });
    }

private:
    std::array<PhysRange, N> ranges_{};
    usize count_ = 0;
};

}  // namespace boot
