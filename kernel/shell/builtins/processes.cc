// Builtins about processes that only read /proc: ps, and the commands that print commands for rc
// (kill, slay, broke, start, stop).
#include "mm/heap.h"
#include "shell/builtins/builtins.h"
#include "shell/output.h"
#include "shell/process_lines.h"

namespace kernel::shell::builtins {
namespace {

/// Calls see(line) for every process, in order of pid.
template <class See>
Result<void> for_each_process(Call& call, See see) {
    const mm::Box<ProcessLines> lines = TRY(mm::Box<ProcessLines>::create());
    u64 last = 0;
    for (;;) {  // ends with the table
        const Result<const ProcessLine*> line = lines->next(last);
        if (!line.ok()) return fail_with(call, line.error());
        if (line.value() == nullptr) return {};
        last = line.value()->pid;
        see(*line.value());
    }
}

/// Milliseconds as minutes and seconds, the minutes in `width` columns.
void put_time(Sink& out, u64 millis, usize width) {
    std::array<char, 24> text;
    const u64 seconds = millis / 1000;
    const std::string_view minutes = format_into(text, "{}", seconds / 60);
    for (usize blank = minutes.size(); blank < width; ++blank) out.write(" ");
    format_to(out, "{}:{:02} ", minutes, seconds % 60);
}

/// What kill and its relatives print: for each process that `wanted` picks, a line for rc that does
/// it.
template <class Wanted>
Result<void> put_commands(Call& call, std::string_view message, std::string_view file,
                          Wanted wanted) {
    return for_each_process(call, [&](const ProcessLine& line) {
        if (!wanted(line)) return;
        format_to(call.out(), "echo {}>/proc/{}/{} # {}\n", message, line.pid, file,
                  line.text.view());
    });
}

/// The same for the processes whose names are the operands, and whose state is `state` unless that
/// is empty.
Result<void> put_commands_by_name(Call& call, std::string_view message, std::string_view file,
                                  std::string_view state = {}) {
    const auto names = call.arguments().subspan(1);
    if (names.empty()) return call.usage();
    return put_commands(call, message, file, [&](const ProcessLine& line) {
        if (!state.empty() && line.state.view() != state) return false;
        return std::find(names.begin(), names.end(), line.text.view()) != names.end();
    });
}

}  // namespace

Result<void> ps(Call& call) {
    bool priorities = false;
    bool real = false;
    for (std::string_view word : call.arguments().subspan(1)) {
        if (word == "-p") {
            priorities = true;
        } else if (word == "-r") {
            real = true;
        } else {
            call.hand_on();
            return {};
        }
    }
    Sink& out = call.out();
    return for_each_process(call, [&](const ProcessLine& line) {
        format_to(out, "{:10} {:8} ", line.user.view(), line.pid);
        if (real) put_time(out, line.real_ms, 4);
        put_time(out, line.user_ms, 4);
        put_time(out, line.system_ms, 3);
        if (priorities) format_to(out, "{:2} {:2} ", line.base_priority, line.priority);
        format_to(out, "{:7}K {:8} {}\n", line.size_kib, line.state.view().substr(0, 8),
                  line.text.view());
    });
}

Result<void> kill(Call& call) { return put_commands_by_name(call, "kill", "note"); }
Result<void> slay(Call& call) { return put_commands_by_name(call, "kill", "ctl"); }
Result<void> stop(Call& call) { return put_commands_by_name(call, "stop", "ctl"); }
Result<void> start(Call& call) { return put_commands_by_name(call, "start", "ctl", "Stopped"); }

Result<void> broke(Call& call) {
    const auto args = call.arguments();
    if (args.size() > 2) return call.usage();
    return put_commands(call, "kill", "ctl", [&](const ProcessLine& line) {
        return line.state.view() == "Broken" && (args.size() == 1 || line.user.view() == args[1]);
    });
}

}  // namespace kernel::shell::builtins
