// The words for process states, and the table of changes.
#include "proc/proc_state.h"

namespace kernel::proc {
namespace {

u32 bit(ProcState state) { return u32{1} << static_cast<u32>(state); }

constexpr std::array<std::string_view, kProcStates> kNames = {"Free",    "New",    "Live",
                                                              "Exiting", "Broken", "Gone"};

u32 next_states(ProcState from) {
    switch (from) {
        case ProcState::kFree:
            return bit(ProcState::kNew);
        case ProcState::kNew:
            return bit(ProcState::kLive) | bit(ProcState::kFree);
        case ProcState::kLive:
            return bit(ProcState::kExiting);
        case ProcState::kExiting:
            return bit(ProcState::kBroken) | bit(ProcState::kGone);
        case ProcState::kBroken:
            return bit(ProcState::kGone);
        case ProcState::kGone:
            return bit(ProcState::kFree);
    }
    return 0;
}

}  // namespace

std::string_view proc_state_name(ProcState state) { return kNames[static_cast<usize>(state)]; }

bool proc_may_change(ProcState from, ProcState to) { return (next_states(from) & bit(to)) != 0; }

}  // namespace kernel::proc
