// Sessions: the batch's script and the person's shell, each in a process of its own.
#include "shell/session.h"

#include "proc/spawn.h"
#include "shell/interactive.h"
#include "shell/kernel_host.h"
#include "shell/script.h"
#include "syscall/calls.h"

namespace kernel::shell {
namespace {

using Path = FixedString<128>;

void script_body(void* argument) {
    rc::StatusText status;
    ChildStart* next = nullptr;
    {
        const rc::Owned<Path> path(shell_memory(), static_cast<Path*>(argument));
        KernelHost host;
        run_script(host, path->view(), {}, status);
        next = host.take_next(status);
    }
    end_shell(next, status);
}

void interactive_body(void*) {
    rc::StatusText status;
    ChildStart* next = nullptr;
    {
        KernelHost host;
        run_interactive(host, status);
        next = host.take_next(status);
    }
    end_shell(next, status);
}

Result<proc::WaitRecord> wait_for(proc::ProcId child) {
    for (;;) {  // ends with the child
        Result<proc::WaitRecord> ended = syscall::wait();
        if (!ended.ok() && ended.error() == Error::kInterrupted) continue;
        if (!ended.ok() || ended.value().id == child) return ended;
    }
}

}  // namespace

rc::StatusText run_script_process(std::string_view path) {
    const auto failure = [](Error error) { return rc::StatusText(error_text(error)); };
    rc::Owned<Path> argument(shell_memory(), rc::make<Path>(shell_memory(), path));
    if (!argument) return failure(Error::kNoMemory);
    const Result<proc::ProcId> child = proc::spawn({.name = "rc",
                                                    .args = path,
                                                    .body = script_body,
                                                    .argument = argument.get(),
                                                    .group = proc::GroupOf::kSelf});
    if (!child.ok()) return failure(child.error());
    (void)argument.release();  // ignored: the child has it
    const Result<proc::WaitRecord> ended = wait_for(child.value());
    if (!ended.ok()) return failure(ended.error());
    return rc::StatusText(ended.value().message.view());
}

Result<proc::ProcId> start_interactive_process() {
    return proc::spawn({.name = "rc",
                        .args = "rc",
                        .body = interactive_body,
                        .argument = nullptr,
                        .group = proc::GroupOf::kSelf});
}

}  // namespace kernel::shell
