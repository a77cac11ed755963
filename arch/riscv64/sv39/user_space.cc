// UserSpace over BasicUserTables: what is the same on hardware and on the host.
#include "machine/user_space.h"

#include "arch/riscv64/sv39/user_space_hooks.h"
#include "arch/riscv64/sv39/user_tables.h"
#include "machine/memory.h"

namespace kernel::machine {
namespace {

namespace sv39 = arch::riscv64::sv39;

constinit UserPages pages{};  // const after boot

/// Memory and harts, as BasicUserTables wants to see them for one space.
class SpaceMachine {
public:
    template <class T>
    using Atomic = kernel::Atomic<T>;
    static constexpr unsigned kIndexBits = 9;

    explicit SpaceMachine(Atomic<u64>& harts) : harts_(harts) {}

    sv39::Table& table(PhysAddr at) { return *direct_map(at).as<sv39::Table>(); }
    PageRecord& record(PhysAddr page) {
        // A table has 512 entries, and each leads to a record.
        PageRecord* const found = pages.run.find(page);
        return found != nullptr ? *found : pages.record(page);
    }
    Result<PhysAddr> take_table() { return pages.take_table(); }
    void give_table(PhysAddr table) { pages.give_table(table); }
    Result<PhysAddr> take_page() { return pages.take_page(); }
    void give_page(PhysAddr page) { pages.give_page(page); }
    void copy_page(PhysAddr to, PhysAddr from) {
        std::copy_n(direct_map(from).as<const u64>(), kPageSize / sizeof(u64),
                    direct_map(to).as<u64>());
    }
    void flush() {
        // [user.harts] seq_cst, and a write so that it comes after the change to the tables; pairs
        // with seq_cst in run_in(): a hart that is not seen here forgets after it came, and so sees
        // the change.
        const u64 running = harts_.fetch_or(0, std::memory_order_seq_cst);
        if (running != 0) sv39::fence_user_translations(running);
    }

private:
    Atomic<u64>& harts_;
};

using Tables = sv39::BasicUserTables<SpaceMachine>;

/// The tables of one space, for the length of one call.
struct View {
    explicit View(UserSpace& space) : machine(space.harts()), tables(machine, space.root()) {}

    SpaceMachine machine;
    Tables tables;
};

sv39::Access access_of(UserAccess access) {
    switch (access) {
        case UserAccess::kRead:
            return sv39::Access::kRead;
        case UserAccess::kReadWrite:
            return sv39::Access::kReadWrite;
        case UserAccess::kReadExecute:
            return sv39::Access::kReadExecute;
    }
    return sv39::Access::kRead;
}

sv39::Attempt attempt_of(UserAttempt attempt) {
    switch (attempt) {
        case UserAttempt::kLoad:
            return sv39::Attempt::kLoad;
        case UserAttempt::kStore:
            return sv39::Attempt::kStore;
        case UserAttempt::kExecute:
            return sv39::Attempt::kExecute;
    }
    return sv39::Attempt::kLoad;
}

}  // namespace

static_assert(kUserEnd == Tables::kUserEnd);

void set_user_pages(const UserPages& given) { pages = given; }

Result<void> UserSpace::open() {
    ASSERT(!is_open());
    root_ = TRY(pages.take_table());
    sv39::add_kernel_half(root_);
    return {};
}

void UserSpace::close(void (*pause)()) {
    if (!is_open()) return;
    // [user.harts] acquire: what the last harts did there; pairs with acq_rel in run_in().
    ASSERT(harts_.load(std::memory_order_acquire) == 0);
    View(*this).tables.clear_all(pause);
    sv39::remove_kernel_half(root_);
    pages.give_table(std::exchange(root_, PhysAddr{}));
}

UserSpace::Answer UserSpace::reach(VirtAddr at, UserAttempt attempt) {
    const sv39::Pte pte = View(*this).tables.reach(at);
    if (pte.empty()) return Answer::kNothing;
    if (pte.shown().allows(attempt_of(attempt))) {
        return pte.allows_program(attempt_of(attempt)) ? Answer::kAllowed : Answer::kHidden;
    }
    return pte.counted() ? Answer::kForbidden : Answer::kBorrowed;
}

Result<void> UserSpace::map(VirtAddr at, PhysAddr page, UserAccess access, bool counted,
                            bool hidden) {
    return View(*this).tables.map(at, page, access_of(access), counted, hidden);
}

Result<void> UserSpace::hide(VirtAddr begin, VirtAddr end) {
    return View(*this).tables.hide(begin, end);
}

Result<void> UserSpace::show(VirtAddr at) { return View(*this).tables.show(at); }

Result<void> UserSpace::make_writable(VirtAddr at, Write write) {
    return View(*this).tables.make_writable(
        at, write == Write::kCopied ? Tables::Write::kCopied : Tables::Write::kShared);
}

Result<void> UserSpace::clear(VirtAddr begin, VirtAddr end) {
    return View(*this).tables.clear(begin, end);
}

void UserSpace::fork_into(UserSpace& child) {
    View to(child);
    View(*this).tables.fork_into(to.tables);
}

std::optional<PhysAddr> UserSpace::find(VirtAddr at) {
    const sv39::Pte pte = View(*this).tables.reach(at);
    if (pte.empty()) return std::nullopt;
    return pte.target();
}

}  // namespace kernel::machine
