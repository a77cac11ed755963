// Image: the bytes of a file that segments show, kept for as long as one does.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "mm/frames.h"

namespace kernel::mm {

/// A program's file in memory. Const once made.
class Image : public RefCounted<Image> {
public:
    /// Of bytes that stay where they are for ever, as those of an archive. Errors: kNoMemory.
    static Result<Ref<Image>> of(ConstBytes bytes);
    /// Of the first `size` bytes of `pages`. Errors: kNoMemory.
    static Result<Ref<Image>> of(OwnedPages pages, usize size);
    static void destroy(Image& image);

    ConstBytes bytes() const { return bytes_; }
    /// The page whose first byte is the file's at `offset`, if all of it is the file's and it can
    /// be mapped.
    std::optional<PhysAddr> page_at(u64 offset) const;

private:
    template <class T>
    friend class ObjectCache;
    explicit Image(ConstBytes bytes) : bytes_(bytes) {}
    Image(OwnedPages pages, usize size)
        : pages_(std::move(pages)), bytes_(ConstBytes(pages_.bytes()).first(size)) {}

    OwnedPages pages_;
    ConstBytes bytes_;
};

}  // namespace kernel::mm
