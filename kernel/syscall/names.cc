// Calls on names and the name space.
#include "chan/caller.h"
#include "chan/fd_group.h"
#include "chan/file.h"
#include "chan/namec.h"
#include "proc/self.h"
#include "syscall/call.h"
#include "syscall/calls.h"

namespace kernel::syscall {

using chan::Caller;

Result<void> chdir(std::string_view name) {
    return call("Chdir", [&](Caller& caller) -> Result<void> {
        proc::set_dot(TRY(chan::namec(caller, name, chan::NameUse::kChangeDir)));
        return {};
    });
}

Result<void> remove(std::string_view name) {
    return call("Remove", [&](Caller& caller) { return chan::remove_name(caller, name); });
}

Result<void> stat(std::string_view name, chan::Stat& out) {
    return call("Stat", [&](Caller& caller) -> Result<void> {
        const Ref<chan::Chan> file = TRY(chan::namec(caller, name, chan::NameUse::kAccess));
        return chan::stat(caller, *file, out);
    });
}

Result<void> fstat(i32 fd, chan::Stat& out) {
    return call("Fstat", [&](Caller& caller) -> Result<void> {
        const Ref<chan::Chan> file = TRY(caller.my_fds().get(fd));
        return chan::stat(caller, *file, out);
    });
}

Result<void> wstat(std::string_view name, ConstBytes record) {
    return call("Wstat", [&](Caller& caller) -> Result<void> {
        const Ref<chan::Chan> file = TRY(chan::namec(caller, name, chan::NameUse::kAccess));
        return chan::wstat(caller, *file, record);
    });
}

Result<void> fwstat(i32 fd, ConstBytes record) {
    return call("Fwstat", [&](Caller& caller) -> Result<void> {
        const Ref<chan::Chan> file = TRY(caller.my_fds().get(fd));
        return chan::wstat(caller, *file, record);
    });
}

Result<u64> bind(std::string_view from, std::string_view onto, u32 flags) {
    return call("Bind", [&](Caller& caller) { return chan::bind(caller, from, onto, flags); });
}

Result<void> unmount(std::string_view from, std::string_view onto) {
    return call("Unmount", [&](Caller& caller) { return chan::unmount(caller, from, onto); });
}

}  // namespace kernel::syscall
