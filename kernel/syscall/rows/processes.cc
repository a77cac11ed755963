// Rows for calls on the process itself and its children.
#include "chan/owner.h"
#include "chan/wall_time.h"
#include "machine/clock.h"
#include "mm/room.h"
#include "proc/exec.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "syscall/call.h"
#include "syscall/calls.h"
#include "syscall/rows/repeatable.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {
namespace {

/// The words that the nil-ended pointers at `argv` lead to.
Result<proc::Arguments> read_arguments(u64 argv) {
    proc::Arguments arguments;
    for (u64 at = argv;; at += sizeof(u64)) {  // ends at nil, or when the words are too many
        const u64 word = TRY(checked(mm::read_user<u64>(user_space(), {at})));
        if (word == 0) return arguments;
        UserText text;
        const Result<std::string_view> given = text.read(word, proc::kArgumentBytesMax);
        if (!given.ok() && given.error() == Error::kNameTooLong) return Error::kNoVirtualMemory;
        if (!given.ok()) return given.error();
        TRY(arguments.add(given.value()));
    }
}

Result<proc::PreparedProgram> prepare(u64 name, u64 argv) {
    return call("Exec", [&](chan::Caller&) -> Result<proc::PreparedProgram> {
        UserText text;
        const std::string_view path = TRY(text.read(name));
        return proc::PreparedProgram::prepare(path, TRY(read_arguments(argv)));
    });
}

Result<u64> wait_for_child(u64 at, u64 size) {
    TRY(check_writable(at, size));
    const proc::WaitRecord record = TRY(syscall::wait());
    std::array<char, proc::kWaitTextMax> buffer;
    const std::string_view text = proc::render_wait_record(record, buffer);
    const usize length = std::min<u64>(text.size(), size);
    TRY(put_user(at, as_bytes(text.substr(0, length))));
    return length;
}

Result<void> swap_error(u64 at, u64 size) {
    std::array<char, kErrorTextMax> given{};
    const usize room = std::min<u64>(size, given.size());
    TRY(check_writable(at, size));
    if (room == 0) return Error::kBadArg;
    TRY(get_user(as_writable_bytes(std::span(given).first(room)), at));
    ErrorString& saved = proc::current().error_text();
    const ErrorString before = saved;
    const auto end = std::find(given.begin(), given.begin() + room, '\0');
    saved.assign(std::string_view(given.data(), static_cast<usize>(end - given.begin())));
    std::array<char, kErrorTextMax> out{};
    const std::string_view cut = cut_at_rune(before.view(), room - 1);
    std::copy(cut.begin(), cut.end(), out.begin());
    return put_user(at, as_bytes(std::span(out).first(cut.size() + 1)));
}

}  // namespace

i64 sysr1(u64, u64, u64, u64, u64, u64) {
    if (!proc::current().caller().is_eve()) return answer(Result<u64>(Error::kPermission));
    return 0;
}

i64 exec(u64 a0, u64 a1, u64, u64, u64, u64) {
    Result<proc::PreparedProgram> prepared = prepare(a0, a1);
    if (!prepared.ok()) return answer(Result<u64>(prepared.error()));
    proc::PreparedProgram::become(std::move(prepared.value()));
}

i64 exits(u64 a0, u64, u64, u64, u64, u64) {
    std::array<char, proc::kNoteMax> text;
    if (a0 == 0) proc::exits("");
    // Its page may have to come first, and the end of a program gives back more than that takes.
    const Result<std::string_view> status =
        mm::with_room("an exit status", [&] { return mm::copy_text_in(user_space(), text, {a0}); });
    if (status.ok()) proc::exits(status.value());
    // As if the program itself had touched the page.
    if (status.error() == Error::kNoMemory) {
        proc::exits_by_note(proc::NoteKind::kExit, "sys: no memory for a page");
    }
    // Longer ones are cut, and end where the room does.
    if (status.error() == Error::kTooBig) proc::exits({text.data(), text.size()});
    proc::exits("invalid exit string");
}

i64 rfork(u64 a0, u64, u64, u64, u64, u64) {
    Result<u64> child = syscall::rfork_program(static_cast<u32>(a0));
    const bool put_off = !child.ok() && child.error() == Error::kInterrupted;
    {
        proc::Proc& self = proc::current();
        const sync::IrqSaveGuard guard(self.lock());
        u32& times = self.signals().rforks_put_off;
        times = put_off ? times + 1 : 0;
    }
    if (put_off) {
        // Whoever has a note meets it before he has a child; then he makes the call again.
        proc::current().registers().pc -= machine::kCallBytes;
        return static_cast<i64>(a0);
    }
    return answer(std::move(child));
}

i64 await(u64 a0, u64 a1, u64, u64, u64, u64) {
    const Repeatable call;
    return call.answer(wait_for_child(a0, a1));
}

i64 sleep(u64 a0, u64, u64, u64, u64, u64) {
    const auto milliseconds = static_cast<i32>(a0);
    if (milliseconds <= 0) {
        const Repeatable call;  // forgets one that was due here, with another time
        return answer(syscall::sleep(Nanos{}));
    }
    const Nanos now = machine::now();
    const Repeatable call(now + nanos_from_millis(static_cast<u64>(milliseconds)));
    if (call.until() <= now) return 0;  // made again, and it is over
    const Result<void> slept = syscall::sleep(call.until() - now);
    return call.answer(slept.ok() ? Result<u64>(u64{0}) : Result<u64>(slept.error()));
}

i64 errstr(u64 a0, u64 a1, u64, u64, u64, u64) { return answer(swap_error(a0, a1)); }

i64 getpid(u64, u64, u64, u64, u64, u64) { return proc::current().id().pid; }

i64 nsec(u64, u64, u64, u64, u64, u64) { return static_cast<i64>(chan::wall_time().value); }

i64 unknown(u64, u64, u64, u64, u64, u64) {
    // ignored: with a full queue the program has more pressing notes than this one
    (void)proc::post_note(proc::current().ref(), proc::NoteKind::kDebug, "sys: bad sys call");
    return answer(Result<u64>(Error::kBadArg));
}

}  // namespace kernel::syscall::rows
