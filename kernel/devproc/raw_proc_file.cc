// proc: the kernel's view of a process, as bytes.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/raw_proc.h"
#include "proc/proc_table.h"
#include "proc/self.h"

namespace kernel::devproc {
namespace {

template <class T>
std::string_view bytes_of(const T& object) {
    return {reinterpret_cast<const char*>(&object), sizeof(T)};
}

template <usize N>
void put_text(std::array<char, N>& field, std::string_view text) {
    std::copy_n(text.data(), std::min(text.size(), N - 1), field.data());  // an empty one is null
}

u32 flags_of(proc::Proc& process) REQUIRES(process.lock()) {
    const proc::Attributes& attributes = process.attributes();
    const proc::Signals& signals = process.signals();
    const sched::Task& task = process.task();
    u32 flags = 0;
    const auto add = [&flags](bool is, u32 flag) { flags |= is ? flag : 0; };
    add(process.is_kproc(), RawProc::kKernelProcess);
    add(attributes.private_memory, RawProc::kPrivate);
    add(attributes.no_swap, RawProc::kNoSwap);
    add(attributes.hang, RawProc::kHang);
    add(attributes.renamed, RawProc::kRenamed);
    add(signals.stopped, RawProc::kStopped);
    add(signals.handling, RawProc::kHandling);
    add(signals.handler != nullptr, RawProc::kHasHandler);
    add(task.interrupt_pending(), RawProc::kInterruptPending);
    add(task.fixed_priority(), RawProc::kFixedPriority);
    add(task.on_hart(), RawProc::kOnHart);
    return flags;
}

void fill(RawProc& raw, proc::Proc& process) REQUIRES(process.lock()) {
    const proc::ProcId id = process.id();
    const sched::Task& task = process.task();
    const sched::TaskTimes times = task.times();
    raw.slot = process.slot();
    raw.serial = id.serial;
    raw.pid = id.pid;
    raw.parent = proc::parent_pid(process);
    raw.birth_parent = process.birth_parent();
    raw.note_id = proc::note_id_locked(process);
    raw.proc_state = static_cast<u32>(process.state());
    raw.task_state = static_cast<u32>(task.state());
    raw.control = static_cast<u32>(process.signals().control);
    raw.flags = flags_of(process);
    raw.mode = process.attributes().mode;
    raw.notes = static_cast<u32>(process.signals().notes.size());
    raw.base_priority = task.base_priority();
    raw.priority = task.priority();
    raw.hart = task.hart();
    raw.harts = task.harts();
    raw.started_ns = times.started.value;
    raw.user_ns = times.user.value;
    raw.system_ns = times.system.value;
    raw.switches = task.switches();
    put_text(raw.text, process.attributes().text);
    put_text(raw.user, process.caller().user());
    put_text(raw.args, process.attributes().args);
    put_text(raw.wait_reason, task.wait_reason());
}

}  // namespace

Result<usize> read_proc(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        RawProc raw{};
        raw.magic = RawProc::kMagic;
        raw.version = RawProc::kVersion;
        raw.size = sizeof(RawProc);
        // What is in the family first: its lock is the outer one.
        raw.records = proc::waiting_records(request.process);
        if (const proc::Proc* slot = proc::table().slot(request.process.slot); slot != nullptr) {
            const proc::ChildTimes children = proc::child_times(*slot);
            raw.children_user_ns = children.user.value;
            raw.children_system_ns = children.system.value;
        }
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            fill(raw, *hold);
        }
        sink.write(bytes_of(raw));
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
