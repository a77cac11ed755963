// One line per fact.
#include "tools/describe_tree/description.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

namespace describe_tree {
namespace {

using kernel::PhysRange;
using kernel::u32;

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
    std::va_list values;
    va_start(values, pattern);
    std::va_list again;
    va_copy(again, values);
    std::string text(static_cast<std::size_t>(std::vsnprintf(nullptr, 0, pattern, values)), '\0');
    std::vsnprintf(text.data(), text.size() + 1, pattern, again);
    va_end(again);
    va_end(values);
    return text;
}

std::string range_text(PhysRange range) {
    return format("%010" PRIx64 "..%010" PRIx64, range.start.value, range.end().value);
}
std::string size_text(std::uint64_t bytes) {
    if (bytes % kernel::kMiB == 0) return std::to_string(bytes / kernel::kMiB) + " MiB";
    if (bytes % 1024 == 0) return std::to_string(bytes / 1024) + " KiB";
    return std::to_string(bytes) + " bytes";
}
std::string number_or(const char* otherwise, std::uint64_t number) {
    return number == 0 ? otherwise : std::to_string(number);
}

class Lines {
public:
    void add(std::string_view kind, const std::string& fact) {
        std::string line =
            format("%-10.*s%s", static_cast<int>(kind.size()), kind.data(), fact.c_str());
        line.erase(line.find_last_not_of(' ') + 1);
        text_ += line + "\n";
    }
    void add_ranges(std::string_view kind, std::span<const PhysRange> ranges) {
        for (const PhysRange& range : ranges) {
            add(kind, range_text(range) + "  " + size_text(range.size));
        }
        if (ranges.empty()) add(kind, "none");
    }
    void add_optional(std::string_view kind, const std::optional<PhysRange>& range) {
        add(kind, range ? range_text(*range) : "none");
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

std::string describe(const boot::MachineDescription& machine) {
    const kernel::machine::BootInfo& info = machine.info;
    Lines lines;
    lines.add("model", std::string(info.model));
    lines.add_ranges("memory", info.memory);
    lines.add_ranges("reserved", info.reserved);
    lines.add_ranges("no-map", machine.no_map.ranges());
    lines.add("timebase", std::to_string(machine.timebase_frequency) + " Hz");
    if (machine.plic) {
        lines.add("plic", range_text(machine.plic->registers) + "  lines " +
                              number_or("none", machine.plic->lines));
    } else {
        lines.add("plic", "none");
    }
    for (u32 i = 0; i < info.hart_count; ++i) {
        const boot::HartDescription& hart = machine.harts[i];
        const std::string context =
            hart.plic_context == boot::kNoContext ? "none" : std::to_string(hart.plic_context);
        lines.add("hart", format("%-3" PRIu32 "id %-3" PRIu64 " context %-4s sstc %-3s  %s", i,
                                 hart.hardware_id, context.c_str(), hart.lists_sstc ? "yes" : "no",
                                 i == info.boot_hart ? "boot" : ""));
    }
    for (const kernel::machine::DeviceInfo& device : info.devices) {
        lines.add(
            "device",
            format("%-16.*s  %s  line %-4s shift %" PRIu32 "  width %" PRIu32 "  clock %s  %s",
                   static_cast<int>(device.compatible.size()), device.compatible.data(),
                   range_text(device.registers).c_str(), number_or("none", device.line).c_str(),
                   device.register_shift, device.register_width,
                   number_or("unknown", device.clock_frequency).c_str(),
                   device.is_console ? "console" : ""));
    }
    if (info.devices.empty()) lines.add("device", "none");
    lines.add_optional("finisher", machine.finisher);
    lines.add_optional("rtc", machine.rtc);
    lines.add("args", std::string(info.boot_args));
    lines.add("initrd", info.initrd.size == 0
                            ? "none"
                            : range_text(info.initrd) + "  " + size_text(info.initrd.size));
    lines.add("seed", info.seed.empty() ? "none" : std::to_string(info.seed.size()) + " bytes");
    return lines.take();
}

}  // namespace describe_tree
