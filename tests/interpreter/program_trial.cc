// Programs stand behind each other, so that many cross pages, and pages are not neighbours in RAM.
#include "tests/interpreter/program_trial.h"

#include "tests/host/interpreter/expand_compressed.h"

namespace interpreter_tests {

namespace {

using namespace host::interpreter;

constexpr u64 kCode = 0x1'0000;
constexpr u64 kCodeEnd = kScratch / 2;

/// Opcode and function: instructions of one kind differ in registers and immediates only.
u32 kind_of(Instruction i) {
    switch (i.opcode()) {
        case Opcode::kLui:
        case Opcode::kAuipc:
        case Opcode::kJal:
            return i.bits & 0x7f;
        case Opcode::kOp:
        case Opcode::kOp32:
            return i.bits & 0xfe00'707f;
        case Opcode::kAmo:
            return i.bits & 0xf800'707f;
        case Opcode::kOpImm:
        case Opcode::kOpImm32:
            // Bit 30 tells the two shifts to the right apart.
            return i.bits & (i.funct3() == 0b101 ? 0x4000'707f : 0x707f);
        default:
            return i.bits & 0x707f;
    }
}

}  // namespace

ProgramTrial::ProgramTrial(u64 seed, u64 count) : image_(seed), count_(count) {
    Random random(seed);
    for (u64 i = 0; i < kScratchPages; ++i) {
        const u64 page = kScratch + i * kernel::kPageSize;
        image_.map(page, kReadWrite);
        for (u64 at = page; at < page + kernel::kPageSize; at += sizeof(u64)) {
            image_.write_double(at, random_value(random));
        }
    }
    image_.map(kReadOnlyPage, kReadOnly);
    const PhysAddr placed_nowhere = image_.allocate(sizeof(u64));
    cases_ = image_.allocate(count * sizeof(Case));
    u64 at = kCode;
    u64 mapped_to = kCode;
    for (u64 i = 0; i < count; ++i) {
        const RandomProgram program(random);
        const PhysAddr registers = image_.allocate(sizeof(program.registers()));
        image_.object<std::array<u64, 32>>(registers) = program.registers();
        image_.object<Case>(cases_ + i * sizeof(Case)) = {.first_at = placed_nowhere.value,
                                                          .second_at = placed_nowhere.value,
                                                          .first = 0,
                                                          .second = 0,
                                                          .unused = 0,
                                                          .registers_at = registers.value,
                                                          .pc = at,
                                                          .outcome = {}};
        for (const u16 half : program.code()) {
            if (at == mapped_to) {
                image_.map(mapped_to, kExecuteOnly);
                mapped_to += kernel::kPageSize;
            }
            image_.write_half(at, half);
            at += sizeof(half);
        }
    }
    put_monitor(image_, cases_, count);
    run_ = run_in_qemu(image_, StateRange{kCode, kCodeEnd});
}

/// The interpreter beside the states of the run.
class ProgramTrial::Comparison {
public:
    explicit Comparison(ProgramTrial& trial) : trial_(trial), bytes_(trial.image_.bytes()) {}

    std::string run() {
        for (u64 i = 0; i < trial_.count_; ++i) {
            const std::string words = run_case(i);
            if (!words.empty()) {
                return "program " + std::to_string(i) + ", before instruction " +
                       std::to_string(step_) + " at " + hexadecimal(before_.pc) +
                       ", the last one being " + hexadecimal(last_) + ": " + words;
            }
        }
        if (next_ != trial_.run_.states.size()) return "QEMU executed more";
        return difference_of(bytes_, trial_.run_.memory);
    }

private:
    std::string run_case(u64 index) {
        const PhysAddr at = trial_.cases_ + index * sizeof(Case);
        const Case& start = trial_.image_.object<Case>(at);
        const Outcome& outcome =
            reinterpret_cast<const Case*>(trial_.run_.memory.data() + (at - RamImage::kStart))
                ->outcome;
        UserRegisters registers;
        registers.x = trial_.image_.object<std::array<u64, 32>>(PhysAddr{start.registers_at});
        registers.pc = start.pc;
        interpreter_.yield_reservation();
        for (step_ = 0;; ++step_) {
            before_ = registers;
            const Stop stop = interpreter_.run(registers, 1);
            // What cannot be fetched is not said.
            const bool fetched = stop.cause != Cause::kInstructionPageFault;
            if (fetched) {
                const std::string words = compare_state();
                if (!words.empty()) return words;
            }
            if (stop.cause != Cause::kSteps) return difference_of(stop, registers, outcome);
        }
    }

    /// Whether the registers before the instruction are the next state that QEMU said.
    std::string compare_state() {
        if (next_ == trial_.run_.states.size()) return "QEMU executed less";
        const State& state = trial_.run_.states[next_++];
        if (state.pc != before_.pc) {
            return "QEMU is at " + hexadecimal(state.pc);
        }
        const std::string words = difference_of(before_.x, state.x);
        if (words.empty()) note();
        return words;
    }

    /// Counts the instruction at hand.
    void note() {
        const auto half = [this](u64 at) {
            return *reinterpret_cast<const u16*>(
                environment_.translate(VirtAddr{at}, Attempt::kExecute).host);
        };
        const u16 first = half(before_.pc);
        last_ = is_compressed(first) ? first : u32{half(before_.pc + 2)} << 16 | first;
        const u32 expanded = is_compressed(first) ? expand_compressed(first) : last_;
        trial_.kinds_.insert(kind_of({expanded}) | (is_compressed(first) ? 0 : 0x80));
        ++trial_.compared_;
    }

    ProgramTrial& trial_;
    std::vector<std::byte> bytes_;
    ImageEnvironment environment_{bytes_, trial_.image_.satp()};
    Interpreter interpreter_{environment_};
    usize next_ = 0;  // of the states
    u64 step_ = 0;
    u32 last_ = 0;  // the last instruction that was compared
    UserRegisters before_{};
};

std::string ProgramTrial::compare() {
    if (!run_.error.empty()) return run_.error;
    return Comparison(*this).run();
}

}  // namespace interpreter_tests
