// The tree of RamDev.
#include "tests/unit/chan/ram_dev.h"

#include "chan/text_reply.h"

namespace kernel::chan::test {

RamDev::Node* RamDev::Node::child(std::string_view wanted) const {
    for (const auto& one : children) {
        if (one->name == wanted) return one.get();
    }
    return nullptr;
}

RamDev::RamDev(std::string_view letter) : Dev(letter, "ram") {
    root_.name = "root";
    root_.is_dir = true;
    root_.permissions = 0775;
    root_.parent = &root_;
}

RamDev::~RamDev() {
    // A tree may be ten thousand deep: it goes without recursion.
    std::vector<std::unique_ptr<Node>> nodes = std::move(removed_);
    auto take_children = [&nodes](Node& node) {
        for (auto& child : node.children) nodes.push_back(std::move(child));
        node.children.clear();
    };
    take_children(root_);
    while (!nodes.empty()) {
        const std::unique_ptr<Node> node = std::move(nodes.back());
        nodes.pop_back();
        take_children(*node);
    }
}

RamDev::Node& RamDev::make(std::string_view path, bool is_dir) {
    Node* at = &root_;
    while (!path.empty()) {
        const usize slash = std::min(path.find('/'), path.size());
        const std::string_view element = path.substr(0, slash);
        path.remove_prefix(std::min(slash + 1, path.size()));
        Node* next = at->child(element);
        if (next == nullptr) {
            auto made = std::make_unique<Node>();
            made->path = ++last_path_;
            made->name = element;
            made->parent = at;
            made->is_dir = is_dir || !path.empty();
            if (made->is_dir) made->permissions = 0775;
            next = made.get();
            at->children.push_back(std::move(made));
        }
        at = next;
    }
    return *at;
}

RamDev::Node& RamDev::add_file(std::string_view path, std::string_view text, u32 permissions) {
    Node& node = make(path, false);
    node.text = text;
    node.permissions = permissions;
    return node;
}

RamDev::Node& RamDev::add_dir(std::string_view path, u32 permissions) {
    Node& node = make(path, true);
    node.permissions = permissions;
    return node;
}

RamDev::Node* RamDev::find(std::string_view path) {
    Node* at = &root_;
    while (at != nullptr && !path.empty()) {
        const usize slash = std::min(path.find('/'), path.size());
        at = at->child(path.substr(0, slash));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return at;
}

void RamDev::point(Chan& chan, Node& node) {
    chan.device_pointer = &node;
    chan.set_qid(node.is_dir ? dir_qid(node.path) : file_qid(node.path));
}

Result<Ref<Chan>> RamDev::attach(Caller& caller, std::string_view spec) {
    Ref<Chan> chan = TRY(Dev::attach(caller, spec));
    ++alive;
    chan->device_word = 1;
    point(*chan, root_);
    return chan;
}

void RamDev::cloned(Chan& copy) {
    EXPECT_EQ(copy.device_word, 1u);
    ++alive;
}

Result<void> RamDev::walk(Caller&, Chan& chan, std::string_view name) {
    Node& node = node_of(chan);
    EXPECT_TRUE(node.is_dir);
    EXPECT_FALSE(chan.is_open());
    if (const auto fault = walk_faults.find(std::string(name)); fault != walk_faults.end()) {
        return fault->second;
    }
    Node* to = name == ".." ? node.parent : node.child(name);
    if (to == nullptr) return Error::kNotExist;
    point(chan, *to);
    return {};
}

void RamDev::describe_node(const Node& node, Stat& out) {
    describe(out, node.name, node.is_dir ? dir_qid(node.path) : file_qid(node.path),
             node.text.size(), node.permissions);
    out.uid.assign(node.owner);
}

Result<bool> RamDev::entry(Caller&, Chan& dir, DirCursor& cursor, Stat& out) {
    EXPECT_TRUE(dir.is_open());
    for (const auto& one : node_of(dir).children) {
        if (one->path < cursor) continue;
        cursor = one->path + 1;
        describe_node(*one, out);
        return true;
    }
    return false;
}

Result<void> RamDev::stat(Caller&, Chan& chan, Stat& out) {
    describe_node(node_of(chan), out);
    return {};
}

Result<Ref<Chan>> RamDev::open(Caller& caller, Ref<Chan> chan, OpenMode mode) {
    Node& node = node_of(*chan);
    if (open_fault.has_value()) {
        const Error fault = *open_fault;
        open_fault.reset();
        return fault;
    }
    if (node.is_dir) TRY(check_directory_open(mode));
    TRY(check_permission(caller, node.owner, node.permissions, mode));
    if (mode.truncates()) node.text.clear();
    ++opened;
    return chan;
}

Result<void> RamDev::create(Caller& caller, Chan& chan, std::string_view name, OpenMode mode,
                            u32 permissions) {
    Node& node = node_of(chan);
    if (before_create) before_create();
    if (node.child(name) != nullptr) return Error::kExists;
    TRY(check_permission(caller, node.owner, node.permissions, kOWrite));
    if ((permissions & kDmDir) != 0) TRY(check_directory_open(mode));
    auto made = std::make_unique<Node>();
    made->path = ++last_path_;
    made->name = name;
    made->parent = &node;
    made->owner = caller.user().view();
    made->is_dir = (permissions & kDmDir) != 0;
    made->permissions = permissions & kPermissionBits;
    point(chan, *made);
    node.children.push_back(std::move(made));
    ++opened;
    return {};
}

void RamDev::close(Chan& chan) {
    EXPECT_EQ(chan.device_word, 1u);
    --alive;
    if (chan.is_open()) --opened;
}

Result<usize> RamDev::read(Caller&, Chan& chan, Bytes out, u64 offset) {
    return reply_text(out, offset, node_of(chan).text);
}

Result<usize> RamDev::write(Caller&, Chan& chan, ConstBytes data, u64 offset) {
    std::string& text = node_of(chan).text;
    if (text.size() < offset + data.size()) text.resize(offset + data.size());
    std::memcpy(text.data() + offset, data.data(), data.size());
    return data.size();
}

Result<void> RamDev::remove(Caller&, Chan& chan) {
    Node& node = node_of(chan);
    auto& siblings = node.parent->children;
    for (auto& one : siblings) {
        if (one.get() != &node) continue;
        if (!node.children.empty()) return Error::kNotEmpty;
        removed_.push_back(std::move(one));
        std::erase(siblings, nullptr);
        return {};
    }
    return Error::kPermission;
}

Result<void> RamDev::wstat(Caller&, Chan& chan, const Stat& changes) {
    Node& node = node_of(chan);
    if (!changes.name.empty()) node.name = changes.name.view();
    if (changes.mode != kKeep32) node.permissions = changes.mode & kPermissionBits;
    return {};
}

}  // namespace kernel::chan::test
