// The table of calls, for the trap entry and for those who name calls.
#include "syscall/table.h"

#include "machine/user.h"
#include "syscall/rows/rows.h"

namespace kernel::syscall {
namespace {

using Run = decltype(machine::SystemCall::run);

/// Whether a call needs its caller's registers saved; see machine::SystemCall.
enum class Kind : u8 { kShort, kFull };

struct Row {
    u32 number;
    std::string_view name;
    Run run;
    Kind kind = Kind::kFull;
};

/// Plan 9's numbers; those it keeps only for old programs are left out. From 54 on they are ours.
constexpr Row kRows[] = {
    {0, "sysr1", rows::sysr1},
    {2, "bind", rows::bind},
    {3, "chdir", rows::chdir},
    {4, "close", rows::close},
    {5, "dup", rows::dup},
    {6, "alarm", rows::alarm},
    {7, "exec", rows::exec},
    {8, "exits", rows::exits},
    {10, "fauth", rows::fauth},
    {12, "segbrk", rows::segbrk},
    {14, "open", rows::open},
    {16, "oseek", rows::oseek},
    {17, "sleep", rows::sleep},
    {19, "rfork", rows::rfork},
    {21, "pipe", rows::pipe},
    {22, "create", rows::create},
    {23, "fd2path", rows::fd2path},
    {24, "brk_", rows::brk},
    {25, "remove", rows::remove},
    {28, "notify", rows::notify},
    {29, "noted", rows::noted},
    {30, "segattach", rows::segattach},
    {31, "segdetach", rows::segdetach},
    {32, "segfree", rows::segfree},
    {33, "segflush", rows::segflush},
    {34, "rendezvous", rows::rendezvous},
    {35, "unmount", rows::unmount},
    {37, "semacquire", rows::semacquire},
    {38, "semrelease", rows::semrelease},
    {39, "seek", rows::seek},
    {40, "fversion", rows::fversion},
    {41, "errstr", rows::errstr},
    {42, "stat", rows::stat},
    {43, "fstat", rows::fstat},
    {44, "wstat", rows::wstat},
    {45, "fwstat", rows::fwstat},
    {46, "mount", rows::mount},
    {47, "await", rows::await},
    {50, "pread", rows::pread},
    {51, "pwrite", rows::pwrite},
    {52, "tsemacquire", rows::tsemacquire},
    {53, "nsec", rows::nsec, Kind::kShort},
    {54, "getpid", rows::getpid, Kind::kShort},
};

constexpr machine::SystemCallTable make_table() {
    machine::SystemCallTable table{};
    for (machine::SystemCall& row : table) row = {rows::unknown, 1};
    for (const Row& row : kRows) table[row.number] = {row.run, row.kind == Kind::kFull};
    return table;
}

}  // namespace

std::string_view call_name(u64 number) {
    for (const Row& row : kRows) {
        if (row.number == number) return row.name;
    }
    return {};
}

}  // namespace kernel::syscall

extern "C" constinit const kernel::machine::SystemCallTable
    kernel::machine::upcalls::procyon_system_calls = kernel::syscall::make_table();
