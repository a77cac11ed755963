// Rows for meeting others: rendezvous and semaphores.
#include "machine/clock.h"
#include "proc/semaphore.h"
#include "syscall/call.h"
#include "syscall/rows/repeatable.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {
namespace {

Result<u64> acquire(const char* name, u64 at, Nanos deadline) {
    return call(name, [&](chan::Caller&) -> Result<u64> {
        return TRY(checked(proc::acquire_semaphore({at}, deadline)))
        ? u64{1} : u64{0};
    });
}

}  // namespace

i64 rendezvous(u64 a0, u64 a1, u64, u64, u64, u64) {
    const Repeatable meeting;
    const Result<u64> met =
        call("Rendez", [&](chan::Caller&) { return proc::current().rendezvous()->meet(a0, a1); });
    if (met.ok()) return static_cast<i64>(met.value());
    if (meeting.is_repeated(met.error())) return Repeatable::first_argument();
    // All values are values, so there is no error text.
    return -1;
}

i64 semacquire(u64 a0, u64 a1, u64, u64, u64, u64) {
    const bool waits = static_cast<i32>(a1) != 0;
    const Repeatable call(waits ? proc::kWaitForEver : proc::kNoWait);
    return call.answer(acquire("Semacquire", a0, call.until()));
}

i64 tsemacquire(u64 a0, u64 a1, u64, u64, u64, u64) {
    const Repeatable call(machine::now() + nanos_from_millis(static_cast<u32>(a1)));
    return call.answer(acquire("Tsemacquire", a0, call.until()));
}

i64 semrelease(u64 a0, u64 a1, u64, u64, u64, u64) {
    return answer(call("Semrelease", [&](chan::Caller&) {
        return checked(proc::release_semaphore({a0}, static_cast<i32>(a1)));
    }));
}

}  // namespace kernel::syscall::rows
