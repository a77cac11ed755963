// UserSpace: the page tables of user memory, as the machine keeps them, and running on them.
#pragma once

#include "base/assert.h"
#include "base/atomic.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/page_record.h"

namespace kernel::machine {

/// The records of `count` pages from frame `first` on, `step` bytes apart.
struct PageRecordRun {
    u64 first = 0;
    u64 count = 0;
    usize step = 0;
    std::byte* records = nullptr;

    /// The record of `page`; null if it is not in the run. Cost: some instructions, in line.
    PageRecord* find(PhysAddr page) const {
        const u64 at = page.frame() - first;
        return at < count ? reinterpret_cast<PageRecord*>(records + at * step) : nullptr;
    }
};

/// What mm does for the tables of user memory. Any context that may allocate; errors: kNoMemory.
struct UserPages {
    PageRecord& (*record)(PhysAddr page);
    PageRecordRun run{};  // of pages for which record() need not be asked; may be empty
    Result<PhysAddr> (*take_table)();    // zeroes, and a fresh record
    void (*give_table)(PhysAddr table);  // zeroes again
    Result<PhysAddr> (*take_page)();     // whatever it holds, and a fresh record
    void (*give_page)(PhysAddr page);
};
/// Context: boot, before any space is opened.
void set_user_pages(const UserPages& pages);

/// What may be done with a page. Never written and executed.
enum class UserAccess : u8 { kRead, kReadWrite, kReadExecute };
/// What was tried with a page.
enum class UserAttempt : u8 { kLoad, kStore, kExecute };

/// User memory is [0, kUserEnd).
inline constexpr u64 kUserEnd = u64{1} << 38;

/// The tables of one address space. Who owns it calls under one lock, but for what says otherwise.
/// A fork costs the same whatever is mapped: arch/riscv64/sv39/user_tables.h says how.
class UserSpace : Pinned {
public:
    constexpr UserSpace() = default;
    ~UserSpace() { ASSERT(!is_open()); }

    /// Makes it usable: nothing mapped. Errors: kNoMemory.
    Result<void> open();
    /// Unmaps everything and gives the tables back. No hart runs in it. `pause` is called now and
    /// then, for it takes as long as there is to unmap. Nothing if it is not open.
    void close(void (*pause)());
    bool is_open() const { return root_.value != 0; }

    /// What the tables say to `attempt` at `at`, once hardware can find what there is.
    enum class Answer : u8 {
        kNothing,    // nothing is mapped there
        kForbidden,  // something is, but it must not be used so (yet)
        kBorrowed,   // the same, and it is a page that is not counted
        kHidden,     // it could be used so, but it is hidden from programs
        kAllowed,    // a hart that faulted all the same remembers what was: catch_up()
    };
    Answer reach(VirtAddr at, UserAttempt attempt);

    /// Maps the page at `page` at `at`, where nothing is. A counted page comes with one reference,
    /// which the space has from then on. Errors: kNoMemory; then nothing has changed.
    Result<void> map(VirtAddr at, PhysAddr page, UserAccess access, bool counted,
                     bool hidden = false);

    /// Hides the pages that are mapped in [begin, end) from loads and stores of programs, which
    /// fault there from now on, on all harts; the kernel's own and executing go on. A page stays
    /// hidden when it is written or forked. Errors: kNoMemory; then a part may be hidden.
    Result<void> hide(VirtAddr begin, VirtAddr end);
    /// Shows the page at `at`, which must be mapped, again. Errors: kNoMemory.
    Result<void> show(VirtAddr at);

    /// How a page that others see is written to.
    enum class Write : u8 {
        kCopied,  // a copy of it is made, unless nobody else has it
        kShared,  // it itself
    };
    /// Gives the page at `at`, which is mapped and not executable, write permission. Errors:
    /// kNoMemory; then what is seen at `at` has not changed.
    Result<void> make_writable(VirtAddr at, Write write);

    /// Unmaps [begin, end), whole pages. On return no hart reaches them. Errors: kNoMemory, if a
    /// table must be copied to lose a part; then what is seen has not changed.
    Result<void> clear(VirtAddr begin, VirtAddr end);

    /// Makes `child`, open and empty, see what this one sees now; what either writes later, only it
    /// sees. Cost: a store a gigabyte that is used, and a flush.
    void fork_into(UserSpace& child);

    /// The page mapped at `at`, if any.
    std::optional<PhysAddr> find(VirtAddr at);

    /// For the machine: the tables, and which harts run on them, a bit a hart.
    PhysAddr root() const { return root_; }
    Atomic<u64>& harts() { return harts_; }

private:
    PhysAddr root_{};       // const while open
    Atomic<u64> harts_{0};  // atomic: [user.harts]
};

struct UserRegisters;
struct FloatRegisters;

/// From here on this hart runs in `space`, traps from user mode saving registers in `registers`,
/// and the program's floating-point registers being kept in `floats`; those of the program that ran
/// before are where its run_in() said. All null: in none, with the kernel's tables only. Context:
/// interrupts off.
void run_in(UserSpace* space, UserRegisters* registers, FloatRegisters* floats);

/// Forgets what this hart remembers of the space it runs in. Any context.
void catch_up_with_user_space();

}  // namespace kernel::machine
