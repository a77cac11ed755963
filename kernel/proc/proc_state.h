// ProcState: where a process is in its life, and which changes are possible.
#pragma once

#include "base/std.h"

namespace kernel::proc {

/// What a table slot holds. What its task does meanwhile is sched::TaskState.
enum class ProcState : u8 {
    kFree,     // nobody: on the free list
    kNew,      // being made: only its maker knows it
    kLive,     // visible, takes notes
    kExiting,  // ends: visible, takes no notes, gives its resources back
    kBroken,   // ended by a note that a debugger may want to look into: visible, keeps its slot
    kGone,     // has no number any more; its task still has to leave its stack
};
inline constexpr usize kProcStates = 6;

std::string_view proc_state_name(ProcState state);

/// Whether a process may go from `from` to `to`. Who does it:
///   Free -> New        the maker               New -> Live      the maker, all done
///   New -> Free        the maker, giving up    Live -> Exiting  itself
///   Exiting -> Broken  itself                  Exiting -> Gone  itself
///   Broken -> Gone     itself, released        Gone -> Free     the hart it ran on, or whoever
///                                              was the last to sleep on its slot
bool proc_may_change(ProcState from, ProcState to);

}  // namespace kernel::proc
