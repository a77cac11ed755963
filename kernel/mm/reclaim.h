// Reclaimers: who is asked to give memory back before an allocation fails.
#pragma once

#include "base/std.h"

namespace kernel::mm {

/// Somebody above mm who keeps memory that can be done without. Static storage; registered at boot.
struct Reclaimer {
    const char* name;
    /// Frees what it can, about `pages` pages' worth if there is as much; returns whether it freed
    /// anything. Runs in whatever context allocates, interrupts off, under the reclaim lock: may
    /// take spin locks, must not sleep; what it allocates itself is not reclaimed for.
    bool (*reclaim)(usize pages);
    Reclaimer* next = nullptr;  // guarded by the reclaim lock
};

/// Adds `reclaimer` to those asked; they are asked in order of registration, after mm's own stores.
/// Context: boot.
void add_reclaimer(Reclaimer& reclaimer);
/// Takes it off again. Context: any without spin locks.
void remove_reclaimer(Reclaimer& reclaimer);

/// Asks mm's own stores and then the reclaimers until one freed something; whether one did. Does
/// nothing when a spin lock is held, because reclaimers take locks of any rank.
/// Context: any. Locks: reclaim, and those of the reclaimers.
bool reclaim_memory(usize pages);

}  // namespace kernel::mm
