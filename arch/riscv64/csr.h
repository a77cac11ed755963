// Supervisor control and status registers: Privileged Architecture 1.12, chapter 4 and table 2.3.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

/// Numbers of the registers used.
enum class Csr : u16 {
    kSstatus = 0x100,
    kSie = 0x104,
    kStvec = 0x105,
    kSscratch = 0x140,
    kSepc = 0x141,
    kScause = 0x142,
    kStval = 0x143,
    kSip = 0x144,
    kStimecmp = 0x14d,  // Sstc extension 0.5.4
    kSatp = 0x180,
    kCycle = 0xc00,
    kTime = 0xc01,
};

template <Csr Which>
u64 read_csr() {
    u64 value;
    asm volatile("csrr %0, %1" : "=r"(value) : "i"(Which) : "memory");
    return value;
}
template <Csr Which>
void write_csr(u64 value) {
    asm volatile("csrw %0, %1" ::"i"(Which), "rK"(value) : "memory");
}
/// Sets `bits`; returns the value before.
template <Csr Which>
u64 set_csr_bits(u64 bits) {
    u64 before;
    asm volatile("csrrs %0, %1, %2" : "=r"(before) : "i"(Which), "rK"(bits) : "memory");
    return before;
}
/// Clears `bits`; returns the value before.
template <Csr Which>
u64 clear_csr_bits(u64 bits) {
    u64 before;
    asm volatile("csrrc %0, %1, %2" : "=r"(before) : "i"(Which), "rK"(bits) : "memory");
    return before;
}

/// sstatus, section 4.1.1.
namespace sstatus {
using InterruptEnable = Field<1, 1>;          // SIE
using PreviousInterruptEnable = Field<5, 1>;  // SPIE
using PreviousPrivilege = Field<8, 1>;        // SPP: 1 = supervisor
using VectorState = Field<9, 2>;              // VS: as FS, for vectors, which programs never get
using FloatState = Field<13, 2>;              // FS: what is known of the floating-point registers
using UserMemory = Field<18, 1>;              // SUM: the kernel may touch user pages
using ReadExecutable = Field<19, 1>;          // MXR: loads may do where only executing may
/// Values of FS, section 3.1.6.6. Off: instructions that need the registers are illegal.
inline constexpr u64 kOff = 0;
inline constexpr u64 kClean = 2;
inline constexpr u64 kDirty = 3;
}  // namespace sstatus

/// Interrupt numbers in scause, sie and sip, section 4.1.8 table 4.2.
namespace interrupt {
inline constexpr u64 kSoftware = 1;
inline constexpr u64 kTimer = 5;
inline constexpr u64 kExternal = 9;
inline constexpr u64 kFlag = u64{1} << 63;  // in scause
constexpr u64 bit(u64 number) { return u64{1} << number; }
}  // namespace interrupt

/// satp, section 4.1.11.
namespace satp {
using Mode = Field<60, 4>;
using Frame = Field<0, 44>;
inline constexpr u64 kModeSv39 = 8;
constexpr u64 sv39(PhysAddr root) { return Mode::make(kModeSv39) | Frame::make(root.frame()); }
}  // namespace satp

/// Forgets every cached translation of this hart. Always all of them: on some U74 the form that
/// names an address is unreliable (erratum CIP-1200).
inline void flush_translations() { asm volatile("sfence.vma zero, zero" ::: "memory"); }

/// Forgets every instruction that this hart has fetched ahead.
inline void flush_instructions() { asm volatile("fence.i" ::: "memory"); }

/// The counter all harts share.
inline u64 read_time() { return read_csr<Csr::kTime>(); }

/// Whether this hart has register `Which`: tries to read it and catches the trap of its absence.
/// Interrupts off; not inside a trap (sepc and scause are lost).
template <Csr Which>
bool try_read_csr() {
    u64 ok;
    u64 saved;
    asm volatile(
        "la %0, 1f\n"
        "csrrw %1, stvec, %0\n"
        "li %0, 0\n"
        "csrr zero, %2\n"
        "li %0, 1\n"
        ".balign 4\n"
        "1: csrw stvec, %1\n"
        : "=&r"(ok), "=&r"(saved)
        : "i"(Which)
        : "memory");
    return ok != 0;
}
/// The same by writing `value`.
template <Csr Which>
bool try_write_csr(u64 value) {
    u64 ok;
    u64 saved;
    asm volatile(
        "la %0, 1f\n"
        "csrrw %1, stvec, %0\n"
        "li %0, 0\n"
        "csrw %2, %3\n"
        "li %0, 1\n"
        ".balign 4\n"
        "1: csrw stvec, %1\n"
        : "=&r"(ok), "=&r"(saved)
        : "i"(Which), "r"(value)
        : "memory");
    return ok != 0;
}

}  // namespace arch::riscv64
