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

Result<void> check_groups(u32 flags) {
    if (has_both(flags, kRfFdg, kRfCfdg) || has_both(flags, kRfNameg, kRfCnameg) ||
        has_both(flags, kRfEnvg, kRfCenvg)) {
        return Error::kBadArg;
    }
    return {};
}

/// The rules of the flags that are ours.
Result<void> check_own_flags(u32 flags) {
    const auto has = [flags](u32 flag) { return (flags & flag) != 0; };
    if (!has(kRfProc) && has(kRfPpwait | kRfThread | kRfStop)) return Error::kBadForkFlags;
    if (!has(kRfMem) && has(kRfPpwait | kRfThread)) return Error::kBadForkFlags;
    if (has(kRfPpwait) && has(kRfStop)) return Error::kBadForkFlags;
    return {};
}

proc::Memory memory_of(u32 flags) {
    if ((flags & kRfThread) != 0) return proc::Memory::kShareAll;
    return (flags & kRfMem) != 0 ? proc::Memory::kShareData : proc::Memory::kCopy;
}

proc::Begin begin_of(u32 flags) {
    if ((flags & kRfPpwait) != 0) return proc::Begin::kBeforeMaker;
    return (flags & kRfStop) != 0 ? proc::Begin::kStopped : proc::Begin::kAtOnce;
}

}  // namespace

void exits(std::string_view status) { proc::exits(status); }

Result<proc::WaitRecord> wait() {
    return call("Await", [](Caller&) { return proc::wait(); });
}

Result<void> rfork(u32 flags) {
    return call("Rfork", [&](Caller& caller) -> Result<void> {
        TRY(check_groups(flags));
        TRY(check_own_flags(flags));
        if ((flags & (kRfProc | kRfMem | kRfNowait)) != 0) return Error::kBadArg;
        TRY(proc::regroup({.fds = inherit(flags, kRfFdg, kRfCfdg),
                           .names = inherit(flags, kRfNameg, kRfCnameg),
                           .environment = inherit(flags, kRfEnvg, kRfCenvg),
                           .new_note_group = (flags & kRfNoteg) != 0,
                           .new_rendezvous = (flags & kRfRend) != 0}));
        if ((flags & kRfNomnt) != 0) caller.my_name_space().forbid_devices();
        return {};
    });
}

Result<u64> rfork_program(u32 flags) {
    if ((flags & kRfProc) == 0) {
        TRY(rfork(flags));
        return 0;
    }
    return call("Rfork", [&](Caller&) -> Result<u64> {
        TRY(check_groups(flags));
        TRY(check_own_flags(flags));
        using proc::Inherit;
        FixedString<proc::kNameMax> text;
        {
            proc::Proc& self = proc::current();
            const sync::IrqSaveGuard guard(self.lock());
            text = self.attributes().text;
        }
        proc::SpawnOptions options;
        options.name = text.view();
        options.memory = memory_of(flags);
        options.fds = inherit(flags, kRfFdg, kRfCfdg).value_or(Inherit::kShare);
        options.names = inherit(flags, kRfNameg, kRfCnameg).value_or(Inherit::kShare);
        options.environment = inherit(flags, kRfEnvg, kRfCenvg).value_or(Inherit::kShare);
        options.forbid_devices = (flags & kRfNomnt) != 0;
        if ((flags & kRfRend) != 0) options.rendezvous = Inherit::kEmpty;
        if ((flags & kRfNoteg) != 0) options.group = proc::GroupOf::kSelf;
        if ((flags & kRfNowait) != 0) options.waited = proc::Waited::kNo;
        options.begin = begin_of(flags);
        const proc::ProcId child = TRY(proc::spawn(options));
        return child.pid;
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
