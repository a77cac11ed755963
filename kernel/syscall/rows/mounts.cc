// Rows for calls that speak 9P with a file server, which nothing here does: each finds what is
// wrong with its arguments in Plan 9's order, and then says that.
#include "chan/caller.h"
#include "chan/fd_group.h"
#include "syscall/call.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {
namespace {

using chan::Caller;
using chan::FdUse;

/// Whether a server could be spoken to through `fd`.
Result<void> check_server(Caller& caller, u64 fd) {
    (void)TRY(caller.my_fds().get(static_cast<i32>(fd), FdUse::kReadWrite));
    return {};
}

Result<u64> mount_server(u64 fd, u64 auth_fd, u64 flags, u64 spec) {
    TRY(chan::check_bind_flags(static_cast<u32>(flags)));
    UserText text;
    (void)TRY(text.read(spec));
    return call("Mount", [&](Caller& caller) -> Result<u64> {
        if (!caller.my_name_space().allows_mounts()) return Error::kNoAttach;
        TRY(check_server(caller, fd));
        if (static_cast<i32>(auth_fd) >= 0) TRY(check_server(caller, auth_fd));
        return Error::kNo9P;
    });
}

Result<u64> authenticate(u64 fd, u64 name) {
    UserText text;
    (void)TRY(text.read(name));
    return call("Fauth", [&](Caller& caller) -> Result<u64> {
        TRY(check_server(caller, fd));
        return Error::kNo9P;
    });
}

Result<u64> agree_on_version(u64 fd, u64 version, u64 size) {
    if (static_cast<i32>(size) <= 0) return Error::kBadArg;
    TRY(check_writable(version, static_cast<u32>(size)));
    UserText text;
    // Its end is to be found within the room for the answer.
    if (TRY(text.read(version)).size() >= static_cast<u32>(size)) return Error::kBadArg;
    return call("Fversion", [&](Caller& caller) -> Result<u64> {
        TRY(check_server(caller, fd));
        return Error::kNo9P;
    });
}

}  // namespace

i64 mount(u64 a0, u64 a1, u64, u64 a3, u64 a4, u64) { return answer(mount_server(a0, a1, a3, a4)); }
i64 fauth(u64 a0, u64 a1, u64, u64, u64, u64) { return answer(authenticate(a0, a1)); }
i64 fversion(u64 a0, u64, u64 a2, u64 a3, u64, u64) { return answer(agree_on_version(a0, a2, a3)); }

}  // namespace kernel::syscall::rows
