// note and notepg: notes to a process and to its group.
#include "devproc/files.h"
#include "proc/notes.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

/// A note ends at its first NUL.
std::string_view note_text(ConstBytes data) {
    const std::string_view text = as_text(data);
    return text.substr(0, text.find('\0'));
}

}  // namespace

Result<usize> read_note(const Request& request, Bytes out) {
    if (out.empty()) return Error::kTooSmall;
    const std::optional<proc::Note> note = TRY(proc::take_note(request.process));
    if (!note.has_value()) return usize{0};
    // With its NUL, which also ends what does not fit.
    const usize size = std::min(note->text.size() + 1, out.size());
    std::memcpy(out.data(), note->text.c_str(), size - 1);
    out[size - 1] = std::byte{0};
    return size;
}

Result<usize> write_note(const Request& request, ConstBytes data) {
    if (data.size() >= proc::kNoteMax) return Error::kTooBig;
    TRY(proc::post_note(request.process, proc::NoteKind::kUser, note_text(data)));
    return data.size();
}

Result<void> open_notepg(chan::Chan& chan, const Opening& opening) {
    Ref<proc::NoteGroup> group;
    {
        const proc::ProcHold hold = proc::table().hold(opening.process);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        group = hold->note_group();
    }
    if (!group) return Error::kProcessExited;
    chan.device_pointer = group.leak();  // close_notepg() has it
    return {};
}

Result<usize> write_notepg(const Request& request, ConstBytes data) {
    if (data.size() >= proc::kNoteMax) return Error::kTooBig;
    proc::post_to_group(*static_cast<proc::NoteGroup*>(request.chan.device_pointer),
                        note_text(data));
    return data.size();
}

void close_notepg(chan::Chan& chan) {
    if (chan.device_pointer == nullptr) return;  // was never opened
    auto* group = static_cast<proc::NoteGroup*>(std::exchange(chan.device_pointer, nullptr));
    Ref<proc::NoteGroup>::adopt(*group).reset();
}

}  // namespace kernel::devproc
