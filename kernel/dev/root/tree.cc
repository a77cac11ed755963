// Building the root's tree from what archives say.
#include "dev/root/tree.h"

#include "base/log.h"
#include "base/version.h"
#include "chan/stat.h"

namespace kernel::dev {
namespace {

static_assert(std::is_trivially_copyable_v<RootNode> && alignof(RootNode) <= 16);

/// Takes the first element off `path`; empty when there is none.
std::string_view take_element(std::string_view& path) {
    for (;;) {  // ends with the path
        const usize start = std::min(path.find_first_not_of('/'), path.size());
        path.remove_prefix(start);
        const std::string_view element = path.substr(0, path.find('/'));
        path.remove_prefix(element.size());
        if (element != ".") return element;
    }
}

bool is_good_element(std::string_view element) {
    if (element.size() > chan::kElementMax || element == "..") return false;
    return std::ranges::all_of(element,
                               [](char c) { return static_cast<u8>(c) >= 0x20 && c != 0x7f; });
}

bool is_good_path(std::string_view path) {
    bool any = false;
    while (!path.empty()) {
        const std::string_view element = take_element(path);
        if (!is_good_element(element)) return false;
        any = any || !element.empty();
    }
    return any;
}

}  // namespace

Result<NodeIndex> RootTree::append(RootNode node) {
    constexpr usize kFirstRoom = 64;
    if ((size_ + 1) * sizeof(RootNode) > memory_.size()) {
        const usize room = std::max(kFirstRoom * sizeof(RootNode), 2 * memory_.size());
        mm::Buffer grown = TRY(mm::Buffer::create(room));
        std::copy_n(memory_.data(), size_ * sizeof(RootNode), grown.data());
        memory_ = std::move(grown);
    }
    if (size_ == kNoNode) return Error::kNoMemory;
    ::new (static_cast<void*>(memory_.data() + size_ * sizeof(RootNode))) RootNode(node);
    return static_cast<NodeIndex>(size_++);
}

NodeIndex RootTree::find(NodeIndex parent, std::string_view name) const {
    NodeIndex child = at(parent).first_child;
    while (child != kNoNode && at(child).name != name) child = at(child).next;
    return child;
}

Result<NodeIndex> RootTree::make_child(NodeIndex parent, std::string_view name) {
    // Archives are usually sorted, so what is looked for was often added last.
    const NodeIndex last = at(parent).last_child;
    if (last != kNoNode && at(last).name == name) return last;
    const NodeIndex found = find(parent, name);
    if (found != kNoNode) return found;
    RootNode node;
    node.name = name;
    node.parent = parent;
    node.mtime = static_cast<u32>(build_time());
    const NodeIndex made = TRY(append(node));
    RootNode& directory = nodes()[parent];
    if (directory.last_child == kNoNode) {
        directory.first_child = made;
    } else {
        nodes()[directory.last_child].next = made;
    }
    directory.last_child = made;
    return made;
}

Result<NodeIndex> RootTree::make(std::string_view path) {
    if (size_ == 0) {
        RootNode root;
        root.name = "/";
        root.mtime = static_cast<u32>(build_time());
        TRY(append(root));
    }
    NodeIndex at_node = kRootNode;
    for (std::string_view element = take_element(path); !element.empty();
         element = take_element(path)) {
        // A file that something lies beneath was a directory after all.
        if (!at(at_node).is_dir) {
            nodes()[at_node].is_dir = true;
            nodes()[at_node].data = {};
            nodes()[at_node].permissions = 0555;
        }
        at_node = TRY(make_child(at_node, element));
    }
    return at_node;
}

Result<void> RootTree::add_directory(std::string_view name) {
    if (!is_good_path(name)) return Error::kBadName;
    TRY(make(name));
    return {};
}

Result<void> RootTree::add_entry(const ArchiveEntry& entry) {
    const NodeIndex made = TRY(make(entry.name));  // first: the nodes may move
    RootNode& node = nodes()[made];
    node.mtime = entry.mtime;
    node.permissions = entry.mode & 0777;
    node.is_dir = entry.is_dir();
    node.data = {};
    if (!node.is_dir) {
        node.data = entry.data;
        node.first_child = kNoNode;
        node.last_child = kNoNode;
    }
    return {};
}

Result<void> RootTree::add(ConstBytes archives) {
    TRY(make("/"));
    ArchiveReader reader(archives);
    ArchiveEntry entry;
    for (;;) {  // ends with the archive
        const Result<bool> got = reader.next(entry);
        if (!got.ok()) {
            klog("archive: {} at byte {} of {}: the rest is left out", reader.problem(),
                 reader.offset(), archives.size());
            return {};
        }
        if (!got.value()) return {};
        const bool is_top = entry.name == "." || entry.name == "/";
        if (is_top) continue;
        if (!is_good_path(entry.name)) {
            klog("archive: an entry with a bad name at byte {} is left out", reader.offset());
        } else if (!entry.is_dir() && !entry.is_file()) {
            klog("archive: '{}' is neither file nor directory and left out", entry.name);
        } else {
            TRY(add_entry(entry));
        }
    }
}

}  // namespace kernel::dev
