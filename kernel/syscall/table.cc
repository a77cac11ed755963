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

/// The sets that `straceset` knows, after Akaros's.
enum class CallSetName : u8 { kPath, kFd, kMem, kLife, kNote, kSched, kSelf };
constexpr std::string_view kSetNames[] = {"path", "fd", "mem", "life", "note", "sched", "self"};

struct Row {
    u32 number;
    std::string_view name;
    CallSetName set;
    Run run;
    std::string_view arguments;
    CallOutcome outcome = CallOutcome::kNumber;
    Kind kind = Kind::kFull;
};

/// Plan 9's numbers; those it keeps only for old programs are left out. From 54 on they are ours.
/// The arguments are letters, see CallArgument.
constexpr Row kRows[] = {
    {0, "sysr1", CallSetName::kSelf, rows::sysr1, "p"},
    {2, "bind", CallSetName::kPath, rows::bind, "ssx"},
    {3, "chdir", CallSetName::kPath, rows::chdir, "s"},
    {4, "close", CallSetName::kFd, rows::close, "d"},
    {5, "dup", CallSetName::kFd, rows::dup, "dd"},
    {6, "alarm", CallSetName::kNote, rows::alarm, "u"},
    {7, "exec", CallSetName::kLife, rows::exec, "sa", CallOutcome::kPointer},
    {8, "exits", CallSetName::kLife, rows::exits, "s"},
    {10, "fauth", CallSetName::kFd, rows::fauth, "ds"},
    {12, "segbrk", CallSetName::kMem, rows::segbrk, "pp", CallOutcome::kPointer},
    {14, "open", CallSetName::kPath, rows::open, "sx"},
    {16, "oseek", CallSetName::kFd, rows::oseek, "dld"},
    {17, "sleep", CallSetName::kSched, rows::sleep, "l"},
    {19, "rfork", CallSetName::kLife, rows::rfork, "x"},
    {21, "pipe", CallSetName::kFd, rows::pipe, "p"},
    {22, "create", CallSetName::kPath, rows::create, "sxx"},
    {23, "fd2path", CallSetName::kFd, rows::fd2path, "dpu", CallOutcome::kText},
    {24, "brk_", CallSetName::kMem, rows::brk, "p"},
    {25, "remove", CallSetName::kPath, rows::remove, "s"},
    {28, "notify", CallSetName::kNote, rows::notify, "p"},
    {29, "noted", CallSetName::kNote, rows::noted, "d"},
    {30, "segattach", CallSetName::kMem, rows::segattach, "dspu", CallOutcome::kPointer},
    {31, "segdetach", CallSetName::kMem, rows::segdetach, "p"},
    {32, "segfree", CallSetName::kMem, rows::segfree, "pu"},
    {33, "segflush", CallSetName::kMem, rows::segflush, "pu"},
    {34, "rendezvous", CallSetName::kSched, rows::rendezvous, "pp", CallOutcome::kPointer},
    {35, "unmount", CallSetName::kPath, rows::unmount, "ss"},
    {37, "semacquire", CallSetName::kSched, rows::semacquire, "pd"},
    {38, "semrelease", CallSetName::kSched, rows::semrelease, "pd"},
    {39, "seek", CallSetName::kFd, rows::seek, "dld"},
    {40, "fversion", CallSetName::kFd, rows::fversion, "ddsu"},
    {41, "errstr", CallSetName::kSelf, rows::errstr, "pu", CallOutcome::kText},
    {42, "stat", CallSetName::kPath, rows::stat, "spu"},
    {43, "fstat", CallSetName::kFd, rows::fstat, "dpu"},
    {44, "wstat", CallSetName::kPath, rows::wstat, "spu"},
    {45, "fwstat", CallSetName::kFd, rows::fwstat, "dpu"},
    {46, "mount", CallSetName::kPath, rows::mount, "ddsxs"},
    {47, "await", CallSetName::kLife, rows::await, "pu", CallOutcome::kCounted},
    {50, "pread", CallSetName::kFd, rows::pread, "dpll", CallOutcome::kRead},
    {51, "pwrite", CallSetName::kFd, rows::pwrite, "dwll"},
    {52, "tsemacquire", CallSetName::kSched, rows::tsemacquire, "pl"},
    {53, "nsec", CallSetName::kSelf, rows::nsec, "", CallOutcome::kNumber, Kind::kShort},
    {54, "getpid", CallSetName::kSelf, rows::getpid, "", CallOutcome::kNumber, Kind::kShort},
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

proc::CallName name_call(u64 number) {
    for (const Row& row : kRows) {
        if (row.number == number) return {row.name, kSetNames[static_cast<usize>(row.set)]};
    }
    return {};
}

}  // namespace kernel::syscall

extern "C" constinit const kernel::machine::SystemCallTable
    kernel::machine::upcalls::procyon_system_calls = kernel::syscall::make_table();

extern "C" constinit const kernel::machine::SystemCallTable
    kernel::machine::upcalls::procyon_watched_calls = kernel::syscall::make_watched_table(
        std::make_index_sequence<kernel::machine::kSystemCalls>());
