// Pages in a map.
#include "tests/interpreter/paged_memory.h"

namespace interpreter_tests {

namespace {

bool allows(Permissions permissions, Attempt attempt) {
    switch (attempt) {
        case Attempt::kLoad:
            return permissions.load;
        case Attempt::kStore:
            return permissions.store;
        default:
            return permissions.execute;
    }
}

u64 page_of(u64 address) { return kernel::align_down(address, kernel::kPageSize); }

}  // namespace

void PagedMemory::map(u64 page, Permissions permissions) { pages_[page].permissions = permissions; }

std::byte* PagedMemory::at(u64 address) {
    std::vector<u64>& words = pages_.at(page_of(address)).words;
    return reinterpret_cast<std::byte*>(words.data()) + address % kernel::kPageSize;
}

u64 PagedMemory::peek(u64 address, unsigned size) {
    u64 value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::to_integer<u64>(*at(address + i)) << (8 * i);
    return value;
}

void PagedMemory::poke(u64 address, u64 value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) *at(address + i) = static_cast<std::byte>(value >> (8 * i));
}

void PagedMemory::write_code(u64 address, const std::vector<kernel::u16>& code) {
    for (const kernel::u16 half : code) {
        poke(address, half, 2);
        address += 2;
    }
}

Translation PagedMemory::translate(kernel::VirtAddr address, Attempt attempt) {
    ++translations_;
    const auto page = pages_.find(page_of(address.value));
    if (page == pages_.end() || !allows(page->second.permissions, attempt)) {
        return {nullptr, Translation::Fault::kPage};
    }
    if (broken_ == page->first) return {nullptr, Translation::Fault::kAccess};
    return {at(address.value)};
}

std::optional<u64> PagedMemory::counter(Counter counter, u64 retired) {
    switch (counter) {
        case Counter::kCycle:
            return cycle;
        case Counter::kTime:
            return time;
        default:
            return instret ? std::optional(*instret + retired) : std::nullopt;
    }
}

}  // namespace interpreter_tests
