// Rows for calls on names and the name space.
#include "chan/stat.h"
#include "syscall/calls.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {
namespace {

/// Runs f(text) for the text at `name`.
template <class F>
auto with_text(u64 name, F&& f) -> decltype(f(std::string_view())) {
    UserText text;
    const Result<std::string_view> given = text.read(name);
    if (!given.ok()) return given.error();
    return f(given.value());
}

Result<u64> bind_names(u64 from, u64 onto, u64 flags) {
    UserText first;
    UserText second;
    const std::string_view what = TRY(first.read(from));
    return syscall::bind(what, TRY(second.read(onto)), static_cast<u32>(flags));
}

Result<void> unmount_names(u64 from, u64 onto) {
    UserText first;
    UserText second;
    const std::string_view what = from == 0 ? std::string_view() : TRY(first.read(from));
    return syscall::unmount(what, TRY(second.read(onto)));
}

/// Gives the program the record of `described`.
Result<u64> put_stat(const chan::Stat& described, u64 at, u64 size) {
    UserBuffer buffer;
    const Bytes room = TRY(buffer.open(std::min<u64>(size, chan::kStatRecordMax)));
    const usize length = TRY(chan::marshal_stat(described, room));
    TRY(put_user(at, room.first(length)));
    return length;
}

Result<u64> describe(u64 name, u64 at, u64 size) {
    TRY(check_writable(at, size));
    chan::Stat described{};
    TRY(with_text(name, [&](std::string_view path) { return syscall::stat(path, described); }));
    return put_stat(described, at, size);
}

Result<u64> describe_fd(u64 fd, u64 at, u64 size) {
    TRY(check_writable(at, size));
    chan::Stat described{};
    TRY(syscall::fstat(static_cast<i32>(fd), described));
    return put_stat(described, at, size);
}

/// Runs f(record) for the stat record at `at`.
template <class F>
Result<u64> with_record(u64 at, u64 size, F&& f) {
    if (size > chan::kStatRecordMax) return Error::kShortStat;
    UserBuffer buffer;
    const Bytes room = TRY(buffer.open(size));
    TRY(get_user(room, at));
    TRY(f(ConstBytes(room)));
    return size;
}

}  // namespace

i64 bind(u64 a0, u64 a1, u64 a2, u64, u64, u64) { return answer(bind_names(a0, a1, a2)); }
i64 unmount(u64 a0, u64 a1, u64, u64, u64, u64) { return answer(unmount_names(a0, a1)); }
i64 chdir(u64 a0, u64, u64, u64, u64, u64) { return answer(with_text(a0, syscall::chdir)); }
i64 remove(u64 a0, u64, u64, u64, u64, u64) { return answer(with_text(a0, syscall::remove)); }
i64 stat(u64 a0, u64 a1, u64 a2, u64, u64, u64) { return answer(describe(a0, a1, a2)); }
i64 fstat(u64 a0, u64 a1, u64 a2, u64, u64, u64) { return answer(describe_fd(a0, a1, a2)); }

i64 wstat(u64 a0, u64 a1, u64 a2, u64, u64, u64) {
    return answer(with_record(a1, a2, [&](ConstBytes record) {
        return with_text(a0, [&](std::string_view path) { return syscall::wstat(path, record); });
    }));
}

i64 fwstat(u64 a0, u64 a1, u64 a2, u64, u64, u64) {
    return answer(with_record(
        a1, a2, [&](ConstBytes record) { return syscall::fwstat(static_cast<i32>(a0), record); }));
}

}  // namespace kernel::syscall::rows
