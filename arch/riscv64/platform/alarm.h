// Who rings a hart's alarm.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

enum class AlarmBy : u8 {
    kFirmware,    // SBI TIME
    kComparator,  // the hart's own register, Sstc
};

/// What the running hart's alarm goes by: its own comparator if the description lists one and
/// `has_comparator()`, which touches the register, finds it; else firmware. Panics if firmware has
/// no timer either: nothing would ever be preempted or woken. Context: the hart's start.
AlarmBy choose_alarm(bool lists_comparator, bool (*has_comparator)());

}  // namespace arch::riscv64
