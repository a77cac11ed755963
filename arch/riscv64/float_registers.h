// Floating-point registers of programs: whose they are, and how they come and go.
#pragma once

#define FLOAT_REGISTERS_CONTROL 256

#if !defined(__ASSEMBLER__)

#include "arch/riscv64/csr.h"
#include "arch/riscv64/hart.h"

namespace arch::riscv64 {

/// Invariants, with FS for the field of the hart's own sstatus:
///   (F1) While FS is not Off, the registers are those of the program that the hart runs in,
///   `floats` is where they are kept, and it is used. Off otherwise: in particular while the hart
///   runs in no program, and from one program's to the next's first use.
///
///   (F2) While FS is Clean, `floats` has the same. Hardware makes it Dirty when a program writes
///   one.
///
///   (F3) A program that no hart runs has all of them in memory: a hart that goes to another saves
///   them. So nobody ever asks another hart for registers.
///
/// The kernel is built without floating point, so FS may stay as it is while the kernel runs.
/// Rejected: loading at each switch, which costs programs that count in integers; keeping them for
/// who comes back soon, which saves a reload on one hart and needs a hand-over between two.

/// Whether all harts have floating-point registers of 64 bits. Const after boot.
extern bool harts_have_floats;

/// For take_floats(), where FS is not Off.
void take_used_floats(HartBlock& self);
/// Takes the registers from the program that the hart runs in. Interrupts off. Cost: a look at FS,
/// unless the program has used them since it came here.
inline void take_floats(HartBlock& self) {
    const u64 status = read_csr<Csr::kSstatus>();
    if ((status & sstatus::FloatState::kMask) != 0) take_used_floats(self);
}

/// After an illegal instruction of the program that the hart runs in: gives it the registers.
/// False: it has them already, or there are none, so the instruction is illegal indeed. Interrupts
/// off.
bool give_floats(HartBlock& self);

}  // namespace arch::riscv64

#endif
