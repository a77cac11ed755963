// The interactive shell: prompts and reads lines.
#include "shell/interactive.h"

#include "shell/output.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/source.h"
#include "shell/script.h"

namespace kernel::shell {
namespace {

/// Lines from the console in its cooked mode.
class ConsoleSource final : public rc::Source {
public:
    explicit ConsoleSource(KernelHost& host) : host_(host) {}

    Result<usize> read(std::span<char> into, std::string_view prompt) override {
        constexpr rc::Fd kInput = 0;
        constexpr rc::Fd kOutput = 1;
        TRY(write_all(kOutput, prompt));
        return host_.read(kInput, std::as_writable_bytes(into));
    }

private:
    KernelHost& host_;
};

Result<void> run(KernelHost& host, rc::StatusText& status) {
    const rc::Owned<rc::Interpreter> shell = TRY(rc::Interpreter::create(host));
    TRY(import_environment(*shell));
    TRY(shell->set_arguments("rc", {}));
    ConsoleSource source(host);
    (void)shell->run(source, rc::Interpreter::Mode::kInteractive, {});  // ignored: finish() has it
    status.assign(exit_status(shell->finish()));
    return {};
}

}  // namespace

void run_interactive(KernelHost& host, rc::StatusText& status) {
    const Result<void> done = run(host, status);
    if (!done.ok()) status.assign(syscall::error_string(done.error()).view());
}

}  // namespace kernel::shell
