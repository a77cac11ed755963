// Profiles: their counters, and whose they are.
#include "proc/profile.h"

#include "machine/clock.h"
#include "mm/address_space.h"
#include "proc/proc_table.h"

namespace kernel::proc {

Profile::Profile(mm::Buffer memory, VirtAddr text) : text_(text), memory_(std::move(memory)) {
    auto* const first = reinterpret_cast<Atomic<u32>*>(memory_.data());
    for (usize i = 0; i < memory_.size() / sizeof(u32); ++i) ::new (static_cast<void*>(first + i)) Atomic<u32>;
    counts_ = {first, memory_.size() / sizeof(u32)};
    clear();
}

Result<Ref<Profile>> Profile::create(VirtAddr text, u64 size) {
    mm::Buffer memory = TRY(mm::Buffer::create(std::max<u64>(size / kGrain, 1) * sizeof(u32)));
    return Ref<Profile>::adopt(*TRY(mm::Box<Profile>::create(std::move(memory), text)).leak());
}

void Profile::destroy(Profile& profile) { mm::Box<Profile>::adopt(profile).reset(); }

void Profile::clear() {
    // relaxed (both): as in at().
    for (Atomic<u32>& count : counts_) count.store(0, std::memory_order_relaxed);
    began_.store(machine::now().value, std::memory_order_relaxed);
}

void Profile::add(VirtAddr pc, u32 millis) {
    // relaxed (both): as in at().
    counts_[0].fetch_add(millis, std::memory_order_relaxed);
    const u64 index = (pc.value - text_.value) / kGrain;
    if (pc >= text_ && index != 0 && index < counts_.size()) {
        counts_[index].fetch_add(millis, std::memory_order_relaxed);
    }
}

void Proc::add_to_profile(Profile& profile, Nanos now, Nanos used) {
    // What was before the profile began is not in it.
    const u64 since = now.value - std::min(now.value, profile.began().value);
    const u64 due = profile_rest_.value + std::min(used.value, since);
    const u64 millis = due / nanos_from_millis(1).value;
    profile_rest_ = Nanos{due % nanos_from_millis(1).value};
    if (millis != 0) profile.add({registers().pc}, static_cast<u32>(millis));
}

namespace {

/// A profile for the text of a program. Errors: kGeneric without one; kNoMemory.
Result<Ref<Profile>> profile_for(const mm::AddressSpace& space) {
    // On the heap: they are large for a kernel's stack.
    using Segments = std::array<mm::Segment, mm::AddressSpace::kSegmentsMax>;
    const mm::Box<Segments> segments = TRY(mm::Box<Segments>::create());
    for (const mm::Segment& segment : std::span(*segments).first(space.segments(*segments))) {
        if (segment.kind != mm::SegmentKind::kText) continue;
        // Not what a file says only; so a profile takes no more than half of what its program's file does.
        const u64 size = segment.data_start - segment.start + segment.data_size;
        if (size > Profile::kTextMax) return Error::kNoMemory;
        return Profile::create(segment.start, size);
    }
    return Error::kGeneric;
}

}  // namespace

Result<void> start_profile(ProcRef target) {
    for (;;) {  // until it does not execute another program meanwhile
        Ref<mm::AddressSpace> space;
        Ref<Profile> profile;
        {
            const ProcHold hold = table().hold(target);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            space = hold->space();
            profile = hold->profile();
        }
        if (!space) return Error::kGeneric;
        if (profile) {
            profile->clear();
            return {};
        }
        profile = TRY(profile_for(*space));
        const ProcHold hold = table().hold(target);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        if (hold->profile() || hold->space().get() != space.get()) continue;
        hold->swap_profile(profile);
        // It may run, and then nothing has told its hart to look.
        hold->task().interrupt_hart();
        return {};
    }
}

Result<Ref<Profile>> profile_of(ProcRef target) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (hold->attributes().private_memory) return Error::kPermission;
    if (!hold->profile()) return Error::kProfileOff;
    return hold->profile();
}

}  // namespace kernel::proc
