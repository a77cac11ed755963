// info: everything about a process that is a word or a number, a line each.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/kernel_stack.h"
#include "devproc/state_word.h"
#include "mm/heap.h"
#include "proc/proc_table.h"
#include "proc/self.h"
#include "proc/wait.h"

namespace kernel::devproc {
namespace {

/// What it says that is found under a hold. Not the arguments, which `args` shows to fewer. On the
/// heap of who reads: it is large for a stack.
struct Info {
    proc::ProcId id;
    u32 parent = 0;
    u32 birth_parent = 0;
    u32 note_id = 0;
    FixedString<16> state;
    chan::UserName user;
    proc::Attributes attributes;
    bool kernel_process = false;
    bool pending = false;
    bool handles = false;
    usize notes = 0;
    sched::TaskTimes times;
    u32 hart = 0;
    sched::HartSet harts = 0;
    u32 priority = 0;
    u32 base_priority = 0;
    bool fixed_priority = false;
    bool admitted = false;
    u64 switches = 0;
    u64 pages = 0;
    KernelStack stack;
    proc::Trace::Counts trace;
    Ref<chan::Chan> dot;
};

void fill(Info& info, proc::Proc& process) REQUIRES(process.lock()) {
    const sched::Task& task = process.task();
    const proc::Signals& signals = process.signals();
    info.id = process.id();
    info.parent = proc::parent_pid(process);
    info.birth_parent = process.birth_parent();
    info.note_id = proc::note_id_locked(process);
    info.state.assign(state_word(process));
    info.user = process.caller().user();
    info.attributes = process.attributes();
    info.kernel_process = process.is_kproc();
    info.pending = task.interrupt_pending();
    info.handles = signals.handler != nullptr || signals.user_handler.value != 0;
    info.notes = signals.notes.size();
    info.times = task.times();
    info.hart = task.hart();
    info.harts = task.harts();
    info.priority = task.priority();
    info.base_priority = task.base_priority();
    info.fixed_priority = task.fixed_priority();
    info.admitted = sched::is_admitted(task);
    info.switches = task.switches();
    info.pages = process.my_space() == nullptr ? 0 : process.my_space()->resident();
    info.stack = KernelStack::of(process);
    if (process.tracing().trace) info.trace = process.tracing().trace->counts();
    info.dot = process.caller().dot();
}

/// Lines of a name and a value.
class Lines {
public:
    explicit Lines(Sink& sink) : sink_(sink) {}

    void put(std::string_view name, u64 value) { format_to(sink_, "{} {}\n", name, value); }
    /// Quoted where rc would.
    void put(std::string_view name, std::string_view text) {
        format_to(sink_, "{} ", name);
        put_quoted(sink_, text);
        sink_.write("\n");
    }
    /// Permission bits, in octal.
    void put_mode(std::string_view name, u32 mode) {
        format_to(sink_, "{} 0{}{}{}\n", name, mode >> 6 & 7, mode >> 3 & 7, mode & 7);
    }
    void put_flag(std::string_view name, bool is) { put(name, u64{is}); }

private:
    Sink& sink_;
};

void print(Sink& sink, const Info& info, const proc::ChildTimes& children, u32 records) {
    Lines lines(sink);
    lines.put("pid", u64{info.id.pid});
    lines.put("serial", info.id.serial);
    lines.put("ppid", u64{info.parent});
    lines.put("birthppid", u64{info.birth_parent});
    lines.put("noteid", u64{info.note_id});
    lines.put("state", info.state.view());
    lines.put("user", info.user.view());
    lines.put_mode("mode", info.attributes.mode);
    lines.put_flag("kp", info.kernel_process);
    lines.put_flag("private", info.attributes.private_memory);
    lines.put_flag("noswap", info.attributes.no_swap);
    lines.put_flag("hang", info.attributes.hang);
    lines.put_flag("pending", info.pending);
    lines.put_flag("handler", info.handles);
    lines.put("nnote", u64{info.notes});
    lines.put("nwait", u64{records});
    lines.put("start", info.times.started.value);
    lines.put("utime", info.times.user.value);
    lines.put("stime", info.times.system.value);
    lines.put("cutime", children.user.value);
    lines.put("cstime", children.system.value);
    lines.put("text", info.attributes.text.view());
    if (info.dot) {
        sink.write("cwd ");
        chan::put_quoted_path(sink, *info.dot->path());
        sink.write("\n");
    }
    lines.put("cpu", u64{info.hart});
    format_to(sink, "wired 0x{:x}\n", info.harts & sched::machine_harts());
    lines.put("pri", u64{info.priority});
    lines.put("basepri", u64{info.base_priority});
    lines.put_flag("fixedpri", info.fixed_priority);
    // Of real time: whether it is admitted, period, deadline and cost in ns.
    const sched::RealTimeNeeds& needs = info.attributes.real_time;
    format_to(sink, "realtime {} {} {} {}\n", u64{info.admitted}, needs.period.value, needs.deadline.value, needs.cost.value);
    lines.put("switches", info.switches);
    const machine::Symbol symbol = info.stack.waits_in();
    lines.put("wchan", symbol.name.empty() ? std::string_view("-") : symbol.name.view());
    lines.put("memk", info.pages * (kPageSize / 1024));
    // Of its trace: processes, those and the reader, dropped calls.
    format_to(sink, "strace {} {} {}\n", info.trace.processes, info.trace.users,
              info.trace.dropped);
}

}  // namespace

Result<usize> read_info(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const mm::Box<Info> info = TRY(mm::Box<Info>::create());
        // What is in the family first: its lock is the outer one.
        const u32 records = proc::waiting_records(request.process);
        proc::ChildTimes children{};
        if (const proc::Proc* slot = proc::table().slot(request.process.slot); slot != nullptr) {
            children = proc::child_times(*slot);
        }
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            fill(*info, *hold);
        }
        print(sink, *info, children, records);
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
