// The files of #c about time: time, bintime, msec, cputime.
#include "base/text.h"
#include "chan/wall_time.h"
#include "dev/cons/files.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "proc/family_tree.h"
#include "proc/proc.h"

namespace kernel::dev::cons {
namespace {

/// The fast clock of these files ticks in nanoseconds: machine::now() itself.
constexpr u64 kTicksPerSecond = 1'000'000'000;

/// Times that a signed 64-bit count of nanoseconds holds: to the year 2262.
constexpr u64 kNanosMax = std::numeric_limits<i64>::max();

void put_big_endian(Sink& sink, u64 word) {
    std::array<char, sizeof(u64)> bytes;
    for (usize i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<char>(word >> (8 * (bytes.size() - 1 - i)));
    }
    sink.write({bytes.data(), bytes.size()});
}

}  // namespace

Result<void> render_time(Caller&, Sink& sink) {
    const Nanos since_1970 = chan::wall_time();
    put_number<kNumberWidth>(sink, since_1970.seconds());
    put_number<kLongNumberWidth>(sink, since_1970.value);
    put_number<kLongNumberWidth>(sink, machine::now().value);
    put_number<kLongNumberWidth>(sink, kTicksPerSecond);
    return {};
}

Result<void> command_time(Caller&, std::string_view text) {
    const u64 seconds = TRY(parse_canonical_decimal(text));
    if (seconds > Nanos{kNanosMax}.seconds()) return Error::kBadArg;
    chan::set_wall_time(nanos_from_seconds(seconds));
    return {};
}

Result<void> render_bintime(Caller&, Sink& sink) {
    put_big_endian(sink, chan::wall_time().value);
    put_big_endian(sink, machine::now().value);
    put_big_endian(sink, kTicksPerSecond);
    return {};
}

Result<usize> write_bintime(ConstBytes data) {
    if (data.size() != 1 + sizeof(u64) || data[0] != std::byte{'n'}) return Error::kBadArg;
    u64 nanos = 0;
    for (std::byte byte : data.subspan(1)) nanos = nanos << 8 | static_cast<u8>(byte);
    if (nanos > kNanosMax) return Error::kBadArg;
    chan::set_wall_time(Nanos{nanos});
    return data.size();
}

Result<void> render_msec(Caller&, Sink& sink) {
    put_number<kNumberWidth>(sink, machine::now().millis());
    return {};
}

Result<void> render_cputime(Caller&, Sink& sink) {
    proc::Proc& self = proc::current();
    {
        // The accounts are brought up to now; else they end where the process was last switched to.
        machine::InterruptsOff off;
        self.task().charge_system();
    }
    const sched::TaskTimes times = self.task().times();
    const proc::FamilyTree::Used children = proc::FamilyTree::used_by_ended(self);
    put_number<kNumberWidth>(sink, times.user.millis());
    put_number<kNumberWidth>(sink, times.system.millis());
    put_number<kNumberWidth>(sink, (machine::now() - times.started).millis());
    put_number<kNumberWidth>(sink, children.user.millis());
    put_number<kNumberWidth>(sink, children.system.millis());
    // The real time of children is not added up, here as in /proc/n/status: Plan 9 never did.
    put_number<kNumberWidth>(sink, 0);
    return {};
}

}  // namespace kernel::dev::cons
