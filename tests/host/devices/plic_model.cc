// The controller's memory map, gateways, claims and completions.
#include "tests/host/devices/plic_model.h"

#include <thread>

namespace host {

using kernel::u32;
using kernel::u64;

namespace {

constexpr u64 kPending = 0x1000;
constexpr u64 kEnables = 0x2000;
constexpr u64 kContexts = 0x20'0000;

}  // namespace

PlicModel::PlicModel(Options options) : options_(std::move(options)) {
    lines_.resize(options_.sources + 1);
    contexts_.resize(options_.contexts);
    for (Context& context : contexts_) context.enables.resize(words());
}

void PlicModel::set_level(u32 line, bool high) {
    const std::lock_guard guard(mutex_);
    lines_.at(line).high = high;
    look(lines_.at(line));
}

void PlicModel::leave_everything_on() {
    const std::lock_guard guard(mutex_);
    for (Context& context : contexts_) {
        for (u32 word = 0; word < words(); ++word) context.enables[word] = valid_bits(word);
        context.threshold = options_.priority_mask;
    }
    for (Line& line : lines_) line.priority = options_.priority_mask;
}

bool PlicModel::interrupts(u32 context) const {
    const std::lock_guard guard(mutex_);
    const u32 line = best(context);
    return line != 0 && lines_[line].priority > contexts_[context].threshold;
}

bool PlicModel::enabled(u32 context, u32 line) const {
    const std::lock_guard guard(mutex_);
    return is_enabled(context, line);
}

std::vector<u32> PlicModel::enabled_lines(u32 context) const {
    const std::lock_guard guard(mutex_);
    std::vector<u32> found;
    for (u32 line = 0; line <= options_.sources; ++line) {
        if (is_enabled(context, line)) found.push_back(line);
    }
    return found;
}

u32 PlicModel::threshold(u32 context) const {
    const std::lock_guard guard(mutex_);
    return contexts_.at(context).threshold;
}

u32 PlicModel::priority(u32 line) const {
    const std::lock_guard guard(mutex_);
    return lines_.at(line).priority;
}

u32 PlicModel::claims(u32 line) const {
    const std::lock_guard guard(mutex_);
    return lines_.at(line).claims;
}

u32 PlicModel::completions(u32 line) const {
    const std::lock_guard guard(mutex_);
    return lines_.at(line).completions;
}

PlicModel::Violations PlicModel::violations() const {
    const std::lock_guard guard(mutex_);
    return violations_;
}

/// Line 0 does not exist, and neither do those beyond the last.
u32 PlicModel::valid_bits(u32 word) const {
    u32 bits = ~u32{0};
    if (word == options_.sources / 32 && options_.sources % 32 != 31) {
        bits = (u32{2} << options_.sources % 32) - 1;
    }
    return word == 0 ? bits & ~u32{1} : bits;
}

bool PlicModel::is_enabled(u32 context, u32 line) const {
    return (contexts_.at(context).enables[line / 32] >> line % 32 & 1) != 0;
}

void PlicModel::look(Line& line) {
    if (line.claimed_by == kNobody) line.pending = line.pending || line.high;
}

u32 PlicModel::best(u32 context) const {
    u32 found = 0;
    u32 highest = 0;
    for (u32 line = 1; line <= options_.sources; ++line) {
        if (!lines_[line].pending || !is_enabled(context, line)) continue;
        if (lines_[line].priority > highest) {
            highest = lines_[line].priority;
            found = line;
        }
    }
    return found;
}

u32 PlicModel::claim(u32 context) {
    const u32 line = best(context);
    if (line == 0) return 0;
    lines_[line].pending = false;
    lines_[line].claimed_by = context;
    ++lines_[line].claims;
    return line;
}

void PlicModel::complete(u32 context, u32 number) {
    if (number == 0 || number > options_.sources) {
        ++violations_.outside;
        return;
    }
    Line& line = lines_[number];
    if (line.claimed_by != context) {
        ++violations_.not_claimed;
        return;
    }
    if (!is_enabled(context, number) && !options_.completes_disabled) {
        ++violations_.lost;
        return;
    }
    line.claimed_by = kNobody;
    ++line.completions;
    look(line);
}

PlicModel::Place PlicModel::place(u64 offset) {
    using Kind = Place::Kind;
    if (offset < kPending) {
        const u32 line = static_cast<u32>(offset / 4);
        if (line == 0 || line > options_.sources) return {Kind::kNone};
        return {Kind::kPriority, 0, line};
    }
    if (offset < kEnables) {
        const u32 word = static_cast<u32>((offset - kPending) / 4);
        return {word < words() ? Kind::kPending : Kind::kNone, 0, word};
    }
    Place found{Kind::kNone};
    if (offset < kContexts) {
        found.context = static_cast<u32>((offset - kEnables) / 0x80);
        found.index = static_cast<u32>((offset - kEnables) % 0x80 / 4);
        if (found.index < words()) found.kind = Kind::kEnables;
    } else {
        found.context = static_cast<u32>((offset - kContexts) / 0x1000);
        const u64 which = (offset - kContexts) % 0x1000;
        if (which == 0) found.kind = Kind::kThreshold;
        if (which == 4) found.kind = Kind::kClaim;
    }
    if (found.context >= options_.contexts) return {Kind::kNone};
    if (!options_.supervisor.contains(found.context)) ++violations_.foreign;
    return found;
}

void PlicModel::give_way() const {
    if (options_.gives_way) std::this_thread::yield();
}

u64 PlicModel::read(u64 offset, unsigned width) {
    give_way();
    const std::lock_guard guard(mutex_);
    if (width != 4 || offset % 4 != 0) {
        ++violations_.width;
        return 0;
    }
    const Place at = place(offset);
    switch (at.kind) {
        case Place::Kind::kPriority:
            return lines_[at.index].priority;
        case Place::Kind::kPending: {
            u32 bits = 0;
            for (u32 line = at.index * 32; line < at.index * 32 + 32; ++line) {
                if (line <= options_.sources && lines_[line].pending) bits |= 1u << line % 32;
            }
            return bits;
        }
        case Place::Kind::kEnables:
            return contexts_[at.context].enables[at.index];
        case Place::Kind::kThreshold:
            return contexts_[at.context].threshold;
        case Place::Kind::kClaim:
            return claim(at.context);
        case Place::Kind::kNone:
            break;
    }
    ++violations_.outside;
    return 0;
}

void PlicModel::write(u64 offset, unsigned width, u64 value) {
    give_way();
    const std::lock_guard guard(mutex_);
    if (width != 4 || offset % 4 != 0) {
        ++violations_.width;
        return;
    }
    const Place at = place(offset);
    const u32 word = static_cast<u32>(value);
    switch (at.kind) {
        case Place::Kind::kPriority:
            lines_[at.index].priority = word & options_.priority_mask;
            return;
        case Place::Kind::kEnables:
            contexts_[at.context].enables[at.index] = word & valid_bits(at.index);
            return;
        case Place::Kind::kThreshold:
            contexts_[at.context].threshold = word & options_.priority_mask;
            return;
        case Place::Kind::kClaim:
            complete(at.context, word);
            return;
        case Place::Kind::kPending:  // read only
        case Place::Kind::kNone:
            break;
    }
    ++violations_.outside;
}

}  // namespace host
