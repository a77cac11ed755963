// stack and wchan: where in the kernel a process is.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/kernel_stack.h"
#include "proc/proc_table.h"

namespace kernel::devproc {

KernelStack KernelStack::of(const proc::Proc& process) {
    KernelStack stack;
    const sched::Task& task = process.task();
    const bool kept_still = while_off_hart(task, [&stack, &task] {
        stack.count = machine::capture_backtrace(task.context(), task.stack(), stack.places);
    });
    if (!kept_still) stack.count = 0;
    return stack;
}

machine::Symbol KernelStack::waits_in() const {
    for (const VirtAddr place : all()) {
        // A return address: the call is before it, at the end of a function perhaps.
        machine::Symbol symbol = machine::find_symbol(place - 1);
        const std::string_view name = symbol.name.view();
        const bool is_of_scheduler = name.find("sched") != std::string_view::npos ||
                                     name.find("machine") != std::string_view::npos ||
                                     name.find("switch") != std::string_view::npos;
        if (!name.empty() && !is_of_scheduler) return symbol;
    }
    return {};
}

namespace {

/// Errors: kProcessExited.
Result<KernelStack> stack_of(proc::ProcRef process) {
    const proc::ProcHold hold = proc::table().hold(process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    return KernelStack::of(*hold);
}

}  // namespace

Result<usize> read_stack(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const KernelStack stack = TRY(stack_of(request.process));
        for (const VirtAddr place : stack.all()) {
            const machine::Symbol symbol = machine::find_symbol(place - 1);
            if (symbol.name.empty()) {
                sink.write("?\n");
            } else {
                format_to(sink, "{}+0x{:x}\n", symbol.name.view(), symbol.offset + 1);
            }
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> read_wchan(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const machine::Symbol symbol = TRY(stack_of(request.process))
        .waits_in();
        format_to(sink, "{}\n", symbol.name.empty() ? std::string_view("-") : symbol.name.view());
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
