// Places for kernel stacks: the first free one is taken.
#include "mm/stack_places.h"

#include "base/assert.h"
#include "base/lowest_bit.h"
#include "mm/frames.h"
#include "mm/internal.h"

namespace kernel::mm {

void StackPlaces::initialize(machine::KernelArea area) {
    this->~StackPlaces();
    ::new (this) StackPlaces;
    start_ = area.start;
    count_ =
        static_cast<u32>(std::min<u64>(area.size / kPlaceBytes, u64{kPagesMax} * kBitsPerPage));
}

std::optional<u32> StackPlaces::find(u32& missing) {
    for (u32 place = first_free_; place < count_;) {
        Words* words = pages_[place / kBitsPerPage];
        if (words == nullptr) {
            missing = place / kBitsPerPage;
            return std::nullopt;
        }
        u64& word = (*words)[place % kBitsPerPage / 64];
        const u64 free = ~word & (~u64{0} << (place % 64));
        if (free == 0) {
            place = (place / 64 + 1) * 64;
            continue;
        }
        place = place / 64 * 64 + lowest_bit(free);
        if (place >= count_) break;
        word |= u64{1} << (place % 64);
        first_free_ = place + 1;
        return place;
    }
    first_free_ = count_;
    missing = kPagesMax;
    return std::nullopt;
}

Result<void> StackPlaces::add_page(u32 index) {
    const PhysAddr page = TRY(allocate_page(PageFill::kZero));
    {
        sync::IrqSaveGuard guard(lock_);
        if (pages_[index] == nullptr) {
            pages_[index] = machine::direct_map(page).as<Words>();
            detail::page_classes.tables.add();
            return {};
        }
    }
    free_page(page);  // another hart was faster
    return {};
}

Result<VirtAddr> StackPlaces::take() {
    for (;;) {  // each turn finds a place, adds one of kPagesMax pages, or fails
        u32 missing = 0;
        {
            sync::IrqSaveGuard guard(lock_);
            if (const std::optional<u32> place = find(missing); place) {
                return start_ + *place * kPlaceBytes + kPageSize;
            }
        }
        if (missing == kPagesMax) return Error::kNoMemory;
        TRY(add_page(missing));
    }
}

void StackPlaces::give_back(VirtAddr stack) {
    const u32 place = static_cast<u32>((stack - start_) / kPlaceBytes);
    ASSERT(place < count_ && stack == start_ + place * kPlaceBytes + kPageSize);
    sync::IrqSaveGuard guard(lock_);
    u64& word = (*pages_[place / kBitsPerPage])[place % kBitsPerPage / 64];
    const u64 bit = u64{1} << (place % 64);
    ASSERT((word & bit) != 0);
    word &= ~bit;
    first_free_ = std::min(first_free_, place);
}

bool StackPlaces::is_guard(VirtAddr address) const {
    if (address < start_ || address >= start_ + count_ * kPlaceBytes) return false;
    return (address - start_) % kPlaceBytes < kPageSize;
}

}  // namespace kernel::mm
