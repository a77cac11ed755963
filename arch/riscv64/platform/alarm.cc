// The choice between comparator and firmware.
#include "arch/riscv64/platform/alarm.h"

#include "arch/riscv64/platform/sbi.h"
#include "base/assert.h"

namespace arch::riscv64 {

AlarmBy choose_alarm(bool lists_comparator, bool (*has_comparator)()) {
    if (lists_comparator && has_comparator()) return AlarmBy::kComparator;
    if (!sbi::has(sbi::Extension::kTimer)) {
        PANIC("no timer: the hart has no Sstc, and firmware no TIME");
    }
    return AlarmBy::kFirmware;
}

}  // namespace arch::riscv64
