// Making processes, and changing what one shares.
#include "proc/spawn.h"

#include "chan/owner.h"
#include "mm/room.h"
#include "proc/birth.h"
#include "proc/broken.h"
#include "proc/membership.h"
#include "proc/proc_table.h"
#include "proc/self.h"
#include "proc/semaphore.h"
#include "proc/slots.h"
#include "proc/user_mode.h"

namespace kernel::proc {
namespace {

template <class Group>
Result<Ref<Group>> inherit(Group& from, Inherit how) {
    switch (how) {
        case Inherit::kShare:
            return Ref<Group>::share(from);
        case Inherit::kCopy:
            return from.copy();
        case Inherit::kEmpty:
            return Group::create();
    }
    return Error::kBadArg;
}

template <>
Result<Ref<chan::Namespace>> inherit(chan::Namespace& from, Inherit how) {
    switch (how) {
        case Inherit::kShare:
            return Ref<chan::Namespace>::share(from);
        case Inherit::kCopy:
            return from.copy();
        case Inherit::kEmpty:
            return from.empty_copy();
    }
    return Error::kBadArg;
}

/// The attributes that a child has from its maker.
void inherit_settings(Proc& maker, Proc& child) {
    Attributes from;
    {
        const sync::IrqSaveGuard guard(maker.lock());
        from = maker.attributes();
    }
    const sync::IrqSaveGuard guard(child.lock());
    Attributes& to = child.attributes();
    to.mode = from.mode;
    to.private_memory = from.private_memory;
    to.no_swap = from.no_swap;
    to.hang = from.hang;
}

/// Gives `child` the program of `maker`, at the call it makes.
[[gnu::noinline]] Result<void> inherit_program(Proc& maker, Proc& child, Memory how) {
    if (how == Memory::kNone) return {};
    Ref<mm::AddressSpace> space = Ref<mm::AddressSpace>::share(*maker.my_space());
    if (how == Memory::kCopy || how == Memory::kShareData) {
        using Data = mm::AddressSpace::Data;
        Result<Ref<mm::AddressSpace>> forked =
            space->fork(how == Memory::kCopy ? Data::kCopied : Data::kShared);
        // More than the maker has it: one of its threads may wait at what lies elsewhere now.
        if (space->ref_count() > 2) semaphores_moved(*space);
        space = TRY(std::move(forked));
    }
    UserMode::start(child, std::move(space), maker.program_file());
    child.registers() = maker.registers();
    child.registers().a(0) = 0;
    if (const machine::FloatRegisters& floats = maker.floats(); floats.used != 0) {
        child.floats() = floats;
    }
    VirtAddr handler;
    bool stop_at_call = false;
    bool stop_at_note = false;
    Ref<Profile> profile;
    {
        const sync::IrqSaveGuard guard(maker.lock());
        profile = maker.profile();
        handler = maker.signals().user_handler;
        stop_at_call = maker.signals().stop_at_call;
        stop_at_note = maker.signals().stop_at_note;
    }
    const sync::IrqSaveGuard guard(child.lock());
    child.signals().user_handler = handler;
    child.signals().stop_at_call = stop_at_call;
    // A thread of what is debugged stops at breakpoints, too. A fork of it is nobody's to debug.
    child.signals().stop_at_note = stop_at_note && how != Memory::kCopy;
    child.swap_profile(profile);
    child.watch_calls();
    return {};
}

u64 arrivals(Proc& proc) {
    const sync::IrqSaveGuard guard(proc.lock());
    return proc.signals().arrivals;
}

/// A reference to the number of `maker`.
pid::PidRef number_of(Proc& maker) { return table().pids().acquire(maker.id().pid); }

/// Makes a child whose user is still `from` have the user `to`.
void follow_user(ProcId child, const chan::UserName& from, const chan::UserName& to) {
    ProcRef found;
    {
        const ProcHold hold = table().hold(child.pid);
        if (!hold || hold->id() != child) return;
        found = hold->ref();
    }
    (void)rename_user(found, from, to);  // ignored: it may have changed it itself
}

Result<ProcId> spawn_once(const SpawnOptions& options) {
    Proc& maker = current();
    chan::Caller& from = maker.caller();
    const u64 arrived = arrivals(maker);
    const std::string_view name = options.name;

    Birth birth;
    TRY(birth.take({.name = name,
                    .args = options.args,
                    .body = options.body,
                    .argument = options.argument,
                    .priority = maker.task().base_priority(),
                    .fixed_priority = maker.task().fixed_priority(),
                    .harts = sched::harts_for_others(maker.task())},
                   options.waited));
    inherit_settings(maker, birth.proc());
    chan::CallerStart start{};
    const u64 changes = from.user_changes();
    const chan::UserName user = from.user();
    start.user = user;
    start.name_space = TRY(inherit(from.my_name_space(), options.names));
    if (options.forbid_devices) {
        if (options.names == Inherit::kShare) {
            birth.forbid_devices(start.name_space);
        } else {
            start.name_space->forbid_devices();
        }
    }
    start.fds = TRY(inherit(from.my_fds(), options.fds));
    start.environment = TRY(inherit(from.my_environment(), options.environment));
    start.dot = from.my_dot();
    TRY(birth.name(Slots::new_number(), number_of(maker)));
    if (options.group == GroupOf::kSelf) TRY(birth.lead_group());
    Ref<RendezvousGroup> meetings = maker.rendezvous();
    if (options.rendezvous != Inherit::kShare) meetings = TRY(RendezvousGroup::create());
    birth.proc().set_rendezvous(std::move(meetings));
    Ref<MakerWait> wait;
    if (options.begin == Begin::kBeforeMaker) {
        wait = TRY(MakerWait::create());
        birth.proc().set_maker_wait(wait);
    }
    inherit_trace(maker, birth.proc());
    // The last that may need memory: data that were made common for the child stay so.
    TRY(inherit_program(maker, birth.proc(), options.memory));
    if (options.begin == Begin::kStopped) {
        const sync::IrqSaveGuard guard(birth.proc().lock());
        birth.proc().signals().control = Control::kStop;
        birth.proc().signals().unstarted = true;
    }
    birth.start_caller(std::move(start));
    Result<ProcId> child = birth.commit(&maker, arrived);
    // Others may have changed its maker's user since, when they could not find it yet.
    if (child.ok() && from.user_changes() != changes) follow_user(child.value(), user, from.user());
    if (child.ok() && wait) wait->wait_as(maker);
    return child;
}

}  // namespace

Result<ProcId> spawn(const SpawnOptions& options) {
    ASSERT((options.body == nullptr) == (options.memory != Memory::kNone));
    ASSERT(!current().is_kproc());  // those have no groups to share
    Result<ProcId> made = mm::with_room("a fork", [&options] { return spawn_once(options); });
    // Broken processes are kept while there is room; these leave soon, for whoever tries again.
    if (!made.ok() && made.error() == Error::kNoProcs) release_all_broken();
    return made;
}

Result<ProcId> spawn_first(FirstProcess first) {
    Birth birth;
    TRY(birth.take(
        {.name = first.name, .args = first.args, .body = first.body, .argument = first.argument},
        Waited::kNo));
    TRY(birth.name(Slots::first_number(), {}));
    TRY(birth.lead_group());
    const chan::UserName owner = chan::host_owner();
    birth.proc().set_rendezvous(TRY(RendezvousGroup::create()));
    birth.start_caller({.user = owner,
                        .name_space = std::move(first.names),
                        .fds = std::move(first.fds),
                        .environment = std::move(first.environment),
                        .dot = std::move(first.dot)});
    return birth.commit(nullptr, 0);
}

Result<ProcId> kproc(std::string_view name, void (*function)(void*), void* argument) {
    ASSERT(function != nullptr);
    Proc& maker = current();
    Birth birth;
    TRY(birth.take({.name = name,
                    .args = {},
                    .body = function,
                    .argument = argument,
                    .priority = sched::kKernelPriority,
                    .kernel_process = true},
                   Waited::kNo));
    {
        const sync::IrqSaveGuard guard(birth.proc().lock());
        birth.proc().attributes().private_memory = true;
        birth.proc().attributes().no_swap = true;
    }
    TRY(birth.name(Slots::new_number(), number_of(maker)));
    const chan::UserName owner = chan::host_owner();
    Ref<chan::Namespace> names = maker.caller().name_space();
    Ref<chan::Chan> root = names ? names->root() : Ref<chan::Chan>();
    birth.start_caller({.user = owner,
                        .name_space = std::move(names),
                        .fds = {},
                        .environment = {},
                        .dot = std::move(root)});
    return birth.commit(&maker, 0);
}

Result<void> regroup(const Regroup& change) {
    Proc& self = current();
    chan::Caller& caller = self.caller();
    // First everything that may fail, then everything at once.
    Ref<chan::FdGroup> fds;
    Ref<chan::Namespace> names;
    Ref<chan::EnvGroup> environment;
    Ref<NoteGroup> group;
    Ref<RendezvousGroup> meetings;
    if (change.new_rendezvous) meetings = TRY(RendezvousGroup::create());
    if (change.fds) fds = TRY(inherit(caller.my_fds(), *change.fds));
    if (change.names) names = TRY(inherit(caller.my_name_space(), *change.names));
    if (change.environment)
        environment = TRY(inherit(caller.my_environment(), *change.environment));
    if (change.new_note_group) group = TRY(NoteGroup::create(TRY(Slots::new_number())));
    if (group) {
        const sched::QLockGuard debug(self.debug_lock());
        // Alone already is as good as a new group, and keeps its number.
        if (!Membership::is_alone(self)) TRY(Membership::move(self, std::move(group)));
    }
    if (meetings) self.set_rendezvous(std::move(meetings));
    if (fds) caller.set_fds(std::move(fds));
    if (names) caller.set_name_space(std::move(names));
    if (environment) caller.set_environment(std::move(environment));
    return {};
}

}  // namespace kernel::proc
