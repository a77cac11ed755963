// TranslationCache: the translations that were used last, as a hart's TLB holds them.
#pragma once

#include "base/units.h"
#include "tests/host/interpreter/user_environment.h"

namespace host::interpreter {

/// One entry per slot, kind of attempt and page: a new page takes the slot of an old one. Faults
/// are not held, so a page that comes to be mapped needs no forget().
class TranslationCache {
public:
    /// Where the byte at `at` is, or null if that is not known.
    std::byte* find(kernel::u64 at, Attempt attempt) const {
        const Slot& slot = slots_[index(at, attempt)];
        return slot.page == page_of(at) ? slot.host + offset_of(at) : nullptr;
    }

    /// Remembers that the byte at `at` is at `host`.
    void put(kernel::u64 at, Attempt attempt, std::byte* host) {
        slots_[index(at, attempt)] = {page_of(at), host - offset_of(at)};
    }

    void forget() { slots_.fill({}); }

private:
    struct Slot {
        kernel::u64 page = ~kernel::u64{0};  // no page: their numbers have fewer bits
        std::byte* host = nullptr;
    };
    static constexpr kernel::usize kSlots = 64;  // of each kind of attempt; a power of two

    static kernel::u64 page_of(kernel::u64 at) { return at >> kernel::kPageShift; }
    static kernel::u64 offset_of(kernel::u64 at) { return at % kernel::kPageSize; }
    static kernel::usize index(kernel::u64 at, Attempt attempt) {
        return static_cast<kernel::usize>(attempt) * kSlots + page_of(at) % kSlots;
    }

    std::array<Slot, 3 * kSlots> slots_{};
};

}  // namespace host::interpreter
