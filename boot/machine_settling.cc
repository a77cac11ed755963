// From device tree to machine: what is settled when every node was seen, by look-ups and checks of
// the whole.
#include "base/log.h"
#include "boot/machine_reader.h"

namespace boot {
namespace {

using kernel::klog;
using kernel::machine::DeviceInfo;
using kernel::machine::HartIndex;

/// The interrupt number of supervisor external interrupts (Privileged Architecture 1.12,
/// table 4.2).
constexpr u32 kSupervisorExternal = 9;

}  // namespace

Result<void> Reader::reserve(PhysRange range) {
    if (machine_.reserved.add(pages_around(range))) return {};
    return refuse(complaint_, "more than {} runs of reserved memory",
                  kernel::machine::kMaxReservedRanges);
}

Result<void> Reader::settle_memory() {
    const PhysRange image = handoff_.image;
    if (memory_nodes_ == 0) return refuse(complaint_, "no memory node");
    const std::span<const PhysRange> runs = machine_.memory.ranges();
    const auto home =
        std::ranges::find_if(runs, [&](const PhysRange& run) { return run.contains(image.start); });
    if (home == runs.end() || image.end() > home->end()) {
        return refuse(complaint_, "the kernel at {:x}+{:x} is not in the memory it describes",
                      image.start.value, image.size);
    }
    if (machine_.no_map.touches(image)) {
        return refuse(complaint_, "the kernel at {:x}+{:x} is in memory marked no-map",
                      image.start.value, image.size);
    }
    // Firmware lives below us, and a tree loaded from a disk may not say so.
    TRY(reserve({.start = home->start, .size = image.end() - home->start}));
    TRY(reserve(machine_.tree));
    for (usize i = 0; const std::optional<PhysRange> range = tree_.reservation(i); ++i) {
        if (wraps(*range)) {
            return refuse(complaint_, "reservation {:x}+{:x} wraps around", range->start.value,
                          range->size);
        }
        TRY(reserve(*range));
    }
    return {};
}

Result<void> Reader::settle_initrd() {
    if (!initrd_start_.present() && !initrd_end_.present()) return {};
    const u64 start = initrd_start_.whole_number().value_or(0);
    const u64 end = initrd_end_.whole_number().value_or(0);
    const PhysRange initrd{.start = {start}, .size = end - start};
    if (start >= end || !machine_.memory.covers(initrd) || machine_.no_map.touches(initrd) ||
        initrd.overlaps(handoff_.image)) {
        klog("fdt: initrd {:x}..{:x} is not in free memory: not used", start, end);
        return {};
    }
    machine_.info.initrd = initrd;
    return reserve(initrd);
}

Result<void> Reader::settle_harts() {
    if (machine_.timebase_frequency == 0) {
        return refuse(complaint_, "no timebase-frequency in /cpus");
    }
    u32& count = machine_.info.hart_count;
    if (surplus_harts_ > 0) {
        klog("fdt: {} harts more than the {} there is room for: not used", surplus_harts_,
             kernel::machine::kMaxHarts);
    }
    const std::span<const HartDescription> known{machine_.harts.data(), count};
    const auto self =
        std::ranges::find(known, handoff_.boot_hart_id, &HartDescription::hardware_id);
    if (self != known.end()) {
        machine_.info.boot_hart = static_cast<HartIndex>(self - known.begin());
        return {};
    }
    klog("fdt: the boot hart {} is not listed as usable: used all the same", handoff_.boot_hart_id);
    if (count == kernel::machine::kMaxHarts) --count;
    machine_.harts[count] = {.hardware_id = handoff_.boot_hart_id};
    machine_.info.boot_hart = count++;
    return {};
}

void Reader::settle_contexts() {
    if (!machine_.plic) {
        klog("fdt: no interrupt controller: devices will be silent");
        return;
    }
    if (plic_wiring_.bytes().size() % 8 != 0) {
        klog("fdt: the interrupt controller's wiring of {} bytes ends within a pair",
             plic_wiring_.bytes().size());
    }
    const std::span<HartDescription> harts =
        std::span(machine_.harts).first(machine_.info.hart_count);
    // The position of the pair (a hart's own controller, supervisor external) is the context.
    for (u32 context = 0; 2 * usize{context} + 1 < plic_wiring_.cell_count(); ++context) {
        const u32 phandle = *plic_wiring_.cell(2 * usize{context});
        if (phandle == 0 || *plic_wiring_.cell(2 * usize{context} + 1) != kSupervisorExternal) {
            continue;
        }
        for (HartDescription& hart : harts) {
            if (hart.interrupt_phandle == phandle) hart.plic_context = context;
        }
    }
    for (const HartDescription& hart : harts) {
        if (hart.plic_context != kNoContext) continue;
        klog("fdt: the interrupt controller does not reach hart id {}", hart.hardware_id);
    }
}

void Reader::settle_lines() {
    for (usize i = 0; i < machine_.device_count; ++i) {
        DeviceInfo& device = machine_.devices[i];
        if (device.line == 0) continue;
        const bool wired = machine_.plic && pending_[i].interrupt_parent == plic_phandle_ &&
                           device.line <= machine_.plic->lines;
        if (wired) continue;
        if (machine_.plic) {
            klog(
                "fdt: line {} of the device at {:x} is no line of the interrupt controller: not "
                "used",
                device.line, device.registers.start.value);
        }
        device.line = 0;
    }
}

void Reader::settle_console() {
    // "serial0:115200n8" or "/soc/serial@10000000:115200n8".
    const std::string_view text = stdout_path_.text();
    const std::string_view path = text.substr(0, text.find(':'));
    if (path.empty()) {
        klog("fdt: /chosen names no console: using the firmware's");
        return;
    }
    if (const std::optional<FdtNode> node = tree_.find(path)) {
        for (usize i = 0; i < machine_.device_count; ++i) {
            if (pending_[i].node != node->body) continue;
            machine_.devices[i].is_console = true;
            std::swap(machine_.devices[i], machine_.devices[0]);
            return;
        }
    }
    klog("fdt: the console {} is no device we drive: using the firmware's", path);
}

}  // namespace boot
