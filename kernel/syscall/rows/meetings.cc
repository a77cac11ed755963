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
    const auto meet = [=](Nanos) -> Result<u64> {
        return call("Rendez", [&](chan::Caller&) {
            return proc::current().rendezvous()->meet(a0, a1);
        });
    };
    // All values are values, so there is no error text.
    const auto say = [](Result<u64> met) { return met.ok() ? static_cast<i64>(met.value()) : -1; };
    return repeatable(Nanos{}, meet, say);
}

i64 semacquire(u64 a0, u64 a1, u64, u64, u64, u64) {
    const bool waits = static_cast<i32>(a1) != 0;
    return repeatable(waits ? proc::kWaitForEver : proc::kNoWait,
                      [=](Nanos until) { return acquire("Semacquire", a0, until); });
}

i64 tsemacquire(u64 a0, u64 a1, u64, u64, u64, u64) {
    const Nanos deadline = machine::now() + nanos_from_millis(static_cast<u32>(a1));
    return repeatable(deadline, [=](Nanos until) { return acquire("Tsemacquire", a0, until); });
}

i64 semrelease(u64 a0, u64 a1, u64, u64, u64, u64) {
    return answer(call("Semrelease", [&](chan::Caller&) {
        return checked(proc::release_semaphore({a0}, static_cast<i32>(a1)));
    }));
}

}  // namespace kernel::syscall::rows
