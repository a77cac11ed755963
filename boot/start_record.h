// StartRecord: what a hart that firmware starts needs to come up in the kernel; shared with
// entry.S.
#pragma once

// Offsets for assembly; checked against the type below.
#define START_RECORD_SATP 0
#define START_RECORD_STACK 8
#define START_RECORD_THREAD 16
#define START_RECORD_ENTRY 24

#if !defined(__ASSEMBLER__)

#include "boot/vocabulary.h"

namespace boot {

/// Filled by the boot hart before it asks firmware to start the other; its physical address is the
/// opaque argument of that request.
struct StartRecord {
    u64 satp = 0;            // the kernel's page tables
    u64 stack_top = 0;       // virtual
    u64 thread_pointer = 0;  // virtual
    u64 entry = 0;           // virtual: void (*)()
};
static_assert(offsetof(StartRecord, satp) == START_RECORD_SATP);
static_assert(offsetof(StartRecord, stack_top) == START_RECORD_STACK);
static_assert(offsetof(StartRecord, thread_pointer) == START_RECORD_THREAD);
static_assert(offsetof(StartRecord, entry) == START_RECORD_ENTRY);

}  // namespace boot

#endif
