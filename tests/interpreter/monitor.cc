// The monitor's code, written with mnemonics.h so that the host's build needs no cross compiler.
#include "tests/interpreter/monitor.h"

#include <cstddef>

#include "tests/interpreter/mnemonics.h"

namespace interpreter_tests {

namespace {

using namespace mnemonics;

// Registers of machine mode (Privileged Architecture 1.12, table "Machine-level CSRs").
constexpr u32 kMhartid = 0xf14;
constexpr u32 kMstatus = 0x300;
constexpr u32 kMtvec = 0x305;
constexpr u32 kMcounteren = 0x306;
constexpr u32 kMscratch = 0x340;
constexpr u32 kMepc = 0x341;
constexpr u32 kMcause = 0x342;
constexpr u32 kMtval = 0x343;
constexpr u32 kPmpcfg0 = 0x3a0;
constexpr u32 kPmpaddr0 = 0x3b0;
constexpr u32 kScounteren = 0x106;
constexpr u32 kSatp = 0x180;

// QEMU's power switch: this word there ends the machine with status 0.
constexpr u64 kFinisher = 0x10'0000;
constexpr u64 kFinisherPass = 0x5555;

/// What the monitor is told, one page after its first instruction.
struct Mailbox {
    u64 case_at;
    u64 end;
    u64 satp;
};
constexpr u64 kMailboxOffset = kernel::kPageSize;

/// Where member `name` of the case is that a register points to.
#define CASE(name) offsetof(Case, name)

class MonitorCode {
public:
    explicit MonitorCode(RamImage& image) : image_(image) {
        set_up();
        const u64 skip = put(0);  // to the first case
        const u64 trap = at_;
        leave_user_mode();
        const u64 next = at_;
        fix(skip, jal(zero, next - skip));
        enter_user_mode();
        fix(trap_vector_, addi(t1, t0, trap - auipc_at_));
    }

private:
    /// Other harts sleep. Counters and all memory for user mode, its tables, the trap vector;
    /// case_at to mscratch.
    void set_up() {
        put(csrr(t1, kMhartid));
        put(beq(t1, zero, 12));
        put(kWfi);
        put(jal(zero, u64{0} - 4));
        put(addi(t1, zero, 0b111));
        put(csrw(kMcounteren, t1));
        put(csrw(kScounteren, t1));
        put(addi(t1, zero, ~u64{0}));
        put(csrw(kPmpaddr0, t1));
        put(addi(t1, zero, 0b11111));  // naturally aligned power of two, rwx
        put(csrw(kPmpcfg0, t1));
        put(csrw(kMstatus, zero));  // previous mode: user
        auipc_at_ = put(auipc(t0, 0));
        trap_vector_ = put(0);
        put(csrw(kMtvec, t1));
        load_mailbox();
        put(ld(t1, offsetof(Mailbox, satp), t0));
        put(csrw(kSatp, t1));
        put(kSfenceVma);
        put(ld(t1, offsetof(Mailbox, case_at), t0));
        put(csrw(kMscratch, t1));
    }

    /// t0 = the mailbox, from wherever this is.
    void load_mailbox() {
        const u64 here = at_;
        put(auipc(t0, kMailboxOffset));
        put(addi(t0, t0, u64{0} - here));
    }

    /// Writes the case's outcome down, puts back what its instruction stood on, goes to the next.
    void leave_user_mode() {
        put(csrrw(a0, kMscratch, a0));
        for (u32 i = 1; i < 32; ++i) {
            if (i != a0) put(sd(i, CASE(outcome.x) + 8 * i, a0));
        }
        put(csrr(t0, kMscratch));
        put(sd(t0, CASE(outcome.x) + 8 * a0, a0));
        for (const auto& [number, offset] :
             {std::pair{kMcause, CASE(outcome.cause)}, std::pair{kMtval, CASE(outcome.value)},
              std::pair{kMepc, CASE(outcome.pc)}}) {
            put(csrr(t0, number));
            put(sd(t0, offset, a0));
        }
        put(lui(t1, 0x9000));
        put(addi(t1, t1, kCompressedEbreak - 0x9000));
        for (const u64 offset : {CASE(first_at), CASE(second_at)}) {
            put(ld(t0, offset, a0));
            put(sh(t1, 0, t0));
        }
        put(sc(8, zero, zero, a0));  // fails: user addresses are others
        put(addi(a0, a0, sizeof(Case)));
        put(csrw(kMscratch, a0));
    }

    /// Starts the case at mscratch, or powers off.
    void enter_user_mode() {
        load_mailbox();
        put(ld(t1, offsetof(Mailbox, end), t0));
        put(csrr(a0, kMscratch));
        const u64 go_on = put(0);
        put(lui(t0, kFinisher));
        put(lui(t1, 0x5000));
        put(addi(t1, t1, kFinisherPass - 0x5000));
        put(sw(t1, 0, t0));
        put(jal(zero, 0));
        fix(go_on, bne(a0, t1, at_ - go_on));
        for (const auto& [place, half] :
             {std::pair{CASE(first_at), CASE(first)}, std::pair{CASE(second_at), CASE(second)}}) {
            put(ld(t0, place, a0));
            put(lhu(t1, half, a0));
            put(sh(t1, 0, t0));
        }
        put(kFenceI);
        put(ld(t0, CASE(pc), a0));
        put(csrw(kMepc, t0));
        put(ld(a0, CASE(registers_at), a0));
        for (u32 i = 1; i < 32; ++i) {
            if (i != a0) put(ld(i, 8 * i, a0));
        }
        put(ld(a0, 8 * a0, a0));
        put(kMret);
    }

    /// Appends an instruction, and says at which offset.
    u64 put(u32 instruction) {
        const u64 here = at_;
        fix(here, instruction);
        at_ += sizeof(instruction);
        return here;
    }
    void fix(u64 offset, u32 instruction) {
        image_.object<u32>(RamImage::kStart + offset) = instruction;
    }

    RamImage& image_;
    u64 at_ = 0;
    u64 auipc_at_ = 0;
    u64 trap_vector_ = 0;
};

#undef CASE

}  // namespace

void put_monitor(RamImage& image, PhysAddr cases, u64 count) {
    const MonitorCode code(image);
    const u64 end = cases.value + count * sizeof(Case);
    image.object<Mailbox>(RamImage::kStart + kMailboxOffset) = {cases.value, end, image.satp()};
}

}  // namespace interpreter_tests
