// The interactive shell: a line editor with history and completion on the console.
#include "shell/interactive.h"

#include "mm/heap.h"
#include "shell/console_terminal.h"
#include "shell/output.h"
#include "shell/rc/edit_history.h"
#include "shell/rc/edit_source.h"
#include "shell/rc/exit_status.h"
#include "shell/rc/import.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/line_editor.h"
#include "shell/rc/shell_completer.h"

namespace kernel::shell {
namespace {

/// A person's session: too large for a kernel stack.
struct Session {
    Session(KernelHost& host, rc::Interpreter& shell)
        : history(host.memory()),
          completer(shell),
          editor(host.memory(), terminal, history, &completer),
          source(editor, history) {}

    ConsoleTerminal terminal;
    rc::History history;
    rc::ShellCompleter completer;
    rc::LineEditor editor;
    rc::EditorSource source;
};

Result<void> run(KernelHost& host, rc::StatusText& status) {
    const rc::Owned<rc::Interpreter> shell = TRY(rc::Interpreter::create(host));
    TRY(rc::import_environment(*shell));
    TRY(shell->set_arguments("rc", {}));
    const mm::Box<Session> session = TRY(mm::Box<Session>::create(host, *shell));
    TRY(session->terminal.open());
    for (const i32 fd : session->terminal.descriptors()) TRY(host.keep_private(fd));
    // ignored: finish() has the status
    (void)shell->run(session->source, rc::Interpreter::Mode::kInteractive, {});
    status.assign(rc::exit_status(shell->finish()));
    return {};
}

}  // namespace

void run_interactive(KernelHost& host, rc::StatusText& status) {
    const Result<void> done = run(host, status);
    if (!done.ok()) status.assign(syscall::error_string(done.error()).view());
}

}  // namespace kernel::shell
