// Builtins are rows of a table: name, synopsis, one line of help, function. The language has its
// rows, the home brings its own; lookup, `help` and completion come from the same rows.
#pragma once

#include "base/format.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell::rc {

class Interpreter;
class Output;
class Call;

/// What a builtin is. An error it returns is printed as `name: error text` on its descriptor 2 and
/// becomes the status; a builtin that wants other words calls `call.fail(...)`.
using BuiltinFunction = Result<void> (*)(Call& call);

struct Builtin {
    std::string_view name;
    std::string_view synopsis;  // "kill [-n note] name ..."
    std::string_view help;      // one sentence, no period
    BuiltinFunction function;
};

/// A row of `help` is one of a usual screen.
inline constexpr usize kSynopsisMax = 30;
inline constexpr usize kHelpMax = 48;
constexpr bool fit_help(std::span<const Builtin> rows) {
    return std::ranges::all_of(rows, [](const Builtin& row) {
        return row.synopsis.size() <= kSynopsisMax && row.help.size() <= kHelpMax;
    });
}

/// One invocation of a builtin. It runs in the shell's process, between two steps of the evaluator.
class Call {
public:
    /// State that survives from a call that used run_then() to the continuation.
    using Scratch = std::array<u64, 6>;

    Call(Interpreter& shell, std::span<const std::string_view> arguments, Output& out, Output& err,
         Scratch& scratch);

    /// The words of the command; [0] is the builtin's name. Valid until the builtin returns.
    std::span<const std::string_view> arguments() const { return arguments_; }
    Interpreter& shell() { return shell_; }
    Host& host();

    /// The descriptors of the shell's process that stand for 0, 1 and 2 of this command, after its
    /// redirections; kNoFd if closed.
    Fd input();
    Fd output();
    Fd diagnostics();
    /// As above for any descriptor.
    Fd descriptor(Fd fd);

    /// Text for descriptors 1 and 2: buffered, written when full, on flush() and when the builtin
    /// returns.
    Sink& out();
    Sink& err();
    /// Fails with the first error a write to `out()` had: long output stops there.
    Result<void> flush();

    /// The status of the command; empty (success) unless set.
    void set_status(std::string_view status);
    /// Prints `name: text` on descriptor 2 and makes `text` the status; returns success, for
    /// `return call.fail(...)`.
    template <class... Args>
    Result<void> fail(FormatString<std::type_identity_t<Args>...> format, const Args&... args) {
        StatusText text;
        text.format(format, args...);
        return fail_with(text);
    }
    /// Prints `usage: synopsis` on descriptor 2 and makes `usage` the status.
    Result<void> usage();

    /// Asks the evaluator to run the program of the builtin's name with the same arguments in its
    /// place: it knows more flags.
    void hand_on() { handed_on_ = true; }

    /// Leaves $status as it was before the command.
    void keep_status() { keeps_status_ = true; }

    /// Asks the evaluator to run `words` (a suffix of arguments()) as a command after this function
    /// returns, then to call `after` with the same arguments, the same scratch, and the command's
    /// status in $status, which is also `after`'s status unless it sets another.
    void run_then(std::span<const std::string_view> words, BuiltinFunction after);
    Scratch& scratch() { return scratch_; }

private:
    friend class Evaluator;

    Result<void> fail_with(std::string_view text);

    Interpreter& shell_;
    std::span<const std::string_view> arguments_;
    Output& out_;
    Output& err_;
    Scratch& scratch_;
    std::span<const std::string_view> run_words_{};
    BuiltinFunction after_ = nullptr;
    StatusText status_;
    bool status_set_ = false;
    bool keeps_status_ = false;
    bool handed_on_ = false;
};

/// The rows of the language itself: `. builtin cd eval exec exit flag help rfork shift wait whatis`
/// and the keywords' rows, which only `help` uses.
std::span<const Builtin> language_builtins();

/// The row named `name`: the language's first, then the home's; null when there is none.
const Builtin* find_builtin(std::span<const Builtin> home, std::string_view name);

/// Writes the table of `help`: every row of both tables, sorted by name, one line each; and what
/// other words do.
void put_help(Sink& sink, std::span<const Builtin> home);

/// Writes synopsis and help of one row.
void put_help(Sink& sink, const Builtin& row);

}  // namespace kernel::shell::rc
