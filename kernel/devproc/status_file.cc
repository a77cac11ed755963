// /proc/n/status: one line of fixed columns.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "machine/clock.h"
#include "proc/proc_table.h"
#include "proc/self.h"

namespace kernel::devproc {
namespace {

constexpr usize kNameWidth = 27;
constexpr usize kStateWidth = 11;
constexpr usize kNumbers = 9;

/// What the line says, copied at once.
struct Status {
    FixedString<proc::kNameMax> text;
    chan::UserName user;
    FixedString<kStateWidth + 1> state;
    std::array<u64, kNumbers> numbers{};
};

/// What a process does: the call it is in, else what its task does.
std::string_view state_word(proc::Proc& process) REQUIRES(process.lock()) {
    if (process.signals().stopped) return task_state_name(sched::TaskState::kStopped);
    if (process.state() == proc::ProcState::kBroken) {
        return task_state_name(sched::TaskState::kBroken);
    }
    const std::string_view reason = process.task().wait_reason();
    return reason.empty() ? task_state_name(process.task().state()) : reason;
}

Result<Status> look(proc::ProcRef ref) {
    // Of all processes' ended children; before the hold, which is the inner lock.
    proc::Proc* slot = proc::table().slot(ref.slot);
    const proc::ChildTimes children =
        slot == nullptr ? proc::ChildTimes{} : proc::child_times(*slot);
    const proc::ProcHold hold = proc::table().hold(ref);
    if (!hold) return Error::kProcessExited;
    proc::Proc& process = *hold;
    process.assert_held();
    const sched::Task& task = process.task();
    const sched::TaskTimes times = task.times();
    Status status;
    status.text = process.attributes().text;
    status.user = process.caller().user();
    status.state.assign(state_word(process));
    status.numbers = {times.user.millis(),
                      times.system.millis(),
                      (machine::now() - times.started).millis(),
                      children.user.millis(),
                      children.system.millis(),
                      0,  // the real time of children, which nobody ever added up
                      0,  // KiB of memory: there are no segments yet
                      task.base_priority(),
                      task.priority()};
    return status;
}

/// A column: `text` cut to `width` at a rune boundary, what would look like a separator as `_`,
/// padded, and a blank.
void put_column(Sink& sink, std::string_view text, usize width) {
    text = cut_at_rune(text, width);
    for (const char byte : text) {
        const bool separates = static_cast<u8>(byte) <= ' ';
        sink.write(separates ? std::string_view("_") : std::string_view(&byte, 1));
    }
    for (usize i = text.size(); i <= width; ++i) sink.write(" ");
}

void put_status(Sink& sink, const Status& status) {
    put_column(sink, status.text, kNameWidth);
    put_column(sink, status.user, kNameWidth);
    put_column(sink, status.state, kStateWidth);
    for (usize i = 0; i < kNumbers; ++i) {
        format_to(sink, "{:11}{}", static_cast<u32>(status.numbers[i]),
                  i + 1 == kNumbers ? '\n' : ' ');
    }
}

}  // namespace

Result<usize> read_status(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        put_status(sink, TRY(look(request.process)));
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
