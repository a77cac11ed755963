// /proc/ctl: settings for all processes.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/messages.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

constexpr u64 kPidDelayMax = 3600;  // seconds; rfork waits that long at most

}  // namespace

Result<void> setting_piddelay(const Command& command) {
    const u64 seconds = TRY(parse_canonical_decimal(command.arguments[0]));
    if (seconds > kPidDelayMax) return Error::kBadArg;
    proc::table().pids().set_reuse_delay(nanos_from_seconds(seconds));
    return {};
}

Result<void> setting_randompid(const Command& command) {
    const i64 wanted = parse_leading_number(command.arguments[0]);
    // As kern.randompid of DragonFly: what is negative wants as much as there is.
    proc::table().pids().set_random(wanted < 0 ? ~u32{0}
                                               : static_cast<u32>(std::min<i64>(wanted, ~u32{0})));
    return {};
}

Result<usize> write_settings(const Request& request, ConstBytes data) {
    TRY(obey(settings(), request.caller, request.process, as_text(data)));
    return data.size();
}

Result<usize> read_settings(const Request& request, Bytes out) {
    auto render = [](Sink& sink) -> Result<void> {
        const pid::PidTable& pids = proc::table().pids();
        format_to(sink, "piddelay {}\n", pids.reuse_delay().value / nanos_from_seconds(1).value);
        format_to(sink, "randompid {}\n", pids.random());
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
