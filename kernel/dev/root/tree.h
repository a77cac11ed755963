// RootTree: the files and directories of #/, built once from archives.
#pragma once

#include "base/assert.h"
#include "base/result.h"
#include "base/std.h"
#include "dev/root/archive.h"
#include "mm/heap.h"

namespace kernel::dev {

/// The index of a file or directory; 0 is the root. Also its Qid path.
using NodeIndex = u32;
inline constexpr NodeIndex kRootNode = 0;
inline constexpr NodeIndex kNoNode = ~NodeIndex{0};

/// A file or directory. Names and data lie in the archives.
struct RootNode {
    std::string_view name;
    ConstBytes data;
    u32 mtime = 0;
    u32 permissions = 0555;
    bool is_dir = true;
    NodeIndex parent = kRootNode;
    NodeIndex first_child = kNoNode;
    NodeIndex last_child = kNoNode;
    NodeIndex next = kNoNode;  // child of the same parent
};

/// A tree that only grows while it is built, and is const after.
class RootTree : Pinned {
public:
    constexpr RootTree() = default;

    /// Adds all entries of `archives`, which must stay where they are. Of two entries with one name
    /// the later wins; directories above an entry come by themselves. What is damaged, absurd or
    /// neither file nor directory is logged and left out; the rest stays.
    /// Errors: kNoMemory.
    Result<void> add(ConstBytes archives);
    /// Adds an empty directory, if there is nothing of that name. Errors: kNoMemory, kBadName.
    Result<void> add_directory(std::string_view name);

    /// The child `name` of `parent`, or kNoNode. Cost: O(children).
    NodeIndex find(NodeIndex parent, std::string_view name) const;
    /// Const once the tree is built. `index` is of this tree.
    const RootNode& at(NodeIndex index) const {
        ASSERT(index < size_);
        return nodes()[index];
    }
    usize size() const { return size_; }

private:
    std::span<RootNode> nodes() const {
        return {reinterpret_cast<RootNode*>(memory_.data()), size_};
    }
    Result<NodeIndex> append(RootNode node);
    Result<NodeIndex> make_child(NodeIndex parent, std::string_view name);
    /// The node of `path`, made with the directories above it if need be.
    Result<NodeIndex> make(std::string_view path);
    Result<void> add_entry(const ArchiveEntry& entry);

    mm::Buffer memory_;
    usize size_ = 0;
};

}  // namespace kernel::dev
