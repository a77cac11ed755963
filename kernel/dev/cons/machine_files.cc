// The files of #c about the machine: drivers, sysstat, swap, reboot.
#include "base/text.h"
#include "chan/dev.h"
#include "dev/cons/files.h"
#include "dev/power.h"
#include "machine/hart.h"
#include "mm/frames.h"
#include "sched/hart_stats.h"

namespace kernel::dev::cons {
namespace {

constexpr u64 kStatusMax = 255;

}  // namespace

Result<void> render_drivers(Caller&, Sink& sink) {
    for (const chan::Dev* device : chan::device_table()) {
        format_to(sink, "#{} {}\n", device->letter(), device->name());
    }
    return {};
}

Result<void> render_sysstat(Caller&, Sink& sink) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const sched::SysstatRow row = sched::sysstat_row(hart);
        for (u64 column :
             {row.hart, row.switches, row.interrupts, row.syscalls, row.page_faults, row.tlb_faults,
              row.tlb_purges, row.load, row.idle_percent, row.interrupt_percent}) {
            put_number<kNumberWidth>(sink, column);
        }
        sink.write("\n");
    }
    return {};
}

Result<void> render_swap(Caller&, Sink& sink) {
    const mm::PageCounts pages = mm::page_counts();
    // No process has memory of its own yet: whatever is not free is the kernel's.
    format_to(sink, "{} memory\n{} pagesize\n", pages.total * kPageSize, kPageSize);
    format_to(sink, "{} kernel\n0/{} user\n0/0 swap\n", pages.total - pages.free, pages.free);
    return {};
}

Result<void> render_reboot(Caller&, Sink& sink) {
    sink.write("reboot\nhalt [status]\n");
    return {};
}

Result<void> command_reboot(Caller&, std::string_view text) {
    std::string_view rest = text;
    const std::string_view verb = next_word(rest);
    rest = trim(rest);
    if (verb.empty()) return Error::kEmptyCtl;
    if (verb == "reboot" && rest.empty()) restart();
    if (verb == "halt") {
        const u64 status = rest.empty() ? 0 : TRY(parse_canonical_decimal(rest));
        if (status > kStatusMax) return Error::kBadArg;
        power_off(static_cast<u8>(status));
    }
    Caller::error_detail().format(" \"{}\"", text);
    return Error::kUnknownCtl;
}

}  // namespace kernel::dev::cons
