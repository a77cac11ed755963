// Builtins: looking them up, telling about them, and what a call of one can do.
#include "shell/rc/builtin.h"

#include "shell/rc/evaluator.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/output.h"

namespace kernel::shell::rc {
namespace {

const Builtin* find_in(std::span<const Builtin> rows, std::string_view name) {
    for (const Builtin& row : rows) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

/// The row with the smallest name that is larger than `name`, or the smallest of all.
const Builtin* next_row(std::span<const Builtin> rows, const Builtin* after, const Builtin* best) {
    for (const Builtin& row : rows) {
        if (after != nullptr && row.name <= after->name) continue;
        if (best == nullptr || row.name < best->name) best = &row;
    }
    return best;
}

}  // namespace

const Builtin* find_builtin(std::span<const Builtin> home, std::string_view name) {
    const Builtin* row = find_in(language_builtins(), name);
    return row != nullptr ? row : find_in(home, name);
}

void put_help(Sink& sink, const Builtin& row) {
    format_to(sink, "{:<30} {}\n", row.synopsis, row.help);
}

void put_help(Sink& sink, std::span<const Builtin> home) {
    const Builtin* row = nullptr;
    for (;;) {  // ends with the last of both tables
        row = next_row(home, row, next_row(language_builtins(), row, nullptr));
        if (row == nullptr) break;
        put_help(sink, *row);
    }
    sink.write(
        "any other word                 run the program or script of that name in /bin\n"
        "Programs are in /bin (ls /bin); most say their usage with -h.\n");
}

Call::Call(Interpreter& shell, std::span<const std::string_view> arguments, Output& out,
           Output& err, Scratch& scratch)
    : shell_(shell), arguments_(arguments), out_(out), err_(err), scratch_(scratch) {}

Host& Call::host() { return shell_.host(); }
Fd Call::descriptor(Fd fd) { return shell_.evaluator().redirections().resolve(fd); }
Fd Call::input() { return descriptor(0); }
Fd Call::output() { return descriptor(1); }
Fd Call::diagnostics() { return descriptor(2); }
Sink& Call::out() { return out_; }
Sink& Call::err() { return err_; }
Result<void> Call::flush() { return out_.flush(); }

void Call::set_status(std::string_view status) {
    status_.assign(status);
    status_set_ = true;
}

Result<void> Call::fail_with(std::string_view text) {
    format_to(err_, "{}: {}\n", arguments_[0], text);
    set_status(text);
    return {};
}

Result<void> Call::usage() {
    const Builtin* row = find_builtin(host().builtins(), arguments_[0]);
    format_to(err_, "usage: {}\n", row == nullptr ? arguments_[0] : row->synopsis);
    set_status("usage");
    return {};
}

void Call::run_then(std::span<const std::string_view> words, BuiltinFunction after) {
    run_words_ = words;
    after_ = after;
}

}  // namespace kernel::shell::rc
