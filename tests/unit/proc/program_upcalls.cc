// What user mode calls in process tests: the process layer, and a few calls without a call table.
#include <array>

#include "machine/user.h"
#include "mm/user_copy.h"
#include "proc/call_watch.h"
#include "proc/exit.h"
#include "proc/proc_table.h"
#include "proc/semaphore.h"
#include "proc/spawn.h"
#include "proc/user_mode.h"
#include "proc/user_notes.h"
#include "proc/wait.h"
#include "tests/unit/proc/program_calls.h"

namespace kernel::machine::upcalls {
namespace {

using namespace proc::test;
using proc::current;

i64 code_of(const Result<void>& result) { return result.ok() ? 0 : -1; }

i64 exits(u64 status, u64, u64, u64, u64, u64) {
    std::array<char, proc::kNoteMax> text{};
    if (status == 0) proc::exits("");
    const Result<std::string_view> given = mm::copy_text_in(*current().my_space(), text, {status});
    proc::exits(given.ok() ? given.value() : "bad status");
}

i64 fork(u64 memory, u64 begin, u64, u64, u64, u64) {
    const Result<proc::ProcId> child = proc::spawn({.name = "forked",
                                                    .memory = static_cast<proc::Memory>(memory),
                                                    .begin = static_cast<proc::Begin>(begin)});
    return child.ok() ? child.value().pid : -1;
}

i64 wait(u64, u64, u64, u64, u64, u64) {
    const Result<proc::WaitRecord> record = proc::wait();
    proc::end_of_call(record);
    return record.ok() ? i64{record.value().id.pid} : -1;
}

i64 notify(u64 handler, u64, u64, u64, u64, u64) {
    return code_of(proc::set_user_handler({handler}));
}

i64 noted(u64 how, u64, u64, u64, u64, u64) { proc::noted(how); }

i64 meet(u64 tag, u64 value, u64, u64, u64, u64) {
    const Result<u64> met = current().rendezvous()->meet(tag, value);
    proc::end_of_call(met);
    return met.ok() ? static_cast<i64>(met.value()) : -1;
}

i64 acquire(u64 at, u64 waits, u64, u64, u64, u64) {
    const Result<bool> taken =
        proc::acquire_semaphore({at}, waits != 0 ? proc::kWaitForEver : proc::kNoWait);
    return taken.ok() ? i64{taken.value()} : -1;
}

i64 release(u64 at, u64 count, u64, u64, u64, u64) {
    const Result<u64> after = proc::release_semaphore({at}, static_cast<i32>(count));
    return after.ok() ? static_cast<i64>(after.value()) : -1;
}

i64 pid(u64, u64, u64, u64, u64, u64) { return current().id().pid; }

constexpr SystemCallTable make_table() {
    SystemCallTable table{};
    table.fill({[](u64, u64, u64, u64, u64, u64) { return i64{-1}; }, 1});
    table[kExits] = {exits, 1};
    table[kFork] = {fork, 1};
    table[kWait] = {wait, 1};
    table[kNotify] = {notify, 1};
    table[kNoted] = {noted, 1};
    table[kMeet] = {meet, 1};
    table[kAcquire] = {acquire, 1};
    table[kRelease] = {release, 1};
    table[kPid] = {pid, 0};
    return table;
}

/// Tells the number, then the result.
template <u64 number>
i64 watched(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    std::array<char, 32> text;
    const auto told = [&text](const char* what, i64 value) {
        return proc::CallText::create(format_into(text, "{} {}", what, value)).value();
    };
    if (proc::stops_at_calls()) proc::stop_at_call(told("call", number));
    const i64 result = procyon_system_calls[number].run(a0, a1, a2, a3, a4, a5);
    if (proc::stops_at_calls()) proc::stop_after_call(told("result", result));
    return result;
}

template <usize... numbers>
constexpr SystemCallTable make_watched_table(std::index_sequence<numbers...>) {
    return {SystemCall{watched<numbers>, 1}...};
}

}  // namespace

constinit const SystemCallTable procyon_system_calls = make_table();
constinit const SystemCallTable procyon_watched_calls =
    make_watched_table(std::make_index_sequence<kSystemCalls>());

void user_entry() { proc::user_entry(); }
bool user_exit_wanted() { return proc::user_exit_wanted(); }
void user_exit(UserRegisters& registers) { proc::user_exit(registers); }
void user_trap(UserRegisters& registers, UserTrap trap, VirtAddr address) {
    proc::user_trap(registers, trap, address);
}

}  // namespace kernel::machine::upcalls
