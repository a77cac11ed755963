// Time from the counter; the alarm by the hart's own comparator (Sstc), or else by firmware.
#include "arch/riscv64/clock.h"

#include "arch/riscv64/csr.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/platform/sbi.h"
#include "arch/riscv64/platform/timebase.h"
#include "machine/clock.h"

namespace arch::riscv64 {
namespace {

constinit Timebase timebase;  // const after init_clock()

}  // namespace

void init_clock(u64 frequency) { timebase = Timebase::of(frequency); }

Nanos nanos_of_ticks(u64 ticks) { return timebase.nanos_of_ticks(ticks); }

void silence_timer() {
    (void)clear_csr_bits<Csr::kSie>(interrupt::bit(interrupt::kTimer));  // ignored: set or not
}

}  // namespace arch::riscv64

namespace kernel::machine {

Nanos now() { return arch::riscv64::nanos_of_ticks(arch::riscv64::read_time()); }

u64 clock_frequency() { return arch::riscv64::timebase.frequency(); }

void set_alarm(Nanos when) {
    if (when == kNoAlarm) {
        arch::riscv64::silence_timer();
        return;
    }
    const u64 deadline = arch::riscv64::timebase.ticks_of_nanos(when);
    switch (arch::riscv64::this_hart().alarm_by) {
        case arch::riscv64::AlarmBy::kComparator:
            arch::riscv64::write_csr<arch::riscv64::Csr::kStimecmp>(deadline);
            break;
        case arch::riscv64::AlarmBy::kFirmware:
            arch::riscv64::sbi::set_timer(deadline);
            break;
    }
    (void)arch::riscv64::set_csr_bits<arch::riscv64::Csr::kSie>(  // ignored: set or not
        arch::riscv64::interrupt::bit(arch::riscv64::interrupt::kTimer));
}

}  // namespace kernel::machine
