// Builtins about the machine and time: date, halt, reboot, sleep, time.
#include "base/text.h"
#include "machine/clock.h"
#include "shell/builtins/builtins.h"
#include "shell/calendar.h"
#include "shell/output.h"

namespace kernel::shell::builtins {
namespace {

/// Writes `message` to #c/reboot, which does not come back unless it fails.
Result<void> ask_the_machine(Call& call, std::string_view message) {
    TRY(call.flush());
    const Result<i32> opened = syscall::open("#c/reboot", chan::kOWrite);
    if (!opened.ok()) return fail_with(call, opened.error());
    const OpenFile file(opened.value());
    const Result<void> written = write_all(file.fd(), message);
    return written.ok() ? written : fail_with(call, written.error());
}

/// The first number of /dev/time: seconds since 1970.
Result<u64> seconds_now() {
    std::array<char, 80> text;
    const OpenFile file(TRY(syscall::open("#c/time", chan::kORead)));
    const usize size = TRY(syscall::read(file.fd(), std::as_writable_bytes(std::span{text})));
    return static_cast<u64>(parse_leading_number({text.data(), size}));
}

/// "N[.FRACTION]" seconds. Fails with kBadArg.
Result<Nanos> parse_seconds(std::string_view text) {
    const usize dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const u64 seconds = TRY(parse_c_number(whole.empty() ? "0" : whole));
    if (seconds > 1'000'000'000) return Error::kBadArg;
    Nanos time = nanos_from_seconds(seconds);
    if (dot == std::string_view::npos) return time;
    u64 unit = 100'000'000;
    for (char c : text.substr(dot + 1)) {
        if (c < '0' || c > '9') return Error::kBadArg;
        time += Nanos{static_cast<u64>(c - '0') * unit};
        unit /= 10;
    }
    return time;
}

/// Prints "N.NNr" of a span that began at scratch[0]; what `time` does after its command.
Result<void> put_real_time(Call& call) {
    const Nanos real = machine::now() - Nanos{call.scratch()[0]};
    const u64 hundredths = real.value / 10'000'000;
    format_to(call.err(), "{}.{:02}r \t", hundredths / 100, hundredths % 100);
    bool first = true;
    for (std::string_view word : call.arguments().subspan(1)) {
        if (!first) call.err().write(" ");
        put_quoted(call.err(), word);
        first = false;
    }
    call.err().write("\n");
    return {};
}

}  // namespace

Result<void> date(Call& call) {
    const auto args = call.arguments();
    const bool number = args.size() == 2 && args[1] == "-n";
    if (args.size() > 1 && !number) return call.usage();
    const Result<u64> seconds = seconds_now();
    if (!seconds.ok()) return fail_with(call, seconds.error());
    if (number) {
        format_to(call.out(), "{}", seconds.value());
    } else {
        put_long_date(call.out(), seconds.value());
    }
    call.out().write("\n");
    return {};
}

Result<void> halt(Call& call) {
    const auto args = call.arguments();
    if (args.size() > 2) return call.usage();
    std::array<char, 40> message;
    return ask_the_machine(call, args.size() == 2 ? format_into(message, "halt {}", args[1])
                                                  : std::string_view("halt"));
}

Result<void> reboot(Call& call) {
    if (call.arguments().size() != 1) return call.usage();
    return ask_the_machine(call, "reboot");
}

Result<void> sleep(Call& call) {
    if (call.arguments().size() != 2) return call.usage();
    const Result<Nanos> time = parse_seconds(call.arguments()[1]);
    if (!time.ok()) return call.usage();
    const Result<void> slept = syscall::sleep(time.value());
    return slept.ok() ? slept : fail_with(call, slept.error());
}

Result<void> succeed(Call&) { return {}; }

Result<void> fail(Call& call) {
    call.set_status("false");
    return {};
}

Result<void> time(Call& call) {
    if (call.arguments().size() < 2) return call.usage();
    call.scratch()[0] = machine::now().value;
    call.run_then(call.arguments().subspan(1), put_real_time);
    return {};
}

}  // namespace kernel::shell::builtins
