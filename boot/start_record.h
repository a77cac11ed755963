// StartRecord: what a hart that firmware starts needs to come up in the kernel; shared with
// entry.S.
#pragma once

// Offsets for assembly; checked against the type below.
#define START_RECORD_SATP 0
#define START_RECORD_STACK 8
#define START_RECORD_THREAD 16
#define START_RECORD_ENTRY 24
#define START_ENTRY_RECORD 0
#define START_ENTRY_HART 8
#define START_ENTRY_SIZE 16
#define BOOT_START_ENTRIES 64

#if !defined(__ASSEMBLER__)

#include "base/atomic.h"
#include "boot/vocabulary.h"
#include "machine/hart.h"

namespace boot {

using kernel::Atomic;

/// Filled by the boot hart before the other can find it in the table.
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

/// Where a hart finds its record, by its id.
struct StartEntry {
    Atomic<u64> record{0};  // atomic: [boot.start]; physical address; 0: none
    u64 hardware_id = 0;    // written before `record`, read after it
};
static_assert(offsetof(StartEntry, record) == START_ENTRY_RECORD);
static_assert(offsetof(StartEntry, hardware_id) == START_ENTRY_HART);
static_assert(sizeof(StartEntry) == START_ENTRY_SIZE);
static_assert(BOOT_START_ENTRIES == kernel::machine::kMaxHarts);

// In entry.S.
extern "C" {
extern StartEntry boot_start_table[BOOT_START_ENTRIES];
extern Atomic<u32> boot_start_closed;  // atomic: [boot.start]; nonzero: no more entries will come
}

}  // namespace boot

#endif
