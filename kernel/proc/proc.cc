// Proc: identity and state.
#include "proc/proc.h"

namespace kernel::proc {

ProcId Proc::id() const {
    // [proc.id] acquire: what was set before the number is seen; pairs with release in
    // Lifecycle::name() and unname().
    const u32 pid = pid_.load(std::memory_order_acquire);
    return {pid, serial_.load(std::memory_order_acquire)};
}

ProcRef Proc::ref() const {
    const ProcId now = id();
    return {slot_, now.pid, static_cast<u32>(now.serial)};
}

ProcState Proc::state() const {
    // relaxed: a snapshot; under the lock that guards changes it is exact.
    return static_cast<ProcState>(state_.load(std::memory_order_relaxed));
}

void Proc::set_state(ProcState to) {
    ASSERT(proc_may_change(state(), to));
    // relaxed: as in state().
    state_.store(static_cast<u32>(to), std::memory_order_relaxed);
}

void Proc::release_maker() {
    if (const Ref<MakerWait> wait = std::move(maker_wait_)) wait->release();
}

bool Proc::is_visible() const {
    switch (state()) {
        case ProcState::kLive:
        case ProcState::kExiting:
        case ProcState::kBroken:
            return id().pid != 0;
        case ProcState::kFree:
        case ProcState::kNew:
        case ProcState::kGone:
            return false;
    }
    return false;
}

}  // namespace kernel::proc
