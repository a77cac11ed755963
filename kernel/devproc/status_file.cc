// /proc/n/status: one line of fixed columns.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/state_word.h"
#include "machine/clock.h"
#include "proc/proc_table.h"
#include "proc/self.h"

namespace kernel::devproc {
namespace {

constexpr usize kNameWidth = 27;
constexpr usize kStateWidth = 11;
constexpr usize kNumbers = 9;
constexpr u64 kPageKiB = kPageSize / 1024;

/// What the line says, copied at once.
struct Status {
    FixedString<proc::kNameMax> text;
    chan::UserName user;
    FixedString<kStateWidth + 1> state;
    std::array<u64, kNumbers> numbers{};
};

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
                      process.my_space() == nullptr ? 0 : process.my_space()->resident() * kPageKiB,
                      task.base_priority(),
                      task.priority()};
    return status;
}

/// The line, made in place: who looks at processes reads many.
class StatusLine {
public:
    explicit StatusLine(const Status& status) {
        put_text(status.text, kNameWidth);
        put_text(status.user, kNameWidth);
        put_text(status.state, kStateWidth);
        for (const u64 number : status.numbers) put_number(static_cast<u32>(number));
        bytes_.back() = '\n';
    }

    std::string_view text() const { return {bytes_.data(), bytes_.size()}; }

private:
    static constexpr usize kNumberWidth = 11;
    static constexpr usize kSize =
        2 * (kNameWidth + 1) + (kStateWidth + 1) + kNumbers * (kNumberWidth + 1);
    static_assert(kSize == 176);

    /// A column: `text` cut to `width` at a rune boundary, what would look like a separator as `_`,
    /// padded, and a blank.
    void put_text(std::string_view text, usize width) {
        text = cut_at_rune(text, width);
        char* at = bytes_.data() + end_;
        for (const char byte : text) *at++ = static_cast<u8>(byte) <= ' ' ? '_' : byte;
        end_ += width + 1;
        std::memset(at, ' ', static_cast<usize>(bytes_.data() + end_ - at));
    }

    /// A number to the right of its column, and a blank.
    void put_number(u32 number) {
        char* const blank = bytes_.data() + end_ + kNumberWidth;
        *blank = ' ';
        const char* const at = put_decimal_before(blank, number);
        std::memset(bytes_.data() + end_, ' ', static_cast<usize>(at - (bytes_.data() + end_)));
        end_ += kNumberWidth + 1;
    }

    std::array<char, kSize> bytes_;
    usize end_ = 0;
};

}  // namespace

Result<usize> read_status(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        sink.write(StatusLine(TRY(look(request.process))).text());
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
