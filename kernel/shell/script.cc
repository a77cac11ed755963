// Scripts: a new shell that reads a file.
#include "shell/script.h"

#include "shell/rc/exit_status.h"
#include "shell/rc/import.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/source.h"
#include "syscall/calls.h"

namespace kernel::shell {
namespace {

Result<void> run(KernelHost& host, std::string_view path,
                 std::span<const std::string_view> arguments, rc::StatusText& status) {
    const rc::Owned<rc::Interpreter> shell = TRY(rc::Interpreter::create(host));
    TRY(rc::import_environment(*shell));
    TRY(shell->set_arguments(path, arguments));
    const rc::Fd file = TRY(host.open(path, rc::OpenMode::kRead));
    rc::FileSource source(host, file, rc::FileSource::Sharing::kPrivate);
    (void)shell->run(source, rc::Interpreter::Mode::kScript, path);  // ignored: finish() has it
    status.assign(rc::exit_status(shell->finish()));
    host.close(file);
    return {};
}

}  // namespace

void run_script(KernelHost& host, std::string_view path,
                std::span<const std::string_view> arguments, rc::StatusText& status) {
    const Result<void> done = run(host, path, arguments, status);
    if (!done.ok()) status.assign(syscall::error_string(done.error()).view());
}

}  // namespace kernel::shell
