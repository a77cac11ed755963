// Rows for notes.
#include "proc/user_notes.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {

i64 alarm(u64 a0, u64, u64, u64, u64, u64) {
    const Nanos left = proc::current().alarm().set(nanos_from_millis(static_cast<u32>(a0)));
    return static_cast<i64>(left.value / nanos_from_millis(1).value);
}

i64 notify(u64 a0, u64, u64, u64, u64, u64) {
    return answer(checked(proc::set_user_handler({a0})));
}

i64 noted(u64 a0, u64, u64, u64, u64, u64) { proc::noted(a0); }

}  // namespace kernel::syscall::rows
