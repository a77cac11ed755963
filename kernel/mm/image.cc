// Images, and which of their pages can be mapped.
#include "mm/image.h"

#include "machine/memory.h"
#include "mm/object_cache.h"

namespace kernel::mm {
namespace {

constinit ObjectCache<Image> images("image");

}  // namespace

Result<Ref<Image>> Image::of(ConstBytes bytes) {
    return Ref<Image>::adopt(*TRY(images.create(bytes)));
}

Result<Ref<Image>> Image::of(OwnedPages pages, usize size) {
    return Ref<Image>::adopt(*TRY(images.create(std::move(pages), size)));
}

void Image::destroy(Image& image) { images.destroy(image); }

std::optional<PhysAddr> Image::page_at(u64 offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < kPageSize) return std::nullopt;
    const std::optional<PhysAddr> page =
        machine::physical_of_constant(VirtAddr::of(bytes_.data() + offset));
    if (!page || !is_aligned(page->value, kPageSize)) return std::nullopt;
    return page;
}

}  // namespace kernel::mm
