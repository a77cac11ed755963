// A reader of flattened device trees that trusts nothing: every token is checked before any is
// used.
//
// Format: Devicetree Specification v0.4, chapter 5. A tree is a flat sequence of tokens, so nothing
// here recurses, and names and values are views into the blob, which must stay where it is.
//
// Answers are those of libfdt, which firmware reads and edits trees with; tests hold one against
// the other. Where they part on purpose: tests/unit/boot/libfdt_comparison.h.
#pragma once

#include "boot/complaint.h"
#include "boot/vocabulary.h"

namespace boot {

/// The deepest nesting accepted; the root is at depth 0.
inline constexpr usize kFdtMaxDepth = 16;
/// The largest tree accepted.
inline constexpr usize kFdtMaxSize = 2 * kernel::kMiB;
/// The bytes of a header, enough to know the size of the whole.
inline constexpr usize kFdtHeaderSize = 40;

/// Whether a #address-cells or #size-cells value can be meant: PCI uses three, nothing uses more
/// than four.
constexpr bool is_sane_cell_count(u32 count) { return count <= 4; }

/// The value of a property, with the readers that fit it. A default-constructed one is absent.
class FdtValue {
public:
    constexpr FdtValue() = default;
    constexpr explicit FdtValue(ConstBytes bytes) : bytes_(bytes) {}

    /// Whether the property is there (it may still be empty: an empty value has a place, too).
    bool present() const { return bytes_.data() != nullptr; }
    ConstBytes bytes() const { return bytes_; }
    /// How many whole 32-bit cells there are.
    usize cell_count() const { return bytes_.size() / 4; }
    /// Cell `index`; nothing if the value is too short.
    std::optional<u32> cell(usize index) const;
    /// The number in `count` (0..4) cells from cell `index` on; nothing if the value is too short
    /// or the number does not fit 64 bits. Zero cells are the number 0.
    std::optional<u64> number(usize index, u32 count) const;
    /// A number of 4 or 8 bytes that is the whole value, as /chosen writes addresses.
    std::optional<u64> whole_number() const;
    /// The text up to its first NUL or the end.
    std::string_view text() const;
    /// Whether `text` is one of a list of NUL-terminated texts.
    bool lists(std::string_view text) const;

private:
    ConstBytes bytes_;
};

/// One property of a node.
struct FdtProperty {
    std::string_view name;
    FdtValue value;
};

/// A node: its place in the blob. Cheap to copy.
struct FdtNode {
    std::string_view name;  // with its unit address; empty for the root
    usize depth = 0;        // 0: the root
    u32 body = 0;           // offset of the first token after the name; identifies the node
};

/// A tree that passed open(). Const; views die with the blob.
class Fdt {
public:
    /// Checks everything in `blob`, which may be longer than the tree: the header, that all blocks
    /// lie inside, the reservations' end, each token, name and length, the nesting. Fails with
    /// kBadFdt and the reason in `complaint`. Cost: one pass over the tokens.
    static Result<Fdt> open(ConstBytes blob, Complaint& complaint);

    /// The size that the header in `header` (kFdtHeaderSize bytes) claims, checked against
    /// kFdtMaxSize. Fails with kBadFdt.
    static Result<usize> claimed_size(ConstBytes header, Complaint& complaint);

    FdtNode root() const;
    /// The node after `node` in the order of the file (a parent before its children); nothing after
    /// the last.
    std::optional<FdtNode> next(const FdtNode& node) const;
    /// The node that a path names, as "/soc/serial@10000000"; a component without '@' also matches
    /// a name with a unit address, the first such child. A path that does not begin with '/' begins
    /// with an alias, whose value must be an absolute path. Nothing if there is no such node.
    std::optional<FdtNode> find(std::string_view path) const;

    /// The value of property `name` of `node`; absent if it has none. Cost: linear in its
    /// properties.
    FdtValue property(const FdtNode& node, std::string_view name) const;
    /// Calls visit(FdtProperty) for each property of `node`, in order.
    template <class Visit>
    void for_each_property(const FdtNode& node, Visit&& visit) const {
        u32 at = node.body;
        while (const std::optional<FdtProperty> property = take_property(at)) visit(*property);
    }

    /// Entry `index` of the memory reservation block; nothing past the last.
    std::optional<PhysRange> reservation(usize index) const;
    /// The size of the whole tree as its header says.
    usize size() const { return blob_.size(); }

private:
    Fdt(ConstBytes blob, ConstBytes structure, ConstBytes strings, u32 reservations)
        : blob_(blob), structure_(structure), strings_(strings), reservations_(reservations) {}

    Result<void> check_reservations(Complaint& complaint) const;
    Result<void> check_structure(Complaint& complaint) const;
    std::optional<FdtProperty> take_property(u32& at) const;
    std::string_view name_at(u32 offset) const;
    std::optional<FdtNode> child(const FdtNode& parent, std::string_view component) const;
    std::optional<FdtNode> descend(FdtNode from, std::string_view path) const;

    ConstBytes blob_;
    ConstBytes structure_;
    ConstBytes strings_;
    u32 reservations_;  // offset in blob_
};

}  // namespace boot
