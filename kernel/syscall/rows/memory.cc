// Rows for memory.
#include "machine/memory.h"
#include "syscall/rows/rows.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall::rows {

namespace {

/// Bits of segattach's attributes (Plan 9: SG_RONLY, SG_CEXEC).
constexpr u64 kReadOnly = 0040;
constexpr u64 kCloseOnExec = 0100;

Result<u64> attach(u64 attributes, u64 name, u64 at, u64 size) {
    if ((attributes & ~(kReadOnly | kCloseOnExec)) != 0) return Error::kBadArg;
    UserText text;
    const std::string_view kind = TRY(text.read(name));
    const auto access = (attributes & kReadOnly) != 0 ? machine::UserAccess::kRead
                                                      : machine::UserAccess::kReadWrite;
    const auto on_exec = (attributes & kCloseOnExec) != 0 ? mm::AddressSpace::OnExec::kClosed
                                                          : mm::AddressSpace::OnExec::kKept;
    Result<VirtAddr> where = Error::kBadArg;
    if (kind == "memory" || kind == "shared") {
        const auto which = kind == "shared" ? mm::SegmentKind::kShared : mm::SegmentKind::kMemory;
        where = user_space().attach(which, {at}, size, access, on_exec);
    } else if (const mm::PhysicalSegment* device = mm::find_physical_segment(kind)) {
        // Whoever has a device's registers has the machine.
        if (!proc::current().caller().is_eve()) return Error::kPermission;
        where = user_space().attach_device(*device, {at}, size, access, on_exec);
    }
    if (!where.ok()) return where.error();
    return where.value().value;
}

Result<void> flush(u64 at, u64 size) {
    if (!user_space().allows({at}, size, machine::UserAttempt::kLoad)) return Error::kBadArg;
    machine::publish_code({at}, size);
    return {};
}

}  // namespace

i64 brk(u64 a0, u64, u64, u64, u64, u64) { return answer(user_space().resize_bss({a0})); }
i64 segbrk(u64 a0, u64 a1, u64, u64, u64, u64) {
    const Result<void> moved = user_space().resize({a0}, {a1});
    return moved.ok() ? static_cast<i64>(a1) : answer(Result<u64>(moved.error()));
}
i64 segattach(u64 a0, u64 a1, u64 a2, u64 a3, u64, u64) { return answer(attach(a0, a1, a2, a3)); }
i64 segdetach(u64 a0, u64, u64, u64, u64, u64) { return answer(user_space().detach({a0})); }
i64 segfree(u64 a0, u64 a1, u64, u64, u64, u64) { return answer(user_space().forget({a0}, a1)); }
i64 segflush(u64 a0, u64 a1, u64, u64, u64, u64) { return answer(flush(a0, a1)); }

}  // namespace kernel::syscall::rows
