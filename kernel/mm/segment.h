// Segment: a range of user memory, and what is to be seen there.
#pragma once

#include "base/ref.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/user_space.h"
#include "mm/image.h"
#include "mm/shared_pages.h"

namespace kernel::mm {

/// What a segment is for; what `/proc/n/segment` calls it follows from this.
enum class SegmentKind : u8 {
    kText,
    kData,
    kBss,
    kStack,
    kMemory,    // attached: a copy in each fork
    kShared,    // attached: one for all who have it
    kPhysical,  // attached: registers of a device, the same for all
};

/// A range of pages with one permission. Where `image` has bytes for it they are what it shows at
/// first, elsewhere zeroes. Pages of a shared one are numbered from its start. A value.
struct Segment {
    VirtAddr start{};  // whole pages
    VirtAddr end{};    // of a shared one, which others may make larger: as far as it may reach here
    SegmentKind kind = SegmentKind::kBss;
    machine::UserAccess access = machine::UserAccess::kReadWrite;
    bool kept_by_exec = false;
    Ref<SharedPages> shared{};  // whose pages it shows; null: each space has its own
    Ref<Image> image{};         // null: all zeroes
    VirtAddr data_start{};      // where the image's bytes lie, in [start, end]
    u64 data_size = 0;
    u64 image_offset = 0;  // of the byte at data_start
    PhysAddr device{};     // of a physical one: what it shows at its start
    u64 resident = 0;      // see AddressSpace::resident(); the space's

    /// Where it ends now: whoever grows a shared one grows it for all who have room for it.
    VirtAddr top() const {
        return shared ? std::min(start + shared->size() * kPageSize, end) : end;
    }
    bool is_attached() const {
        return kind == SegmentKind::kMemory || kind == SegmentKind::kShared ||
               kind == SegmentKind::kPhysical;
    }
    bool contains(VirtAddr at) const { return at >= start && at < top(); }
    bool allows(machine::UserAttempt attempt) const {
        switch (attempt) {
            case machine::UserAttempt::kLoad:
                return true;
            case machine::UserAttempt::kStore:
                return access == machine::UserAccess::kReadWrite;
            case machine::UserAttempt::kExecute:
                return access == machine::UserAccess::kReadExecute;
        }
        return false;
    }
    u64 pages() const { return (top() - start) / kPageSize; }
};

}  // namespace kernel::mm
