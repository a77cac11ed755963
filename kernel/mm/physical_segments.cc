// The list of physical segments, as the boot arguments give it.
#include "mm/physical_segments.h"

#include "base/log.h"
#include "base/text.h"

namespace kernel::mm {
namespace {

struct Known {
    std::array<PhysicalSegment, kPhysicalSegmentsMax> segments;
    usize count = 0;
};
constinit Known known;  // const after boot

/// Takes what stands before the next `separator` off `text`.
std::string_view take_field(std::string_view& text, char separator) {
    const usize at = text.find(separator);
    const std::string_view field = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return field;
}

/// What is wrong with the range; "" if nothing.
std::string_view wrong_with(const PhysRange& range, const machine::BootInfo& machine) {
    constexpr u64 kPhysicalEnd = u64{1} << 56;  // of Sv39 and its larger kin
    if (range.size == 0 || !is_aligned(range.start.value | range.size, kPageSize)) {
        return "not of whole pages";
    }
    if (range.size > kPhysicalEnd || range.start.value > kPhysicalEnd - range.size) {
        return "beyond all addresses";
    }
    for (const auto ranges : {machine.memory, machine.reserved}) {
        for (const PhysRange& taken : ranges) {
            if (range.overlaps(taken)) return "memory, not a device";
        }
    }
    return "";
}

/// Reads one description into `out`; says what is wrong with it.
std::string_view read(std::string_view text, const machine::BootInfo& machine,
                      PhysicalSegment& out) {
    const std::string_view name = take_field(text, ':');
    if (name.empty() || name.size() > out.name.kCapacity || name == "memory" || name == "shared" ||
        find_physical_segment(name) != nullptr) {
        return "no name that is free";
    }
    const Result<u64> start = parse_c_number(take_field(text, ':'));
    const Result<u64> size = parse_c_number(take_field(text, ':'));
    if (!start.ok() || !size.ok()) return "not name:address:size";
    if (!text.empty() && text != "r") return "only :r may follow the size";
    out.name.assign(name);
    out.range = {{start.value()}, size.value()};
    out.access = text.empty() ? machine::UserAccess::kReadWrite : machine::UserAccess::kRead;
    return wrong_with(out.range, machine);
}

}  // namespace

void add_physical_segments(std::string_view list, const machine::BootInfo& machine) {
    known = {};
    while (!list.empty()) {
        const std::string_view text = take_field(list, ',');
        PhysicalSegment segment;
        std::string_view wrong = read(text, machine, segment);
        if (wrong.empty() && known.count == kPhysicalSegmentsMax) wrong = "too many";
        if (wrong.empty()) {
            known.segments[known.count++] = segment;
        } else {
            klog("segment {}: {}: not used", text, wrong);
        }
    }
}

const PhysicalSegment* find_physical_segment(std::string_view name) {
    for (const PhysicalSegment& segment : std::span(known.segments).first(known.count)) {
        if (segment.name.view() == name) return &segment;
    }
    return nullptr;
}

}  // namespace kernel::mm
