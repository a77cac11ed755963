// Resolver: one walk along a name, element by element.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/namespace.h"
#include "chan/path.h"

namespace kernel::chan {

/// Whether to go into what is mounted on the file that was reached.
enum class Crossing : u8 { kCross, kStay };

/// A position in the tree of names, and what is left of the name.
///
/// Where the walk stands is a channel (`at_`) and a path (`path_`, plus `pending_`, the element
/// walked last, while it is not known whether a mount will be crossed there). Mounts are crossed
/// only when something is wanted of the directory: its entries, or the file itself. So `..` starts
/// from the directory under the mount, as it must.
class Resolver : Pinned {
public:
    Resolver(Caller& caller, std::string_view name) : caller_(caller), name_(name), rest_(name) {}

    /// Checks the name and goes where it starts: the root, the current directory or a device.
    Result<void> start();

    /// Whether elements are left. "." and repeated slashes are none.
    bool has_more() const { return !rest_.empty(); }
    /// The next element, taken off the name.
    std::string_view take();
    /// Whether the name demands a directory by how it ends.
    bool demands_directory() const { return name_.ends_with('/') || name_.ends_with("/."); }

    /// Walks one element, crossing what is mounted here first. On failure it stays here.
    Result<void> step(std::string_view element);
    /// Walks all elements left.
    Result<void> walk_all();

    /// Completes the last step, once: crosses or not. Then `found_by()` says what was crossed.
    Result<void> settle(Crossing crossing);
    const Ref<Union>& found_by() const { return found_by_; }
    /// Whether something is mounted on the file just reached (not settled yet).
    bool is_mounted_upon() const;
    bool is_dir() const { return at_->is_dir(); }

    /// The channel to where the walk stands, for the caller to own and change.
    Result<Ref<Chan>> own();
    /// A further channel to where the walk stands; the walk may go on.
    Result<Ref<Chan>> clone_here() const { return at_->clone(); }
    /// The path of `element` in the directory where the walk stands.
    Result<Ref<Path>> path_of(std::string_view element) const;

    /// Sets the error detail to the name as far as it was taken; returns `error`.
    Error at_element(Error error) const;
    /// Sets the error detail to the whole name; returns `error`.
    Error at_name(Error error) const;

private:
    Result<void> start_at_device();
    Result<void> go_up();
    /// Walks `element` from `from`, changing it in place if this resolver owns it.
    Result<void> walk_from(const Ref<Chan>& from, bool owned, std::string_view element);
    /// The same for the first member that has `element`. Errors: the first that says more than
    /// kNotExist.
    Result<void> walk_union(const Union& from, std::string_view element);
    void stand_at(Ref<Chan> chan, bool owned);
    void skip_separators();
    usize taken() const { return static_cast<usize>(element_end_ - name_.data()); }

    Caller& caller_;
    const std::string_view name_;
    std::string_view rest_;
    const char* element_end_ = nullptr;  // in name_: behind what was taken last

    Ref<Chan> at_;
    bool owned_ = false;   // nobody else holds at_
    bool follows_ = true;  // mounts; not behind `#x`
    Ref<Path> path_;
    std::string_view pending_;
    bool settled_ = false;  // whether the position was crossed, or not, for good
    Ref<Union> found_by_;   // what was crossed when settled
};

}  // namespace kernel::chan
