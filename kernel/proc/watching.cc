// Hits of watched ranges: by instructions, which the kernel performs then, and by calls.
#include "proc/watching.h"

#include "base/lowest_bit.h"
#include "machine/user_access.h"
#include "mm/heap.h"
#include "proc/notes.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

using machine::UserAttempt;
using mm::WatchSet;

Ref<WatchSet> my_watches(Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    return self.watches();
}

/// Ends the program, unless it handles the note or stops at it for its debugger.
void post_hits(Proc& self, WatchSet::Hits hits) {
    std::array<char, kNoteMax> text;
    BufferSink sink(text);
    sink.write("sys: watchpoint ");
    for (bool first = true; hits != 0; hits &= hits - 1, first = false) {
        constexpr usize kRoomForOne = 4;
        if (sink.written() + kRoomForOne > kNoteMax) break;
        format_to(sink, "{}{}", first ? "" : ",", lowest_bit(hits));
    }
    (void)post_note(self.ref(), NoteKind::kDebug, sink.text());  // ignored: it ends, whatever by
}

/// The program's memory, for its own instruction.
class OwnMemory final : public machine::AccessedMemory {
public:
    explicit OwnMemory(mm::AddressSpace& space) : space_(space) {}

    /// What is fetched behind the instruction that faulted may be executed, too.
    Result<u32> fetch(VirtAddr pc) override {
        constexpr u32 kWhole = 3;  // in the lowest bits: not compressed
        const u32 low = TRY(half_at(pc));
        if ((low & kWhole) != kWhole) return low;
        return low | TRY(half_at(pc + sizeof(u16)))
        << 16;
    }
    bool allows(VirtAddr at, usize size, UserAttempt attempt) override {
        return space_.allows(at, size, attempt);
    }
    Result<u64> load(VirtAddr at, usize size) override { return space_.load(at, size); }
    Result<void> store(VirtAddr at, usize size, u64 value) override {
        return space_.store(at, size, value);
    }
    Result<u64> exchange(VirtAddr at, usize size, u64 expected, u64 desired) override {
        return space_.exchange(at, size, expected, desired);
    }

private:
    Result<u32> half_at(VirtAddr at) {
        u16 bits = 0;
        if (!space_.allows(at, sizeof bits, UserAttempt::kExecute)) return Error::kBadArg;
        const usize size = TRY(space_.peek(std::as_writable_bytes(std::span(&bits, 1)), at));
        return size == sizeof bits ? Result<u32>(bits) : Error::kBadArg;
    }

    mm::AddressSpace& space_;
};

/// What is watched of the process now, and what is to be watched, as one list on the heap.
struct Lists {
    std::array<mm::Watch, WatchSet::kWatchesMax> all{};
    usize count = 0;

    Result<void> add(std::span<const mm::Watch> watches) {
        if (watches.size() > all.size() - count) return Error::kTooManyWatches;
        std::copy(watches.begin(), watches.end(), all.begin() + count);
        count += watches.size();
        return {};
    }
};

}  // namespace

Result<Ref<WatchSet>> watches_of(ProcRef target) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    return hold->watches();
}

Result<void> set_watches(ProcRef target, std::span<const mm::Watch> watches,
                         ChangeOfWatches change) {
    mm::Box<Lists> lists = TRY(mm::Box<Lists>::create());
    Ref<WatchSet> set;  // what is dropped goes without the lock
    Proc* const proc = target.pid == 0 ? nullptr : table().slot(target.slot);
    if (proc == nullptr) return Error::kProcessExited;
    if (!proc->debug_lock().lock_interruptible()) return Error::kInterrupted;
    const sched::QLockGuard debug(proc->debug_lock(), sched::kAdoptLock);
    Ref<mm::AddressSpace> space;
    {
        const ProcHold hold = table().hold(target);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        if (hold->attributes().private_memory) return Error::kPermission;
        space = hold->space();
        if (!space) return watches.empty() ? Result<void>() : Error::kBadArg;
        set = hold->watches();
    }
    if (change == ChangeOfWatches::kAppend && set) TRY(lists->add(set->watches()));
    TRY(lists->add(watches));
    set.reset();
    if (lists->count != 0) {
        set = TRY(WatchSet::create(space, std::span(lists->all).first(lists->count)));
    }
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (hold->attributes().private_memory) return Error::kPermission;
    if (hold->my_space() != space.get()) return Error::kInUse;
    hold->swap_watches(set);
    if (&*hold == current_or_null()) hold->touched() = 0;  // those of the list before
    return {};
}

Result<void> access_watched(Proc& self, machine::UserRegisters& registers) {
    mm::AddressSpace& space = *self.my_space();
    OwnMemory memory(space);
    const machine::PerformedAccesses performed =
        TRY(machine::perform_access(registers, self.floats(), memory));
    const Ref<WatchSet> set = my_watches(self);
    if (!set) return {};
    WatchSet::Hits hits = 0;
    for (const machine::MemoryAccess& access : std::span(performed.all).first(performed.count)) {
        hits |= set->hits(access.at, access.size, access.loads, access.stores);
    }
    if (hits != 0) post_hits(self, hits);
    return {};
}

void touched_by_call_slowly(VirtAddr at, u64 size, bool loads, bool stores) {
    Proc& self = current();
    const Ref<WatchSet> set = my_watches(self);
    if (set) self.touched() |= set->hits(at, size, loads, stores);
}

void tell_touched(Proc& self) {
    const WatchSet::Hits hits = std::exchange(self.touched(), 0);
    if (hits != 0) post_hits(self, hits);
}

}  // namespace kernel::proc
