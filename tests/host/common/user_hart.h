// UserHart: user mode of one hart: the space it runs in, its interpreter, and how other harts make
// it forget translations.
#pragma once

#include "base/atomic.h"
#include "machine/hart.h"
#include "machine/user.h"
#include "tests/host/interpreter/interpreter.h"

namespace host {

using kernel::u32;
using kernel::u64;
using kernel::VirtAddr;

/// One per hart of the machine that runs. A hart uses translations only while it is *inside*: for a
/// slice of a program, or for a copy within one page; both end soon and wait for nobody. Who wants
/// them gone raises the hart's fences and waits until it was outside.
///
/// Ordering: [host.fence] who comes inside turns `turns_` odd and then looks at `fences_`; who
///   fences raises `fences_` and then looks at `turns_`; all seq_cst. So either the one that fences
///   sees the other inside and waits, or that one sees the fence, forgets, and walks tables as they
///   are now.
///   [host.outside] going outside releases what was done inside, who sees it acquires: what a page
///   held is over when the fence is.
/// Context: interrupts off, on the hart itself, but for fence() and is_inside_since().
class UserHart final : interpreter::UserEnvironment, kernel::Pinned {
public:
    /// The hart is inside while this lives.
    class Inside : kernel::Pinned {
    public:
        explicit Inside(UserHart& hart) : hart_(hart) { hart_.come_inside(); }
        ~Inside() { hart_.go_outside(); }

    private:
        UserHart& hart_;
    };

    void run_in(kernel::machine::UserSpace* space, kernel::machine::UserRegisters* registers);
    bool runs_somewhere() const { return space_ != nullptr; }
    /// Those of the program that runs.
    kernel::machine::UserRegisters& registers() const { return *registers_; }

    /// Where its programs find their calls.
    const kernel::machine::SystemCallTable& calls() const { return *calls_; }
    void use_calls(const kernel::machine::SystemCallTable& table) { calls_ = &table; }

    /// Forgets translations before they are used again.
    void forget() { stale_ = true; }
    /// Lets the program's next store-conditional fail.
    void yield_reservation() { interpreter_.yield_reservation(); }

    /// Executes up to `steps` instructions of the program.
    interpreter::Stop run(u64 steps);
    /// Where the byte at `at` is, by the tables. Good while inside.
    interpreter::Translation translate(VirtAddr at, interpreter::Attempt attempt) override;
    /// The same for the kernel, from which nothing is hidden.
    interpreter::Translation translate_for_kernel(VirtAddr at, interpreter::Attempt attempt);

    /// From another hart or this one: lets it forget translations before it next uses one. What is
    /// returned says whether it is inside, for is_inside_since().
    u64 fence();
    /// Whether it is still inside as it was when fence() returned `turn`.
    bool is_inside_since(u64 turn) const;

private:
    template <class Allows>
    interpreter::Translation find(VirtAddr at, Allows&& allows);
    std::optional<u64> counter(interpreter::Counter counter, u64 retired) override;
    void come_inside();
    void go_outside();

    // The hart's own.
    kernel::machine::UserSpace* space_ = nullptr;
    kernel::machine::UserRegisters* registers_ = nullptr;
    const kernel::machine::SystemCallTable* calls_ =
        &kernel::machine::upcalls::procyon_system_calls;
    interpreter::Interpreter interpreter_{*this};
    bool stale_ = false;
    u64 fences_seen_ = 0;

    kernel::Atomic<u64> turns_{0};   // atomic: [host.fence] odd: inside
    kernel::Atomic<u64> fences_{0};  // atomic: [host.fence]
};

/// Makes those of a machine with `count` harts, which run in no space. Outside of a machine.
void reset_user_harts(u32 count);
UserHart& user_hart(kernel::machine::HartIndex hart);
/// That of the running hart. Interrupts off.
UserHart& my_user_hart();

}  // namespace host
