// The kernel that programs of cases meet: a table of a few calls, and what each program says.
#include "tests/contract/user_program.h"

#include "machine/interrupts.h"
#include "machine/memory.h"

namespace contract {
namespace {

namespace machine = kernel::machine;
using kernel::sched::Task;

Program& current_program() { return *Helpers::program_of(Task::current()); }

i64 sum(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    return static_cast<i64>(a0 + 2 * a1 + 3 * a2 + 4 * a3 + 5 * a4 + 6 * a5);
}

i64 short_sum(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    CONTRACT_CHECK(!machine::interrupts_enabled());
    return sum(a0, a1, a2, a3, a4, a5);
}

i64 full_sum(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) {
    CONTRACT_CHECK(machine::interrupts_enabled());
    return sum(a0, a1, a2, a3, a4, a5);
}

i64 ask(u64 a0, u64, u64, u64, u64, u64) {
    Program& program = current_program();
    return program.called(program, Helpers::registers_of(Task::current()), a0);
}

i64 end(u64 a0, u64, u64, u64, u64, u64) { end_program(current_program(), a0); }

i64 no_such_call(u64, u64, u64, u64, u64, u64) { return kNoSuchCall; }

}  // namespace

void open_with_code(UserSpace& space, std::span<const u32> code) {
    CONTRACT_CHECK(space.open().ok());
    const PhysAddr page = take_user_page();
    write_code(page, code);
    CONTRACT_CHECK(space.map(kUserCode, page, UserAccess::kReadExecute, true).ok());
}

PhysAddr map_page(UserSpace& space, VirtAddr at, UserAccess access) {
    const PhysAddr page = take_user_page();
    CONTRACT_CHECK(space.map(at, page, access, true).ok());
    return page;
}

void write_code(PhysAddr page, std::span<const u32> code) {
    const VirtAddr at = machine::direct_map(page);
    std::ranges::copy(code, at.as<u32>());
    machine::publish_code(at, kernel::kPageSize);
}

void end_program(Program& program, u64 result) {
    // release: what it did; pairs with acquire where a case waits for it.
    program.result.store(result, std::memory_order_release);
    Helpers::end_current();
}

void want_exit(Program& program, Task& task) {
    // release: what the case said; pairs with acquire in user_exit_wanted().
    program.exit_wanted.store(1, std::memory_order_release);
    machine::send_ipi(task.hart());
}

void close_space(UserSpace& space) {
    space.close([] {});
}

void switch_spaces(Task&, Task& to) {
    Program* const program = Helpers::program_of(to);
    if (program == nullptr) {
        machine::run_in(nullptr, nullptr, nullptr);
    } else {
        machine::run_in(&program->space, &Helpers::registers_of(to), &program->floats);
    }
}

}  // namespace contract

namespace kernel::machine::upcalls {
namespace {

constexpr SystemCallTable make_table() {
    SystemCallTable table;
    table.fill({contract::no_such_call, 1});
    table[contract::kSumCall] = {contract::short_sum, 0};
    table[contract::kFullSumCall] = {contract::full_sum, 1};
    table[contract::kAskCall] = {contract::ask, 1};
    table[contract::kEndCall] = {contract::end, 1};
    return table;
}

}  // namespace

constinit const SystemCallTable procyon_system_calls = make_table();

void user_trap(UserRegisters& registers, UserTrap trap, VirtAddr address) {
    CONTRACT_CHECK(interrupts_enabled());
    CONTRACT_CHECK(&registers == &contract::Helpers::registers_of(sched::Task::current()));
    contract::Program& program = contract::current_program();
    if (program.trapped == nullptr) {
        contract::report_failure("the program traps", __FILE__, __LINE__);
        contract::end_program(program, ~u64{0});
    }
    program.trapped(program, registers, trap, address);
}

void user_entry() {
    CONTRACT_CHECK(!interrupts_enabled());
    // Strictly in turns with going there.
    CONTRACT_CHECK(std::exchange(contract::current_program().in_user, false));
}

void user_exit(UserRegisters& registers) {
    CONTRACT_CHECK(interrupts_enabled());
    contract::Program& program = contract::current_program();
    program.exiting(program, registers);
}

bool user_exit_wanted() {
    CONTRACT_CHECK(!interrupts_enabled());
    contract::Program& program = contract::current_program();
    CONTRACT_CHECK(!program.in_user);
    // acquire: what the case said before it wanted it.
    const bool wanted = program.exit_wanted.load(std::memory_order_acquire) != 0;
    program.in_user = !wanted;
    return wanted;
}

}  // namespace kernel::machine::upcalls
