// Rows for calls on files and descriptors.
#include "syscall/calls.h"
#include "syscall/rows/repeatable.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {
namespace {

/// A descriptor as the program passes it: an int.
i32 fd_of(u64 argument) { return static_cast<i32>(argument); }

Result<u64> number(Result<i32> fd) { return static_cast<u64>(TRY(std::move(fd))); }

/// An offset as the program passes it: ~0 stands for the descriptor's own.
std::optional<u64> offset_of(u64 argument) {
    return argument == ~u64{0} ? std::nullopt : std::optional(argument);
}

Result<u64> open_file(u64 name, u64 mode) {
    UserText text;
    const std::string_view path = TRY(text.read(name));
    const chan::OpenMode parsed = TRY(chan::OpenMode::parse(static_cast<u32>(mode)));
    if (parsed.is_exclusive()) return Error::kBadArg;  // only who creates can mean that
    return number(syscall::open(path, parsed));
}

Result<u64> create_file(u64 name, u64 mode, u64 permissions) {
    UserText text;
    const std::string_view path = TRY(text.read(name));
    return number(syscall::create(path, TRY(chan::OpenMode::parse(static_cast<u32>(mode))),
                                  static_cast<u32>(permissions)));
}

Result<u64> read_file(u64 fd, u64 at, u64 size, std::optional<u64> offset) {
    TRY(check_writable(at, size));
    UserBuffer buffer;
    const Bytes room = TRY(buffer.open(size));
    const usize got = TRY(syscall::read(fd_of(fd), room, offset));
    TRY(put_user(at, room.first(got)));
    return got;
}

Result<u64> write_file(u64 fd, u64 at, u64 size, std::optional<u64> offset) {
    // What is copied in one go is looked at when it is; of more, nothing is written if not all can
    // be.
    if (size > UserBuffer::kMost) TRY(check_readable(at, size));
    UserBuffer buffer;
    const Bytes room = TRY(buffer.open(size));
    u64 done = 0;
    do {  // ends when all is written, or less than asked for
        const Bytes piece = room.first(std::min<u64>(room.size(), size - done));
        TRY(get_user(piece, at + done));
        const Result<usize> wrote = syscall::write(fd_of(fd), piece, offset);
        if (!wrote.ok() && done == 0) return wrote.error();
        if (!wrote.ok()) break;
        done += wrote.value();
        if (offset.has_value()) *offset += wrote.value();
        if (wrote.value() < piece.size()) break;
    } while (done < size);
    return done;
}

Result<u64> move_to(u64 fd, i64 distance, u64 whence) {
    if (whence > static_cast<u64>(chan::Whence::kEnd)) return Error::kBadArg;
    return syscall::seek(fd_of(fd), distance, static_cast<chan::Whence>(whence));
}

Result<void> make_pipe(u64 fds) {
    TRY(check_writable(fds, 2 * sizeof(i32)));
    const std::array<i32, 2> ends = TRY(syscall::pipe());
    const Result<void> told = put_user(fds, as_bytes(std::span(ends)));
    if (!told.ok()) {
        for (const i32 fd : ends) (void)syscall::close(fd);  // ignored: nobody else has seen them
    }
    return told;
}

Result<void> path_of(u64 fd, u64 at, u64 size) {
    TRY(check_writable(at, size));
    if (size == 0) return Error::kBadArg;
    UserBuffer buffer;
    const Bytes room = TRY(buffer.open(std::min<u64>(size, UserText::kMost)));
    const std::string_view path =
        TRY(syscall::fd2path(fd_of(fd), {reinterpret_cast<char*>(room.data()), room.size() - 1}));
    room[path.size()] = std::byte{0};
    return put_user(at, room.first(path.size() + 1));
}

}  // namespace

i64 open(u64 a0, u64 a1, u64, u64, u64, u64) { return answer(open_file(a0, a1)); }
i64 create(u64 a0, u64 a1, u64 a2, u64, u64, u64) { return answer(create_file(a0, a1, a2)); }
i64 close(u64 a0, u64, u64, u64, u64, u64) { return answer(syscall::close(fd_of(a0))); }
i64 dup(u64 a0, u64 a1, u64, u64, u64, u64) {
    return answer(number(syscall::dup(fd_of(a0), fd_of(a1))));
}
i64 pread(u64 a0, u64 a1, u64 a2, u64 a3, u64, u64) {
    const Repeatable call;
    return call.answer(read_file(a0, a1, a2, offset_of(a3)));
}
i64 pwrite(u64 a0, u64 a1, u64 a2, u64 a3, u64, u64) {
    const Repeatable call;
    return call.answer(write_file(a0, a1, a2, offset_of(a3)));
}
i64 pipe(u64 a0, u64, u64, u64, u64, u64) { return answer(make_pipe(a0)); }
i64 fd2path(u64 a0, u64 a1, u64 a2, u64, u64, u64) { return answer(path_of(a0, a1, a2)); }

i64 seek(u64 a0, u64 a1, u64 a2, u64, u64, u64) {
    return answer(move_to(a0, static_cast<i64>(a1), a2));
}

i64 oseek(u64 a0, u64 a1, u64 a2, u64, u64, u64) {
    return answer(move_to(a0, static_cast<i32>(a1), a2));
}

}  // namespace kernel::syscall::rows
