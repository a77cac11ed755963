// Calls on files and descriptors.
#include "chan/caller.h"
#include "chan/fd_group.h"
#include "chan/file.h"
#include "chan/namec.h"
#include "syscall/call.h"
#include "syscall/calls.h"

namespace kernel::syscall {
namespace {

using chan::Caller;

chan::OnExec on_exec(chan::OpenMode mode) {
    return mode.closes_on_exec() ? chan::OnExec::kClose : chan::OnExec::kKeep;
}

/// Tells who writes to a pipe that nobody reads, as it may not look at results.
[[gnu::cold, gnu::noinline]] void note_closed_pipe() {
    // ignored: with a full queue the writer has more pressing notes than this one
    (void)proc::post_note(proc::current().ref(), proc::NoteKind::kUser,
                          "sys: write on closed pipe");
}

}  // namespace

Result<i32> open(std::string_view name, chan::OpenMode mode) {
    return call("Open", [&](Caller& caller) -> Result<i32> {
        Ref<chan::Chan> opened = TRY(chan::open_name(caller, name, mode));
        return caller.my_fds().add(std::move(opened), on_exec(mode));
    });
}

Result<i32> create(std::string_view name, chan::OpenMode mode, u32 permissions) {
    return call("Create", [&](Caller& caller) -> Result<i32> {
        Ref<chan::Chan> opened = TRY(chan::create_name(caller, name, mode, permissions));
        return caller.my_fds().add(std::move(opened), on_exec(mode));
    });
}

Result<void> close(i32 fd) {
    return call<WhenUnwinding::kActs>("Close",
                                      [&](Caller& caller) { return caller.my_fds().close(fd); });
}

Result<usize> read(i32 fd, Bytes out, std::optional<u64> offset) {
    return call("Pread", [&](Caller& caller) -> Result<usize> {
        const Ref<chan::Chan> file = TRY(caller.my_fds().get(fd, chan::FdUse::kRead));
        return chan::read(caller, *file, out, offset);
    });
}

Result<usize> write(i32 fd, ConstBytes data, std::optional<u64> offset) {
    return call("Pwrite", [&](Caller& caller) -> Result<usize> {
        const Ref<chan::Chan> file = TRY(caller.my_fds().get(fd, chan::FdUse::kWrite));
        Result<usize> written = chan::write(caller, *file, data, offset);
        if (!written.ok() && written.error() == Error::kClosedPipe) note_closed_pipe();
        return written;
    });
}

Result<u64> seek(i32 fd, i64 distance, chan::Whence whence) {
    return call("Seek", [&](Caller& caller) -> Result<u64> {
        const Ref<chan::Chan> file = TRY(caller.my_fds().get(fd));
        return chan::seek(caller, *file, distance, whence);
    });
}

Result<i32> dup(i32 from, i32 to) {
    return call("Dup", [&](Caller& caller) -> Result<i32> {
        chan::FdGroup& fds = caller.my_fds();
        Ref<chan::Chan> file = TRY(fds.get(from));
        return to < 0 ? fds.add(std::move(file)) : fds.put(to, std::move(file));
    });
}

Result<std::array<i32, 2>> pipe() {
    return call("Pipe", [&](Caller& caller) -> Result<std::array<i32, 2>> {
        std::array<Ref<chan::Chan>, 2> ends = TRY(chan::open_pipe(caller));
        chan::FdGroup& fds = caller.my_fds();
        const i32 first = TRY(fds.add(std::move(ends[0])));
        const Result<i32> second = fds.add(std::move(ends[1]));
        if (second.ok()) return std::array<i32, 2>{first, second.value()};
        (void)fds.close(first);  // ignored: nobody else has seen it
        return second.error();
    });
}

Result<std::string_view> fd2path(i32 fd, std::span<char> out) {
    return call("Fd2path", [&](Caller& caller) -> Result<std::string_view> {
        const Ref<chan::Chan> file = TRY(caller.my_fds().get(fd));
        return file->path()->copy_to(out);
    });
}

}  // namespace kernel::syscall
