// The root device over its tree.
#include "dev/root/root.h"

#include "base/late.h"
#include "chan/caller.h"
#include "chan/owner.h"
#include "chan/text_reply.h"
#include "dev/root/tree.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::DirCursor;
using chan::OpenMode;
using chan::Stat;

/// What is bound onto by convention.
constexpr std::string_view kMountPoints[] = {"bin", "boot", "dev",  "env",  "etc", "fd",
                                             "n",   "net",  "proc", "root", "srv", "tmp"};

constinit Late<RootTree> root_tree;  // const once built

class RootDevice final : public chan::Dev {
public:
    constexpr RootDevice() : Dev("/", "root") {}

    Result<void> walk(Caller&, Chan& chan, std::string_view name) override {
        const NodeIndex from = index_of(chan);
        const NodeIndex to = name == ".." ? tree().at(from).parent : tree().find(from, name);
        if (to == kNoNode) return Error::kNotExist;
        chan.set_qid(qid_of(to));
        return {};
    }

    /// Cursors are the index of the next child plus one; the first child is at 0.
    Result<bool> entry(Caller&, Chan& dir, DirCursor& cursor, Stat& out) override {
        const NodeIndex index =
            cursor == 0 ? tree().at(index_of(dir)).first_child : static_cast<NodeIndex>(cursor - 1);
        if (index == kNoNode) return false;
        describe_node(index, out);
        cursor = u64{tree().at(index).next} + 1;
        return true;
    }

    Result<void> stat(Caller&, Chan& chan, Stat& out) override {
        describe_node(index_of(chan), out);
        return {};
    }

    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override {
        const RootNode& node = tree().at(index_of(*chan));
        if (node.is_dir) {
            TRY(chan::check_directory_open(mode));
        } else if (mode.writes() || mode.truncates() || mode.removes_on_close()) {
            return Error::kPermission;
        } else {
            TRY(chan::check_permission(caller, chan::host_owner(), node.permissions, mode));
        }
        return chan;
    }

    Result<usize> read(Caller&, Chan& chan, Bytes out, u64 offset) override {
        return chan::reply_bytes(out, offset, tree().at(index_of(chan)).data);
    }

    std::optional<ConstBytes> contents(const Chan& chan) override {
        if (chan.is_dir()) return std::nullopt;
        return tree().at(index_of(chan)).data;
    }

private:
    static const RootTree& tree() { return root_tree.get(); }
    static NodeIndex index_of(const Chan& chan) { return static_cast<NodeIndex>(chan.qid().path); }
    static chan::Qid qid_of(NodeIndex index) {
        return tree().at(index).is_dir ? chan::dir_qid(index) : chan::file_qid(index);
    }

    static void describe_node(NodeIndex index, Stat& out) {
        const RootNode& node = tree().at(index);
        // Nothing can be written here, so nothing says it can.
        describe(out, node.name, qid_of(index), node.data.size(), node.permissions & 0555);
        out.mtime = node.mtime;
    }
};

constinit RootDevice device;

}  // namespace

chan::Dev& root_device() { return device; }

Result<void> build_root(std::span<const ConstBytes> archives) {
    RootTree& tree = root_tree.make();
    for (std::string_view name : kMountPoints) TRY(tree.add_directory(name));
    for (ConstBytes archive : archives) TRY(tree.add(archive));
    return {};
}

}  // namespace kernel::dev
