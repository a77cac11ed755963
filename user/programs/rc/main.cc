// rc: the shell as a program: commands from -c, a file, a person, or descriptor 0.
#include "shell/rc/edit_history.h"
#include "shell/rc/edit_source.h"
#include "shell/rc/exit_status.h"
#include "shell/rc/import.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/line_editor.h"
#include "shell/rc/shell_completer.h"
#include "shell/rc/word.h"
#include "user/programs/rc/library.h"
#include "user/programs/rc/options.h"
#include "user/programs/rc/terminal.h"
#include "user/programs/rc/user_host.h"

namespace kernel::shell::user {
namespace {

using Mode = rc::Interpreter::Mode;

/// A person's session at the console.
struct Session {
    Session(UserHost& host, rc::Interpreter& shell)
        : terminal(host),
          history(host.memory()),
          completer(shell),
          editor(host.memory(), terminal, history, &completer),
          source(editor, history) {}

    ConsoleTerminal terminal;
    rc::History history;
    rc::ShellCompleter completer;
    rc::LineEditor editor;
    rc::EditorSource source;
};

bool is_console(UserHost& host) {
    std::array<char, 64> buffer;
    const std::string_view name = host.path_of(0, buffer);
    return name == "/dev/cons" || name == "#c/cons";
}

Result<void> run_file(UserHost& host, rc::Interpreter& shell, std::string_view file) {
    const Result<rc::Fd> opened = host.open(file, rc::OpenMode::kRead);
    if (!opened.ok()) {
        rc::TextBuffer text(host.memory());
        format_to(text, "rc: {}: {}\n", file, opened.error());
        (void)write_all(host, 2, text.view());  // ignored: the status says it, too
        return opened.error();
    }
    rc::FileSource source(host, opened.value(), rc::FileSource::Sharing::kPrivate);
    (void)shell.run(source, Mode::kScript, file);  // ignored: finish() has it
    host.close(opened.value());
    return {};
}

Result<void> run_at_console(UserHost& host, rc::Interpreter& shell) {
    const rc::Owned<Session> session(host.memory(), rc::make<Session>(host.memory(), host, shell));
    if (!session) return Error::kNoMemory;
    TRY(session->terminal.open());
    (void)shell.run(session->source, Mode::kInteractive, {});  // ignored: finish() has it
    return {};
}

/// $home/lib/profile, if there is one.
Result<void> run_profile(UserHost& host, rc::Interpreter& shell) {
    if (shell.value("home").empty()) return {};
    rc::TextBuffer file(host.memory());
    format_to(file, "{}/lib/profile", shell.value("home"));
    const std::string_view name = TRY(file.text());
    return host.kind(name).ok() ? run_file(host, shell, name) : Result<void>();
}

Result<void> run_input(UserHost& host, rc::Interpreter& shell, const Options& options) {
    const bool at_console = !options.never_interactive && is_console(host);
    if (at_console) return run_at_console(host, shell);
    if (options.interactive) {
        PromptedInput source(host);
        (void)shell.run(source, Mode::kInteractive, {});  // ignored: finish() has it
        return {};
    }
    rc::FileSource source(host, 0, rc::FileSource::Sharing::kShared);
    (void)shell.run(source, Mode::kScript, {});  // ignored: finish() has it
    return {};
}

Result<void> run(UserHost& host, std::span<char* const> words, const Options& options,
                 rc::StatusText& status) {
    const rc::Owned<rc::Interpreter> shell = TRY(rc::Interpreter::create(host));
    TRY(rc::import_environment(*shell));
    shell->set_flag('e', options.exit_on_failure);
    shell->set_flag('x', options.print_commands);
    shell->set_flag('s', options.report_status);
    // A file to run is $0, and what follows it $*.
    const bool is_file = !options.commands.has_value() && options.first < words.size();
    const usize zero = is_file ? options.first : 0;
    rc::Vector<std::string_view> arguments(host.memory());
    for (usize i = is_file ? zero + 1 : options.first; i < words.size(); ++i) {
        TRY(arguments.push(words[i]));
    }
    const std::string_view name = words.empty() ? "rc" : words[zero];
    TRY(shell->set_arguments(name, arguments.items()));
    if (options.login) TRY(run_profile(host, *shell));
    if (shell->exiting()) {
        // The profile has ended it.
    } else if (options.commands.has_value()) {
        (void)shell->run_text(*options.commands, {});  // ignored: finish() has it
    } else {
        TRY(is_file ? run_file(host, *shell, name) : run_input(host, *shell, options));
    }
    status.assign(rc::exit_status(shell->finish()));
    return {};
}

[[noreturn]] void run_program(std::span<char* const> words) {
    set_up_panics();
    UserHost host;
    const Result<Options> options = parse_options(words);
    if (!options.ok()) {
        // ignored: the status says it, too
        (void)write_all(host, 2, "usage: rc [-deiIlpsx] [-c commands] [file [word ...]]\n");
        ::sys_exits("usage");
    }
    rc::StatusText status;
    const Result<void> done = run(host, words, options.value(), status);
    if (!done.ok()) status.assign(error_text(done.error()));
    ::sys_exits(status.c_str());
}

}  // namespace
}  // namespace kernel::shell::user

extern "C" [[noreturn]] void main(int count, char* words[]) {
    kernel::shell::user::run_program({words, static_cast<kernel::usize>(count)});
}
