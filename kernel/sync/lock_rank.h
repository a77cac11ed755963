// LockRank: the one list of lock order. A lock may be taken only while all held ones rank lower.
#pragma once

#include "base/std.h"

namespace kernel::sync {

/// From the outermost lock to the innermost. Taking a lock whose rank is not above every held one
/// of its kind is a bug that debug builds stop at. Sleeping locks (QLock, RWLock) are checked
/// against the sleeping locks of the task, spin locks against the spin locks of the hart; a
/// sleeping lock is never taken under a spin lock, so the sleeping ones come first.
enum class LockRank : u8 {
    // Sleeping locks.
    kChan,          // chan: who reads one channel's directory or rendered text; rendering takes
                    // whatever the rendered objects need
    kProcDebug,     // proc: one process against its debuggers (`/proc` requests)
    kAdmission,     // sched: who has shares of harts in real time
    kNamespace,     // chan: the mount table of a name space
    kEnvironment,   // dev: an environment group
    kService,       // dev: the table behind #s
    kDevice,        // dev: a device's own sleeping lock
    kQueueReaders,  // chan: one reader at a time of a block queue
    kQueueWriters,  // chan: one writer at a time of a block queue
    kAddressSpace,  // mm: the segments of an address space
    kSharedPages,   // mm: the pages of a shared segment

    // Spin locks.
    kReclaim,     // mm: who is asked for memory when there is none; held while they are asked
    kProcTree,    // proc: parents, children, exit records
    kNoteGroup,   // proc: members of a note group
    kNoteGroups,  // proc: the index of note groups
    kRendezGroup,  // proc: who waits in a rendezvous, or for a semaphore
    kProc,        // proc: the short fields of one process
    kProcTable,   // proc: slots, free and Broken ones
    kChanTable,   // chan: lists of all channels, device tables
    kCaller,      // chan: what a Caller shows to other tasks
    kFdGroup,     // chan: the slots of a file descriptor group
    kBlockQueue,  // chan: the bytes of a block queue
    kTrace,       // proc: the records of a trace
    kDeviceSpin,  // dev: a device's state that its interrupt shares
    kPid,         // pid: whatever the hash needs beyond its cells
    kSlabList,    // mm: the list of object caches
    kSlab,        // mm: one object cache
    kKernelArea,  // mm: the kernel's own virtual addresses
    kPageCache,   // mm: one hart's free pages
    kPages,       // mm: the buddy allocator
    kMachine,     // the machine's implementation: page tables of the kernel, interrupt controller
    kSleepLock,   // sched: inside a QLock or RWLock
    kCompletion,  // sched: inside a Completion
    kRendez,      // sched: inside a Rendez
    kRealTime,    // sched: where a task is in its period
    kTimers,      // sched: one hart's timer queue
    kRunQueue,    // sched: one hart's run queue; never two at once
    kTask,        // sched: the short fields of one task
    kEvents,      // sched: the event ring of one hart
    kConsole,     // dev: console output
    kKmesg,       // base's log sink: the kernel message ring

    kCount,
};

}  // namespace kernel::sync
