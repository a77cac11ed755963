// One instruction after the other: fetch, expand, execute.
#include "tests/host/interpreter/execution.h"

#include "tests/host/interpreter/arithmetic.h"
#include "tests/host/interpreter/expand_compressed.h"

namespace host::interpreter {

bool Execution::step(u64 retired) {
    if (!fetch() || !execute(retired)) return false;
    registers_.pc = next_;
    return true;
}

bool Execution::fetch() {
    const u64 pc = registers_.pc;
    const std::optional<u16> first = access_.fetch(pc);
    if (!first) return raise(access_.trap());
    if (is_compressed(*first)) {
        encoding_ = *first;
        instruction_ = {expand_compressed(*first)};
        next_ = pc + 2;
        return true;
    }
    // The second half may be on another page, and fault there.
    const std::optional<u16> second = access_.fetch(pc + 2);
    if (!second) return raise(access_.trap());
    encoding_ = u32{*second} << 16 | *first;
    instruction_ = {encoding_};
    next_ = pc + 4;
    return true;
}

bool Execution::execute(u64 retired) {
    const Instruction i = instruction_;
    switch (i.opcode()) {
        case Opcode::kLoad:
            return load();
        case Opcode::kMiscMem:
            return misc_mem();
        case Opcode::kOpImm:
            return complete(compute_immediate(i, rs1()));
        case Opcode::kAuipc:
            return complete(registers_.pc + i.immediate_u());
        case Opcode::kOpImm32:
            return complete(compute_immediate_32(i, rs1()));
        case Opcode::kStore:
            return store();
        case Opcode::kAmo:
            return atomic();
        case Opcode::kOp:
            return complete(compute_op(i, rs1(), rs2()));
        case Opcode::kLui:
            return complete(i.immediate_u());
        case Opcode::kOp32:
            return complete(compute_op_32(i, rs1(), rs2()));
        case Opcode::kBranch:
            return branch();
        case Opcode::kJalr:
            return i.funct3() == 0 ? jump(rs1() + i.immediate_i()) : raise_illegal();
        case Opcode::kJal:
            return jump(registers_.pc + i.immediate_j());
        case Opcode::kSystem:
            return system(retired);
    }
    return raise_illegal();
}

template <class T>
bool Execution::load_as() {
    using Unsigned = std::make_unsigned_t<T>;
    const std::optional<Unsigned> value =
        access_.load<Unsigned>(rs1() + instruction_.immediate_i());
    if (!value) return raise(access_.trap());
    // A signed T extends by its sign, an unsigned one by zeros.
    return complete(static_cast<u64>(static_cast<i64>(static_cast<T>(*value))));
}

bool Execution::load() {
    switch (instruction_.funct3()) {
        case 0b000:  // lb
            return load_as<std::int8_t>();
        case 0b001:  // lh
            return load_as<std::int16_t>();
        case 0b010:  // lw
            return load_as<std::int32_t>();
        case 0b011:  // ld
            return load_as<std::int64_t>();
        case 0b100:  // lbu
            return load_as<std::uint8_t>();
        case 0b101:  // lhu
            return load_as<std::uint16_t>();
        case 0b110:  // lwu
            return load_as<std::uint32_t>();
        default:
            return raise_illegal();
    }
}

bool Execution::store() {
    const u64 at = rs1() + instruction_.immediate_s();
    const auto finish = [this](bool stored) { return stored || raise(access_.trap()); };
    switch (instruction_.funct3()) {
        case 0b000:  // sb
            return finish(access_.store(at, static_cast<kernel::u8>(rs2())));
        case 0b001:  // sh
            return finish(access_.store(at, static_cast<u16>(rs2())));
        case 0b010:  // sw
            return finish(access_.store(at, static_cast<u32>(rs2())));
        case 0b011:  // sd
            return finish(access_.store(at, rs2()));
        default:
            return raise_illegal();
    }
}

bool Execution::atomic() {
    const AtomicOutcome outcome = execute_atomic(instruction_, rs1(), rs2(), access_, reservation_);
    switch (outcome.end) {
        case AtomicOutcome::End::kDone:
            return complete(outcome.result);
        case AtomicOutcome::End::kFault:
            return raise(access_.trap());
        default:
            return raise_illegal();
    }
}

bool Execution::branch() {
    const std::optional<bool> taken = compare(instruction_, rs1(), rs2());
    if (!taken) return raise_illegal();
    if (*taken) next_ = registers_.pc + instruction_.immediate_b();
    return true;
}

bool Execution::jump(u64 target) {
    const u64 link = next_;
    next_ = target & ~u64{1};
    return complete(link);
}

bool Execution::misc_mem() {
    switch (instruction_.funct3()) {
        case 0b000:
            execute_fence(instruction_);
            return true;
        case 0b001:  // fence.i: there are no instructions but those in memory
            return true;
        default:
            return raise_illegal();
    }
}

bool Execution::system(u64 retired) {
    constexpr u32 kEcall = 0x0000'0073;
    constexpr u32 kEbreak = 0x0010'0073;
    if (instruction_.bits == kEcall) return raise({Cause::kUserCall, 0});
    if (instruction_.bits == kEbreak) return raise({Cause::kBreakpoint, 0});
    switch (instruction_.funct3()) {
        case 0b010:  // csrrs, csrrc, csrrsi, csrrci: with no bits named they only read
        case 0b011:
        case 0b110:
        case 0b111:
            return instruction_.rs1() == 0 ? read_counter(retired) : raise_illegal();
        default:
            return raise_illegal();
    }
}

bool Execution::read_counter(u64 retired) {
    const Counter counter{instruction_.field(31, 20)};
    switch (counter) {
        case Counter::kCycle:
        case Counter::kTime:
        case Counter::kInstret:
            return complete(environment_.counter(counter, retired));
    }
    return raise_illegal();
}

bool Execution::complete(u64 value) {
    registers_.x[instruction_.rd()] = value;
    registers_.x[0] = 0;
    return true;
}

bool Execution::complete(const std::optional<u64>& value) {
    return value ? complete(*value) : raise_illegal();
}

bool Execution::raise(const Trap& trap) {
    trap_ = trap;
    return false;
}

}  // namespace host::interpreter
