// Arguments and results of calls from user mode.
#include "syscall/rows/user_memory.h"

#include "proc/complaint.h"
#include "proc/notes.h"
#include "proc/watching.h"
#include "syscall/calls.h"

namespace kernel::syscall {
namespace {

bool handles_notes(proc::Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    return self.signals().handles();
}

}  // namespace

i64 refuse(Error error) {
    proc::current().error_text() = error_string(error);
    chan::Caller::error_detail().clear();
    return -1;
}

void note_bad_address() {
    constexpr std::string_view kText = "sys: bad address in syscall";
    proc::Proc& self = proc::current();
    // Without a handler the program says so when it ends.
    if (handles_notes(self)) {
        std::array<char, proc::kNoteMax> text;
        // ignored: it is for people to read, the program has the note
        (void)proc::complain(self, format_into(text, "{} pc=0x{:x}", kText, self.registers().pc));
    }
    // ignored: with a full queue the program has more pressing notes than this one
    (void)proc::post_note(self.ref(), proc::NoteKind::kDebug, kText);
}

Result<std::string_view> UserText::read(u64 at, usize most) {
    Result<std::string_view> text = mm::copy_text_in(user_space(), inline_, {at});
    for (usize room = kMost; !text.ok() && text.error() == Error::kTooBig; room = most) {
        if (heap_.size() == most) return Error::kNameTooLong;
        heap_ = TRY(mm::Buffer::create(std::min(room, most)));
        text = mm::copy_text_in(user_space(), {reinterpret_cast<char*>(heap_.data()), heap_.size()},
                                {at});
    }
    if (text.ok()) {
        proc::touched_by_call(user_space(), {at}, text.value().size() + 1, true, false);
    }
    return checked(std::move(text));
}

Result<Bytes> UserBuffer::open_heap(u64 size) {
    heap_ = TRY(mm::Buffer::create(std::min<u64>(size, kMost)));
    return heap_.bytes();
}

Result<void> check_user(u64 at, u64 size, machine::UserAttempt attempt) {
    if (user_space().allows({at}, size, attempt)) return {};
    note_bad_address();
    return Error::kBadArg;
}

Result<void> put_user(u64 at, ConstBytes from) {
    mm::AddressSpace& space = user_space();
    const Result<void> copied = mm::copy_out(space, {at}, from);
    if (copied.ok()) proc::touched_by_call(space, {at}, from.size(), false, true);
    return checked(copied);
}

Result<void> get_user(Bytes to, u64 at) {
    mm::AddressSpace& space = user_space();
    const Result<void> copied = mm::copy_in(space, to, {at});
    if (copied.ok()) proc::touched_by_call(space, {at}, to.size(), true, false);
    return checked(copied);
}

}  // namespace kernel::syscall
