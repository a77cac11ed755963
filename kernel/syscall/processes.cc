// Calls on the process itself and its children.
#include "proc/exit.h"
#include "proc/self.h"
#include "proc/spawn.h"
#include "sched/rendez.h"
#include "syscall/call.h"
#include "syscall/calls.h"

namespace kernel::syscall {
namespace {

using chan::Caller;

/// What becomes of a group, from the bit that copies it and the bit that empties it; nothing if
/// neither is set.
std::optional<proc::Inherit> inherit(u32 flags, u32 copy, u32 empty) {
    if ((flags & copy) != 0) return proc::Inherit::kCopy;
    if ((flags & empty) != 0) return proc::Inherit::kEmpty;
    return std::nullopt;
}

bool has_both(u32 flags, u32 one, u32 other) { return (flags & one) != 0 && (flags & other) != 0; }

}  // namespace

void exits(std::string_view status) { proc::exits(status); }

Result<proc::WaitRecord> wait() {
    return call("Await", [](Caller&) { return proc::wait(); });
}

Result<void> rfork(u32 flags) {
    return call("Rfork", [&](Caller& caller) -> Result<void> {
        if (has_both(flags, kRfFdg, kRfCfdg) || has_both(flags, kRfNameg, kRfCnameg) ||
            has_both(flags, kRfEnvg, kRfCenvg)) {
            return Error::kBadArg;
        }
        if ((flags & (kRfProc | kRfMem | kRfNowait)) != 0) return Error::kBadArg;
        TRY(proc::regroup({.fds = inherit(flags, kRfFdg, kRfCfdg),
                           .names = inherit(flags, kRfNameg, kRfCnameg),
                           .environment = inherit(flags, kRfEnvg, kRfCenvg),
                           .new_note_group = (flags & kRfNoteg) != 0}));
        if ((flags & kRfNomnt) != 0) caller.my_name_space().forbid_devices();
        return {};
    });
}

u32 getpid() { return proc::current().id().pid; }

Result<void> sleep(Nanos time) {
    return call("Sleep", [&](Caller&) -> Result<void> {
        if (time > Nanos{}) return sched::sleep_for(time);
        sched::yield();
        return {};
    });
}

}  // namespace kernel::syscall
