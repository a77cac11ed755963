// RamDev: a device for tests: a tree of files in ordinary memory, with faults on demand.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/dev.h"

namespace kernel::chan::test {

/// Everything of it is used by one task at a time, or not changed while several use it.
class RamDev final : public Dev {
public:
    struct Node {
        u64 path = 0;
        std::string name;
        std::string text;
        std::string owner = "eve";
        u32 permissions = 0664;
        bool is_dir = false;
        Node* parent = nullptr;
        std::vector<std::unique_ptr<Node>> children;

        Node* child(std::string_view wanted) const;
    };

    explicit RamDev(std::string_view letter);
    ~RamDev();

    /// Adds a file, and the directories above it.
    Node& add_file(std::string_view path, std::string_view text = {}, u32 permissions = 0664);
    Node& add_dir(std::string_view path, u32 permissions = 0775);
    Node* find(std::string_view path);

    /// What the next open of any file returns instead of opening it.
    std::optional<Error> open_fault;
    /// What walks to this name return.
    std::map<std::string, Error> walk_faults;
    /// Called for each create before it looks whether the file exists.
    std::function<void()> before_create;
    int opened = 0;  // channels open now
    int alive = 0;   // channels that attach() or clone() made and close() has not seen

    Result<Ref<Chan>> attach(Caller& caller, std::string_view spec) override;
    void cloned(Chan& copy) override;
    Result<void> walk(Caller& caller, Chan& chan, std::string_view name) override;
    Result<bool> entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) override;
    Result<void> stat(Caller& caller, Chan& chan, Stat& out) override;
    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override;
    Result<void> create(Caller& caller, Chan& chan, std::string_view name, OpenMode mode,
                        u32 permissions) override;
    void close(Chan& chan) override;
    Result<usize> read(Caller& caller, Chan& chan, Bytes out, u64 offset) override;
    Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, u64 offset) override;
    Result<void> remove(Caller& caller, Chan& chan) override;
    Result<void> wstat(Caller& caller, Chan& chan, const Stat& changes) override;

private:
    Node& make(std::string_view path, bool is_dir);
    static Node& node_of(const Chan& chan) { return *static_cast<Node*>(chan.device_pointer); }
    static void describe_node(const Node& node, Stat& out);
    void point(Chan& chan, Node& node);

    Node root_;
    u64 last_path_ = 0;
    std::vector<std::unique_ptr<Node>> removed_;  // channels may still point to them
};

}  // namespace kernel::chan::test
