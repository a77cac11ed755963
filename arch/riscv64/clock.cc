// Time from the counter; the alarm by the hart's own comparator (Sstc), or else by firmware.
#include "arch/riscv64/clock.h"

#include "arch/riscv64/csr.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/sbi.h"
#include "machine/clock.h"

namespace arch::riscv64 {
namespace {

using Wide = unsigned __int128;

constexpr u64 kNanosPerSecond = 1'000'000'000;

/// A factor with 64 bits before and 64 bits after the point, so that neither direction divides.
struct Factor {
    u64 whole = 0;
    u64 fraction = 0;

    /// dividend / divisor, rounded down in the last bit. The division is done bit by bit: it runs
    /// twice per boot, and 128-bit division would need a helper.
    static Factor ratio(u64 dividend, u64 divisor) {
        Factor factor{.whole = dividend / divisor};
        u64 rest = dividend % divisor;
        for (int bit = 0; bit < 64; ++bit) {
            const bool carry = rest >> 63 != 0;
            rest <<= 1;
            factor.fraction <<= 1;
            if (carry || rest >= divisor) {
                rest -= divisor;
                factor.fraction |= 1;
            }
        }
        return factor;
    }
    u64 times(u64 value) const {
        return value * whole + static_cast<u64>((Wide{value} * fraction) >> 64);
    }
};

constinit u64 frequency = 0;        // const after init_clock()
constinit Factor nanos_per_tick{};  // const after init_clock()
constinit Factor ticks_per_nano{};  // const after init_clock()

}  // namespace

void init_clock(u64 timebase) {
    frequency = timebase;
    nanos_per_tick = Factor::ratio(kNanosPerSecond, timebase);
    ticks_per_nano = Factor::ratio(timebase, kNanosPerSecond);
}

Nanos nanos_of_ticks(u64 ticks) { return {nanos_per_tick.times(ticks)}; }

u64 ticks_of_nanos(Nanos time) {
    u64 ticks = ticks_per_nano.times(time.value);
    // Both factors are rounded down: at most a tick or two are missing.
    while (nanos_of_ticks(ticks) < time) ++ticks;
    return ticks;
}

void silence_timer() {
    (void)clear_csr_bits<Csr::kSie>(interrupt::bit(interrupt::kTimer));  // ignored: set or not
}

}  // namespace arch::riscv64

namespace kernel::machine {

Nanos now() { return arch::riscv64::nanos_of_ticks(arch::riscv64::read_time()); }

u64 clock_frequency() { return arch::riscv64::frequency; }

void set_alarm(Nanos when) {
    if (when == kNoAlarm) {
        arch::riscv64::silence_timer();
        return;
    }
    const u64 deadline = arch::riscv64::ticks_of_nanos(when);
    if (arch::riscv64::this_hart().has_sstc) {
        arch::riscv64::write_csr<arch::riscv64::Csr::kStimecmp>(deadline);
    } else {
        arch::riscv64::sbi::set_timer(deadline);
    }
    (void)arch::riscv64::set_csr_bits<arch::riscv64::Csr::kSie>(  // ignored: set or not
        arch::riscv64::interrupt::bit(arch::riscv64::interrupt::kTimer));
}

}  // namespace kernel::machine
