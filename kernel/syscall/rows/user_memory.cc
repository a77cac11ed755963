// Arguments and results of calls from user mode.
#include "syscall/rows/user_memory.h"

#include "base/format.h"
#include "chan/fd_group.h"
#include "chan/file.h"
#include "proc/notes.h"
#include "syscall/calls.h"

namespace kernel::syscall {
namespace {

bool handles_notes(proc::Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    return self.signals().handles();
}

/// Says on descriptor 2, if it is open, what is wrong with the call that `self` makes.
void tell(proc::Proc& self, std::string_view text) {
    const Ref<chan::FdGroup> fds = self.caller().fds();
    if (!fds) return;
    Result<Ref<chan::Chan>> errors = fds->get(2, chan::FdUse::kWrite);
    if (!errors.ok()) return;
    FixedString<proc::kNameMax> name;
    {
        const sync::IrqSaveGuard guard(self.lock());
        name = self.attributes().text;
    }
    std::array<char, 2 * proc::kNoteMax> line;
    const std::string_view said = format_into(line, "{} {}: {} pc=0x{:x}\n", name.view(),
                                              self.id().pid, text, self.registers().pc);
    // ignored: it is for people to read, the program has the note
    (void)chan::write(self.caller(), *errors.value(), as_bytes(said));
    chan::Caller::error_detail().clear();
}

}  // namespace

i64 answer(Result<u64> result) {
    if (!result.ok()) proc::current().error_text() = error_string(result.error());
    // Rows that fail before they begin a call have no detail to tell.
    chan::Caller::error_detail().clear();
    return result.ok() ? static_cast<i64>(result.value()) : -1;
}

i64 answer(Result<void> result) { return result.ok() ? 0 : answer(Result<u64>(result.error())); }

void note_bad_address() {
    constexpr std::string_view kText = "sys: bad address in syscall";
    proc::Proc& self = proc::current();
    // Without a handler the program says so when it ends.
    if (handles_notes(self)) tell(self, kText);
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
    return checked(std::move(text));
}

Result<Bytes> UserBuffer::open(u64 size) {
    if (size <= inline_.size()) return Bytes(inline_).first(size);
    heap_ = TRY(mm::Buffer::create(std::min<u64>(size, kMost)));
    return heap_.bytes();
}

Result<void> check_user(u64 at, u64 size, machine::UserAttempt attempt) {
    if (user_space().allows({at}, size, attempt)) return {};
    note_bad_address();
    return Error::kBadArg;
}

Result<void> put_user(u64 at, ConstBytes from) {
    return checked(mm::copy_out(user_space(), {at}, from));
}

Result<void> get_user(Bytes to, u64 at) { return checked(mm::copy_in(user_space(), to, {at})); }

}  // namespace kernel::syscall
