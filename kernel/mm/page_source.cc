// The page source of the kernel's own stores: frames, counted.
#include "mm/page_source.h"

#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/internal.h"

namespace kernel::mm {
namespace {

class FrameSource final : public PageSource {
public:
    constexpr FrameSource() = default;

    Result<Bytes> take(u32 order) override {
        const usize count = usize{1} << order;
        const PhysAddr start = TRY(allocate_pages(count, PageFill::kAny));
        detail::page_classes.slabs.add(count);
        return Bytes{machine::direct_map(start).as<std::byte>(), count * kPageSize};
    }
    void give_back(Bytes run) override {
        const usize count = run.size() / kPageSize;
        free_pages(machine::physical_of(VirtAddr::of(run.data())), count);
        detail::page_classes.slabs.sub(count);
    }
};
constinit FrameSource source;

}  // namespace

PageSource& frame_source() { return source; }

}  // namespace kernel::mm
