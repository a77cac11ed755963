// The table of calls, for the trap entry and for those who name calls.
#include "syscall/table.h"

#include "machine/user.h"
#include "syscall/rows/rows.h"
#include "syscall/watched_calls.h"

namespace kernel::syscall {
namespace {

using Run = decltype(machine::SystemCall::run);

/// Whether a call needs its caller's registers saved; see machine::SystemCall.
enum class Kind : u8 { kShort, kFull };

struct Row {
    u32 number;
    std::string_view name;
    Run run;
    std::string_view arguments;
    CallOutcome outcome = CallOutcome::kNumber;
    Kind kind = Kind::kFull;
};

/// Plan 9's numbers; those it keeps only for old programs are left out. From 54 on they are ours.
/// The arguments are letters, see CallArgument.
constexpr Row kRows[] = {
    {0, "sysr1", rows::sysr1, "p"},
    {2, "bind", rows::bind, "ssx"},
    {3, "chdir", rows::chdir, "s"},
    {4, "close", rows::close, "d"},
    {5, "dup", rows::dup, "dd"},
    {6, "alarm", rows::alarm, "u"},
    {7, "exec", rows::exec, "sa", CallOutcome::kPointer},
    {8, "exits", rows::exits, "s"},
    {10, "fauth", rows::fauth, "ds"},
    {12, "segbrk", rows::segbrk, "pp", CallOutcome::kPointer},
    {14, "open", rows::open, "sx"},
    {16, "oseek", rows::oseek, "dld"},
    {17, "sleep", rows::sleep, "l"},
    {19, "rfork", rows::rfork, "x"},
    {21, "pipe", rows::pipe, "p"},
    {22, "create", rows::create, "sxx"},
    {23, "fd2path", rows::fd2path, "dpu", CallOutcome::kText},
    {24, "brk_", rows::brk, "p"},
    {25, "remove", rows::remove, "s"},
    {28, "notify", rows::notify, "p"},
    {29, "noted", rows::noted, "d"},
    {30, "segattach", rows::segattach, "dspu", CallOutcome::kPointer},
    {31, "segdetach", rows::segdetach, "p"},
    {32, "segfree", rows::segfree, "pu"},
    {33, "segflush", rows::segflush, "pu"},
    {34, "rendezvous", rows::rendezvous, "pp", CallOutcome::kPointer},
    {35, "unmount", rows::unmount, "ss"},
    {37, "semacquire", rows::semacquire, "pd"},
    {38, "semrelease", rows::semrelease, "pd"},
    {39, "seek", rows::seek, "dld"},
    {40, "fversion", rows::fversion, "ddsu"},
    {41, "errstr", rows::errstr, "pu", CallOutcome::kText},
    {42, "stat", rows::stat, "spu"},
    {43, "fstat", rows::fstat, "dpu"},
    {44, "wstat", rows::wstat, "spu"},
    {45, "fwstat", rows::fwstat, "dpu"},
    {46, "mount", rows::mount, "ddsxs"},
    {47, "await", rows::await, "pu", CallOutcome::kCounted},
    {50, "pread", rows::pread, "dpll", CallOutcome::kRead},
    {51, "pwrite", rows::pwrite, "dwll"},
    {52, "tsemacquire", rows::tsemacquire, "pl"},
    {53, "nsec", rows::nsec, "", CallOutcome::kNumber, Kind::kShort},
    {54, "getpid", rows::getpid, "", CallOutcome::kNumber, Kind::kShort},
};

constexpr machine::SystemCallTable make_table() {
    machine::SystemCallTable table{};
    for (machine::SystemCall& row : table) row = {rows::unknown, 1};
    for (const Row& row : kRows) table[row.number] = {row.run, row.kind == Kind::kFull};
    return table;
}

/// What stands in the row of `number` for programs whose calls are watched.
template <u64 number>
i64 watched(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    return run_watched(a0, a1, a2, a3, a4, a5, number);
}

template <usize... numbers>
constexpr machine::SystemCallTable make_watched_table(std::index_sequence<numbers...>) {
    return {machine::SystemCall{watched<numbers>, 1}...};
}

}  // namespace

CallDescription describe_call(u64 number) {
    for (const Row& row : kRows) {
        if (row.number == number) return {row.name, row.arguments, row.outcome};
    }
    return {};
}

}  // namespace kernel::syscall

extern "C" constinit const kernel::machine::SystemCallTable
    kernel::machine::upcalls::procyon_system_calls = kernel::syscall::make_table();

extern "C" constinit const kernel::machine::SystemCallTable
    kernel::machine::upcalls::procyon_watched_calls = kernel::syscall::make_watched_table(
        std::make_index_sequence<kernel::machine::kSystemCalls>());
