// Control messages about real time.
#include "devproc/messages.h"
#include "proc/real_time.h"

namespace kernel::devproc {
namespace {

struct Unit {
    std::string_view name;
    u64 nanos;
};
/// As documented: no unit is nanoseconds.
constexpr Unit kUnits[] = {{"", 1},           {"ns", 1},       {"us", 1000}, {"\u00b5s", 1000}, {"\u03bcs", 1000},
                           {"ms", 1'000'000}, {"s", 1'000'000'000}};

/// The longest period: about 13 days.
constexpr u64 kLongest = u64{1} << 50;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits, perhaps a point and up to 9 more, and a unit; fractions of a nanosecond are dropped. Errors: kNoTime,
/// kTimeDigits, kTimeNumber, kTimeUnit; kBadArg if it is too long.
Result<Nanos> parse_time(std::string_view text) {
    if (text.empty()) return Error::kNoTime;
    u64 whole = 0;
    usize at = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        whole = whole * 10 + static_cast<u64>(text[at] - '0');
        if (whole > kLongest) return Error::kBadArg;
    }
    bool any = at != 0;
    u64 billionths = 0;
    if (at < text.size() && text[at] == '.') {
        ++at;
        constexpr u64 kMostDigits = 9;
        u64 digits = 0;
        for (; at < text.size() && is_digit(text[at]); ++at, ++digits) {
            if (digits == kMostDigits) return Error::kTimeDigits;
            billionths = billionths * 10 + static_cast<u64>(text[at] - '0');
        }
        any = any || digits != 0;
        for (; digits < kMostDigits; ++digits) billionths *= 10;
    }
    if (!any) return Error::kTimeNumber;
    for (const Unit& unit : kUnits) {
        if (text.substr(at) != unit.name) continue;
        if (whole > kLongest / unit.nanos) return Error::kBadArg;
        return Nanos{whole * unit.nanos + billionths * unit.nanos / 1'000'000'000};
    }
    return Error::kTimeUnit;
}

Result<void> set_time(const Command& command, Nanos sched::RealTimeNeeds::* which) {
    const Nanos time = TRY(parse_time(command.arguments[0]));
    return proc::change_times(command.process, [=](sched::RealTimeNeeds& needs) { needs.*which = time; });
}

Result<void> set_flag(const Command& command, bool sched::RealTimeNeeds::* which) {
    return proc::change_flags(command.process, [=](sched::RealTimeNeeds& needs) { needs.*which = true; });
}

}  // namespace

Result<void> message_period(const Command& command) {
    return set_time(command, &sched::RealTimeNeeds::period);
}
Result<void> message_deadline(const Command& command) {
    return set_time(command, &sched::RealTimeNeeds::deadline);
}
Result<void> message_cost(const Command& command) {
    return set_time(command, &sched::RealTimeNeeds::cost);
}
Result<void> message_sporadic(const Command& command) {
    return set_flag(command, &sched::RealTimeNeeds::sporadic);
}
Result<void> message_extra(const Command& command) {
    return set_flag(command, &sched::RealTimeNeeds::extra);
}
Result<void> message_deadlinenotes(const Command& command) {
    return proc::change_flags(command.process, [](sched::RealTimeNeeds&) {});
}
Result<void> message_admit(const Command& command) { return proc::admit(command.process); }
Result<void> message_expel(const Command& command) { return proc::expel(command.process); }

}  // namespace kernel::devproc
