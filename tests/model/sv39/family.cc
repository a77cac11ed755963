// Family: setup, harts that translate, and the account.
#include "tests/model/sv39/family.h"

#include <algorithm>

namespace model::sv39 {

u32 Memory::held() const {
    u32 held = 0;
    for (const Frame& frame : frames_) {
        if (!frame.taken) continue;
        if (frame.gone.get() == 0) {
            ++held;
            continue;
        }
        for (const auto& entry : frame.table.entries) {
            check(entry.load(std::memory_order_relaxed) == 0, "a table goes back empty");
        }
    }
    return held;
}

Result<PhysAddr> Machine::take() {
    if (short_ && choose(2) != 0) {
        short_ = false;
        return kernel::Error::kNoMemory;
    }
    return memory_.take(space_);
}

std::optional<Pte> Machine::walk(PhysAddr root, u32 page, Attempt attempt) {
    PhysAddr in = root;
    for (unsigned level = kLevels; level-- > 0;) {
        const u64 index = (page >> (kIndexBits * level)) % (1u << kIndexBits);
        // acquire: stands for the address that the next step depends on.
        const Pte pte{table(in).entries[index].load(std::memory_order_acquire)};
        if (!pte.valid() || (pte.is_leaf() && !pte.allows(attempt))) return std::nullopt;
        if (pte.is_leaf()) return pte;
        in = pte.target();
    }
    return std::nullopt;
}

std::optional<Pte> Machine::translate(PhysAddr root, u32 page, Attempt attempt) {
    if (known_[page] && known_[page]->allows(attempt) && choose(2) == 0) return known_[page];
    const std::optional<Pte> walked = walk(root, page, attempt);
    if (walked) known_[page] = walked;
    return walked;
}

void Machine::flush() {
    known_ = {};
    // As an interrupt and its answer are: whatever the other hart does later, it sees what this one
    // has stored; and this one sees that what it did before is over.
    while (elsewhere_.fetch_add(0, std::memory_order_acq_rel) != 0) {
    }
}

bool Machine::load_elsewhere(PhysAddr root, u32 page, u32& word) {
    elsewhere_.exchange(1, std::memory_order_acq_rel);
    const std::optional<Pte> pte = walk(root, page, Attempt::kLoad);
    if (pte) word = memory_.frame(pte->target()).word.get();
    elsewhere_.store(0, std::memory_order_release);
    return pte.has_value();
}

bool Machine::load(PhysAddr root, u32 page, u32& word) {
    const std::optional<Pte> pte = translate(root, page, Attempt::kLoad);
    if (pte) word = memory_.frame(pte->target()).word.get();
    return pte.has_value();
}

bool Machine::store(PhysAddr root, u32 page, u32 word) {
    const std::optional<Pte> pte = translate(root, page, Attempt::kStore);
    if (pte) memory_.frame(pte->target()).word.set(word);
    return pte.has_value();
}

Family::Family(u32 mapped) {
    for (u32 page = 0; page < mapped; ++page) map(0, page, page + 1);
}

void Family::read(u32 number, u32 page) {
    Space& space = spaces_[number];
    u32 word = 0;
    // Ends: a page that is reached may become unreachable again only as often as others freeze.
    while (!space.machine.load(space.root, page, word)) {
        const Pte pte = space.tables->reach(page_at(page));
        check(pte.empty() == (space.seen[page] == 0), "what is mapped is found");
        if (pte.empty()) return;
        space.machine.forget(page);
    }
    check(word == space.seen[page], "a space sees what it wrote, or had when it was made");
}

std::optional<u32> Family::read_elsewhere(u32 number, u32 page) {
    Space& space = spaces_[number];
    u32 word = 0;
    if (!space.machine.load_elsewhere(space.root, page, word)) return std::nullopt;
    return word;
}

bool Family::try_to_own(u32 number, u32 page) {
    Space& space = spaces_[number];
    if (!space.tables->make_writable(page_at(page), Tables::Write::kCopied).ok()) return false;
    space.machine.forget(page);
    return true;
}

bool Family::try_to_write(u32 number, u32 page, u32 word) {
    Space& space = spaces_[number];
    while (!space.machine.store(space.root, page, word)) {
        if (!try_to_own(number, page)) return false;
    }
    space.seen[page] = word;
    return true;
}

bool Family::try_to_map(u32 number, u32 page, u32 word) {
    Space& space = spaces_[number];
    const PhysAddr at = memory_.take(number);
    memory_.frame(at).word.set(word);
    if (!space.tables->map(page_at(page), at, arch::riscv64::sv39::Access::kReadWrite, true).ok()) {
        memory_.give(at);
        return false;
    }
    space.seen[page] = word;
    return true;
}

bool Family::try_to_clear(u32 number, u32 first, u32 end) {
    Space& space = spaces_[number];
    if (!space.tables->clear(page_at(first), page_at(end)).ok()) return false;
    std::fill(space.seen.begin() + first, space.seen.begin() + end, 0u);
    return true;
}

void Family::own(u32 number, u32 page) { check(try_to_own(number, page), "there is memory"); }
void Family::write(u32 number, u32 page, u32 word) {
    check(try_to_write(number, page, word), "there is memory");
}
void Family::map(u32 number, u32 page, u32 word) {
    check(try_to_map(number, page, word), "there is memory");
}
void Family::clear(u32 number, u32 first, u32 end) {
    check(try_to_clear(number, first, end), "there is memory");
}

template <class Try>
void Family::when_short(u32 number, Try&& what) {
    Machine& machine = spaces_[number].machine;
    machine.run_short(true);
    const bool done = what();
    machine.run_short(false);
    if (done) return;
    // Left at that, finish() looks whether all is as it was.
    if (choose(2) != 0) check(what(), "there is memory again");
}
void Family::write_short(u32 number, u32 page, u32 word) {
    when_short(number, [=, this] { return try_to_write(number, page, word); });
}
void Family::map_short(u32 number, u32 page, u32 word) {
    when_short(number, [=, this] { return try_to_map(number, page, word); });
}
void Family::clear_short(u32 number, u32 first, u32 end) {
    when_short(number, [=, this] { return try_to_clear(number, first, end); });
}

void Family::fork(u32 from, u32 into) {
    const u32 taken = memory_.taken(from);
    spaces_[from].tables->fork_into(*spaces_[into].tables);
    check(memory_.taken(from) == taken, "a fork needs no memory");
    spaces_[into].seen = spaces_[from].seen;
}

void Family::exit(u32 number) {
    spaces_[number].machine.flush();
    spaces_[number].tables->clear_all([] {});
    ASSERT(spaces_[number].tables->is_empty());
    spaces_[number].seen = {};
}

void Family::check_all(u32 number) {
    for (u32 page = 0; page < kPages; ++page) read(number, page);
}

void Family::finish() {
    for (u32 number = 0; number < kSpaces; ++number) check_all(number);
    for (u32 number = 0; number < kSpaces; ++number) exit(number);
    check(memory_.held() == kSpaces, "F5: all is given back but the roots");
}

}  // namespace model::sv39
