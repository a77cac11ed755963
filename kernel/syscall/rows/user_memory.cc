// Arguments and results of calls from user mode.
#include "syscall/rows/user_memory.h"

#include "proc/notes.h"
#include "syscall/calls.h"

namespace kernel::syscall {

i64 answer(Result<u64> result) {
    if (result.ok()) return static_cast<i64>(result.value());
    proc::current().error_text() = error_string(result.error());
    return -1;
}

i64 answer(Result<void> result) { return result.ok() ? 0 : answer(Result<u64>(result.error())); }

void note_bad_address() {
    // ignored: with a full queue the program has more pressing notes than this one
    (void)proc::post_note(proc::current().ref(), proc::NoteKind::kDebug,
                          "sys: bad address in syscall");
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
