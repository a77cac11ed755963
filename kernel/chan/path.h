// Path: the name a channel was reached by, and where it crossed mount points.
#pragma once

#include "base/format.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"

namespace kernel::chan {

class Chan;

/// The longest path text in bytes; beyond it a walk fails with kNameTooLong.
inline constexpr usize kPathMax = 4096;

/// A path is a chain of elements, each pointing to its parent; chains share their beginnings.
/// Immutable, so it is read without locks.
///
///     "/" <── "n" <── "x" (mount point: the directory x that something was bound over)
///
/// An element remembers the directory it would name without the mount, so that `..` from a mounted
/// root finds its way back.
class Path : public RefCounted<Path> {
public:
    /// A first element: "/" or "#p". Errors: kNoMemory, kNameTooLong.
    static Result<Ref<Path>> create_root(std::string_view text, Ref<Chan> mount_point = {});
    /// `name` in `parent`. Errors: kNoMemory, kNameTooLong.
    static Result<Ref<Path>> create_child(Ref<Path> parent, std::string_view name,
                                          Ref<Chan> mount_point = {});

    /// The same text with another mount point (or none). Errors: kNoMemory.
    Result<Ref<Path>> with_mount_point(Ref<Chan> mount_point) const;

    /// Null at the first element.
    const Ref<Path>& parent() const { return parent_; }
    std::string_view element() const;
    /// The directory under the mount, if a mount was crossed at this element; else null. Its own
    /// path says nothing.
    const Ref<Chan>& mount_point() const { return mount_point_; }

    /// Bytes of the text; at most kPathMax.
    usize length() const { return length_; }
    /// Writes the whole text. Any context the sink allows. Cost: O(elements), no allocation.
    void write_to(Sink& sink) const;
    /// Copies the text, cut to `out`, and returns it.
    std::string_view copy_to(std::span<char> out) const;

private:
    friend class Ref<Path>;
    friend class Release;

    Path(Ref<Path> parent, Ref<Chan> mount_point, std::string_view element, usize length);
    ~Path();
    static Result<Ref<Path>> create(Ref<Path> parent, Ref<Chan> mount_point,
                                    std::string_view element, usize length);
    static void free(Path& path);
    static void destroy(Path& path);
    /// Copies those bytes of the text that lie in [start, start + window.size()).
    void copy_window(usize start, std::span<char> window) const;

    // All const after create.
    Ref<Path> parent_;
    Ref<Chan> mount_point_;
    u32 length_;
    u32 element_size_;
    // The element's bytes follow the object.
};

/// Writes the path in rc quotes where rc would need them.
void put_quoted_path(Sink& sink, const Path& path);

}  // namespace kernel::chan
