// Page table entries of Sv39: their bits, as in the Privileged Architecture 1.12, section 4.4.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sv39 {

/// Levels count from the leaves: a leaf at level 0 maps 4 KiB, at 1 a megapage, at 2 a gigapage.
inline constexpr unsigned kLevels = 3;
inline constexpr usize kEntries = 512;
inline constexpr unsigned kAddressBits = 39;

constexpr u64 leaf_size(unsigned level) { return u64{kPageSize} << (9 * level); }
/// Which entry of the table at `level` leads to `at`.
constexpr usize entry_index(VirtAddr at, unsigned level) {
    return (at.value >> (12 + 9 * level)) % kEntries;
}
/// Whether bits 63..39 of `at` copy bit 38, as the hardware demands.
constexpr bool is_canonical(VirtAddr at) {
    const i64 high = static_cast<i64>(at.value) >> (kAddressBits - 1);
    return high == 0 || high == -1;
}

/// What may be done with a page. Never written and executed: there is no name for it.
enum class Access : u8 { kRead, kReadWrite, kReadExecute };

/// What an instruction tried to do with a page.
enum class Attempt : u8 { kLoad, kStore, kExecute };

/// One entry. Bits 63..54 stay zero: no Svpbmt, no Svnapot.
struct Pte {
    u64 bits = 0;

    using Valid = Field<0, 1>;
    using Read = Field<1, 1>;
    using Write = Field<2, 1>;
    using Execute = Field<3, 1>;
    using User = Field<4, 1>;
    using Global = Field<5, 1>;
    using Accessed = Field<6, 1>;
    using Dirty = Field<7, 1>;
    using Counted = Field<8, 1>;  // ours: a user page whose references are counted
    using Lazy = Field<9, 1>;     // ours, where Valid is clear: leads to a table all the same
    using Frame = Field<10, 44>;
    using Reserved = Field<54, 10>;

    /// A kernel page. A is set, and D where writing is allowed, so that hardware that does not set
    /// them itself never faults for them.
    static constexpr Pte leaf(PhysAddr page, Access access) {
        u64 bits = Valid::kMask | Read::kMask | Global::kMask | Accessed::kMask;
        if (access == Access::kReadWrite) bits |= Write::kMask | Dirty::kMask;
        if (access == Access::kReadExecute) bits |= Execute::kMask;
        return {bits | Frame::make(page.frame())};
    }
    static constexpr Pte table(PhysAddr page) { return {Valid::kMask | Frame::make(page.frame())}; }
    /// A page of user mode, A and D as above. `counted`: it goes when nothing leads to it any more.
    static constexpr Pte user_leaf(PhysAddr page, Access access, bool counted) {
        const u64 bits = leaf(page, access).bits & ~Global::kMask;
        return {bits | User::kMask | Counted::make(counted)};
    }
    /// The same page as programs cannot load from and store to, though the kernel does; where it
    /// may be executed it still is. For what was shown, and shown() for what was hidden.
    constexpr Pte hidden() const { return {bits & ~(executable() ? Read::kMask : User::kMask)}; }
    constexpr Pte shown() const { return {bits | Read::kMask | User::kMask}; }
    /// A table that hardware must not walk yet.
    static constexpr Pte lazy(PhysAddr page) { return {Lazy::kMask | Frame::make(page.frame())}; }

    constexpr bool valid() const { return Valid::get(bits) != 0; }
    constexpr bool empty() const { return bits == 0; }
    constexpr bool is_lazy() const { return !valid() && Lazy::get(bits) != 0; }
    constexpr bool counted() const { return Counted::get(bits) != 0; }
    constexpr bool is_leaf() const {
        return valid() && (bits & (Read::kMask | Write::kMask | Execute::kMask)) != 0;
    }
    constexpr bool writable() const { return Write::get(bits) != 0; }
    constexpr bool executable() const { return Execute::get(bits) != 0; }
    /// Of a page of user mode.
    constexpr bool is_hidden() const { return bits != shown().bits; }
    constexpr PhysAddr target() const { return {Frame::get(bits) << kernel::kPageShift}; }

    /// Whether the permission bits, A and D aside, allow `attempt`.
    constexpr bool allows(Attempt attempt) const {
        switch (attempt) {
            case Attempt::kLoad:
                return Read::get(bits) != 0;
            case Attempt::kStore:
                return Read::get(bits) != 0 && writable();
            case Attempt::kExecute:
                return executable();
        }
        return false;
    }

    /// Whether a program may do it.
    constexpr bool allows_program(Attempt attempt) const {
        return User::get(bits) != 0 && allows(attempt);
    }

    constexpr bool operator==(const Pte&) const = default;
};

static_assert(Pte::Frame::kLo + Pte::Frame::kWidth == Pte::Reserved::kLo);
static_assert(Pte::leaf({0x80201000}, Access::kReadExecute).bits == (0x80201000 >> 2 | 0x6b));
static_assert(Pte::leaf({0x80201000}, Access::kReadWrite).bits == (0x80201000 >> 2 | 0xe7));

}  // namespace arch::riscv64::sv39
