// Slots of the table: their store, and the identity of what is in them.
#include "proc/slots.h"

#include "machine/clock.h"
#include "mm/object_cache.h"
#include "proc/delivery.h"
#include "proc/proc_table.h"
#include "proc/slot_pin.h"

namespace kernel::proc {
namespace {

constinit mm::StableCache<Proc> store("proc");

}  // namespace

Result<Proc*> Slots::take() {
    ProcTable& all = table();
    {
        const sync::IrqSaveGuard guard(all.lock_);
        if (all.counts_.live >= all.counts_.limit) return Error::kNoProcs;
        // Counted first, so that makers at the same time do not exceed the limit together.
        ++all.counts_.live;
        all.counts_.peak = std::max(all.counts_.peak, all.counts_.live);
    }
    Result<Proc*> taken = store.take();
    Result<void> known;
    if (taken.ok() && taken.value()->slot_ == Proc::kNoSlot) {
        known = add(*taken.value());
        if (!known.ok()) store.put_back(*taken.value());
    }
    if (!taken.ok() || !known.ok()) {
        const sync::IrqSaveGuard guard(all.lock_);
        --all.counts_.live;
        return taken.ok() ? known.error() : taken.error();
    }
    Proc& proc = *taken.value();
    const sync::IrqSaveGuard guard(proc.lock_);
    proc.set_state(ProcState::kNew);
    proc.left_ = false;
    // In place: they are large.
    std::construct_at(&proc.attributes_);
    std::construct_at(&proc.signals_);
    proc.watch_calls();
    proc.watched_call_ = {};
    proc.repetition_ = {};
    proc.error_text_.clear();
    return &proc;
}

/// Gives `proc` a place in the directory. Errors: kNoProcs.
Result<void> Slots::add(Proc& proc) {
    ProcTable& all = table();
    const sync::IrqSaveGuard guard(all.lock_);
    if (all.counts_.slots == all.directory_.size()) return Error::kNoProcs;
    const u32 index = static_cast<u32>(all.counts_.slots++);
    proc.slot_ = index;
    all.directory_[index] = &proc;
    // [proc.slots] release: the directory entry before the count; pairs with acquire in
    // ProcTable::slot().
    all.slots_.store(index + 1, std::memory_order_release);
    return {};
}

void Slots::put_back(Proc& proc) {
    {
        const sync::IrqSaveGuard guard(proc.lock_);
        if (proc.pins_ != 0) {
            proc.left_ = true;
            return;
        }
        proc.set_state(ProcState::kFree);
        // [proc.id] release: pairs with acquire in Proc::id(). For one that was never published.
        proc.pid_.store(0, std::memory_order_release);
        proc.serial_.store(0, std::memory_order_release);
    }
    free(proc);
}

void Slots::free(Proc& proc) {
    store.put_back(proc);
    ProcTable& all = table();
    const sync::IrqSaveGuard guard(all.lock_);
    --all.counts_.live;
}

Result<pid::PidRef> Slots::new_number() {
    pid::PidTable& pids = table().pids();
    const Nanos deadline = machine::now() + pids.reuse_delay();
    for (;;) {  // ends at the deadline
        {
            const machine::InterruptsOff off;
            Result<pid::PidRef> number = pids.allocate(machine::hart_index(), machine::now());
            if (number.ok() || number.error() != Error::kPidTooSoon) return number;
        }
        const Nanos now = machine::now();
        if (now >= deadline) return Error::kNoProcs;
        const Nanos until = std::min(pids.opens_at(), deadline);
        if (until > now) TRY(sched::sleep_for(until - now));
    }
}

Result<pid::PidRef> Slots::first_number() { return table().pids().allocate_first(); }

void Slots::name(Proc& proc, pid::PidRef number) {
    // relaxed: only that no two are the same.
    const u64 serial = table().last_serial_.fetch_add(1, std::memory_order_relaxed) + 1;
    proc.number_ = std::move(number);
    const sync::IrqSaveGuard guard(proc.lock_);
    // [proc.id] release: pairs with acquire in Proc::id().
    proc.serial_.store(serial, std::memory_order_release);
    proc.pid_.store(proc.number_.number(), std::memory_order_release);
}

void Slots::publish(Proc& proc) {
    ProcTable& all = table();
    all.pids_.bind(proc.number_, SlotHint{proc.slot_});
    const sync::IrqSaveGuard guard(all.lock_);
    ++all.counts_.created;
}

void Slots::unpublish(Proc& proc) {
    proc.debug_lock().assert_held();
    const sync::IrqSaveGuard guard(proc.lock_);
    table().pids_.exit(std::move(proc.number_), SlotHint{proc.slot_});
    proc.set_state(ProcState::kGone);
    // [proc.id] release: pairs with acquire in Proc::id().
    proc.pid_.store(0, std::memory_order_release);
    proc.serial_.store(0, std::memory_order_release);
    proc.signals_.notes.clear();
    detach_debugger_locked(proc, StopOutcome::kExited);
}

SlotPin::SlotPin(ProcRef ref) {
    const ProcHold hold = table().hold(ref);
    if (!hold) return;
    hold->assert_held();
    ++hold->pins_;
    proc_ = &*hold;
}

SlotPin::~SlotPin() {
    if (proc_ == nullptr) return;
    {
        const sync::IrqSaveGuard guard(proc_->lock_);
        if (--proc_->pins_ != 0 || !proc_->left_) return;
        proc_->left_ = false;
        proc_->set_state(ProcState::kFree);
    }
    Slots::free(*proc_);
}

}  // namespace kernel::proc
