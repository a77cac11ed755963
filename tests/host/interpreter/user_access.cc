// The accesses that are not of one aligned word on a page that is known.
#include "tests/host/interpreter/user_access.h"

namespace host::interpreter {

namespace {

Cause cause_of(Attempt attempt, Translation::Fault fault) {
    const bool page = fault == Translation::Fault::kPage;
    switch (attempt) {
        case Attempt::kExecute:
            return page ? Cause::kInstructionPageFault : Cause::kInstructionAccessFault;
        case Attempt::kLoad:
            return page ? Cause::kLoadPageFault : Cause::kLoadAccessFault;
        default:
            return page ? Cause::kStorePageFault : Cause::kStoreAccessFault;
    }
}

std::atomic_ref<std::byte> shared(std::byte& byte) { return std::atomic_ref<std::byte>(byte); }

}  // namespace

std::byte* UserAccess::look_up(u64 at, Attempt attempt) {
    const Translation found = environment_.translate(VirtAddr{at}, attempt);
    if (found.host == nullptr) {
        trap_ = {cause_of(attempt, found.fault), at};
        return nullptr;
    }
    cache_.put(at, attempt, found.host);
    return found.host;
}

UserAccess::Run UserAccess::locate_run(u64 at, unsigned size, Attempt attempt) {
    const u64 to_page_end = kernel::kPageSize - at % kernel::kPageSize;
    std::byte* const first = locate(at, attempt);
    if (first == nullptr || size <= to_page_end) return {first, nullptr, size};
    // stval names the part that faulted: the beginning of the next page.
    std::byte* const second = locate(at + to_page_end, attempt);
    return {second == nullptr ? nullptr : first, second, to_page_end};
}

std::optional<u64> UserAccess::load_bytes(u64 at, unsigned size) {
    const Run run = locate_run(at, size, Attempt::kLoad);
    if (run.first == nullptr) return std::nullopt;
    u64 value = 0;
    for (unsigned i = 0; i < size; ++i) {
        // relaxed: as for aligned accesses.
        const std::byte byte = shared(run.byte(i)).load(std::memory_order_relaxed);
        value |= std::to_integer<u64>(byte) << (8 * i);
    }
    return value;
}

bool UserAccess::store_bytes(u64 at, u64 value, unsigned size) {
    const Run run = locate_run(at, size, Attempt::kStore);
    if (run.first == nullptr) return false;
    for (unsigned i = 0; i < size; ++i) {
        // relaxed: as for aligned accesses.
        shared(run.byte(i))
            .store(static_cast<std::byte>(value >> (8 * i)), std::memory_order_relaxed);
    }
    return true;
}

}  // namespace host::interpreter
