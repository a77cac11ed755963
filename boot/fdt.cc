// The device tree reader: open() proves the blob well-formed, the rest walks it.
#include "boot/fdt.h"

namespace boot {
namespace {

constexpr u32 kMagic = 0xd00dfeed;
constexpr u32 kOldestVersion = 17;  // the first that states the size of the structure block
constexpr usize kReservationSize = 16;

enum Token : u32 { kBeginNode = 1, kEndNode = 2, kProperty = 3, kNop = 4, kEnd = 9 };

/// Offsets of the header's fields (section 5.2).
enum HeaderField : usize {
    kHeaderMagic = 0,
    kHeaderTotalSize = 4,
    kHeaderStructure = 8,
    kHeaderStrings = 12,
    kHeaderReservations = 16,
    kHeaderVersion = 20,
    kHeaderCompatible = 24,
    kHeaderStringsSize = 32,
    kHeaderStructureSize = 36,
};

/// The big-endian word at `at`, which the caller knows to be inside. Byte by byte, because the blob
/// may lie at any address.
u32 word_at(ConstBytes bytes, usize at) {
    const auto byte = [&](usize i) { return std::to_integer<u32>(bytes[at + i]); };
    return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}
u64 double_word_at(ConstBytes bytes, usize at) {
    return u64{word_at(bytes, at)} << 32 | word_at(bytes, at + 4);
}

/// The length of the text at `at` up to its NUL; nothing if none comes before the end.
std::optional<usize> text_length(ConstBytes bytes, usize at) {
    const ConstBytes rest = bytes.subspan(at);
    const auto nul = std::find(rest.begin(), rest.end(), std::byte{0});
    if (nul == rest.end()) return std::nullopt;
    return static_cast<usize>(nul - rest.begin());
}

u64 padded(u64 size) { return kernel::align_up(size, 4); }

bool lies_inside(u64 offset, u64 size, u64 whole) {
    return offset <= whole && size <= whole - offset;
}
/// Whether a block lies in the tree and behind its header. The specification aligns blocks; nothing
/// here depends on it.
bool is_block(u64 offset, u64 size, u64 total) {
    return offset >= kFdtHeaderSize && lies_inside(offset, size, total);
}

/// A unit address may be left out of a path component where the name is unambiguous.
bool component_matches(std::string_view name, std::string_view component) {
    if (name == component) return true;
    return component.find('@') == std::string_view::npos &&
           name.substr(0, name.find('@')) == component;
}

}  // namespace

std::optional<u32> FdtValue::cell(usize index) const {
    if (index >= cell_count()) return std::nullopt;
    return word_at(bytes_, index * 4);
}

std::optional<u64> FdtValue::number(usize index, u32 count) const {
    if (count > cell_count() || index > cell_count() - count) return std::nullopt;
    u64 value = 0;
    for (u32 i = 0; i < count; ++i) {
        if (value >> 32 != 0) return std::nullopt;
        value = value << 32 | word_at(bytes_, (index + i) * 4);
    }
    return value;
}

std::optional<u64> FdtValue::whole_number() const {
    if (bytes_.size() != 4 && bytes_.size() != 8) return std::nullopt;
    return number(0, static_cast<u32>(bytes_.size() / 4));
}

std::string_view FdtValue::text() const {
    const std::string_view all = kernel::as_text(bytes_);
    return all.substr(0, all.find('\0'));
}

bool FdtValue::lists(std::string_view text) const {
    std::string_view rest = kernel::as_text(bytes_);
    while (!rest.empty()) {
        const usize end = rest.find('\0');
        if (rest.substr(0, end) == text) return true;
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return false;
}

Result<usize> Fdt::claimed_size(ConstBytes header, Complaint& complaint) {
    if (header.size() < kFdtHeaderSize) {
        return refuse(complaint, "only {} bytes: no room for a header", header.size());
    }
    const u32 magic = word_at(header, kHeaderMagic);
    if (magic != kMagic) return refuse(complaint, "magic is {:08x}, not d00dfeed", magic);
    const u32 size = word_at(header, kHeaderTotalSize);
    if (size < kFdtHeaderSize || size > kFdtMaxSize) {
        return refuse(complaint, "absurd total size {}", size);
    }
    return usize{size};
}

Result<Fdt> Fdt::open(ConstBytes blob, Complaint& complaint) {
    const usize total = TRY(claimed_size(blob, complaint));
    if (total > blob.size()) {
        return refuse(complaint, "truncated: {} of {} bytes", blob.size(), total);
    }
    blob = blob.first(total);
    const u32 version = word_at(blob, kHeaderVersion);
    const u32 compatible = word_at(blob, kHeaderCompatible);
    if (version < kOldestVersion || compatible > kOldestVersion) {
        return refuse(complaint, "version {} (compatible with {}) is not readable as {}", version,
                      compatible, kOldestVersion);
    }
    const u32 structure = word_at(blob, kHeaderStructure);
    const u32 structure_size = word_at(blob, kHeaderStructureSize);
    const u32 strings = word_at(blob, kHeaderStrings);
    const u32 strings_size = word_at(blob, kHeaderStringsSize);
    const u32 reservations = word_at(blob, kHeaderReservations);
    if (!is_block(structure, structure_size, total)) {
        return refuse(complaint, "structure block {}+{} is not inside {} bytes", structure,
                      structure_size, total);
    }
    if (!is_block(strings, strings_size, total)) {
        return refuse(complaint, "strings block {}+{} is not inside {} bytes", strings,
                      strings_size, total);
    }
    if (!is_block(reservations, 0, total)) {
        return refuse(complaint, "the memory reservations at {} are not inside {} bytes",
                      reservations, total);
    }
    const Fdt tree(blob, blob.subspan(structure, structure_size),
                   blob.subspan(strings, strings_size), reservations);
    TRY(tree.check_reservations(complaint));
    TRY(tree.check_structure(complaint));
    return tree;
}

Result<void> Fdt::check_reservations(Complaint& complaint) const {
    for (u64 at = reservations_;; at += kReservationSize) {
        if (!lies_inside(at, kReservationSize, blob_.size())) {
            return refuse(complaint, "the memory reservations run over the end");
        }
        if (double_word_at(blob_, at + 8) == 0) return {};
    }
}

Result<void> Fdt::check_structure(Complaint& complaint) const {
    // Every name in the strings block that starts at or before its last NUL is terminated.
    const auto last = std::find(strings_.rbegin(), strings_.rend(), std::byte{0});
    const usize terminated = static_cast<usize>(strings_.rend() - last);  // 0: no NUL at all
    usize depth = 0;
    bool seen_root = false;
    u64 at = 0;
    // Each turn moves `at` forward by at least one token, so this ends at the end of the block.
    for (;;) {
        if (!lies_inside(at, 4, structure_.size())) {
            return refuse(complaint, "the structure ends without an end token");
        }
        const u32 token = word_at(structure_, at);
        const u64 start = at;
        at += 4;
        switch (token) {
            case kBeginNode: {
                const std::optional<usize> length = text_length(structure_, at);
                if (!length) return refuse(complaint, "a node's name at {} has no end", start);
                if (depth == 0 && seen_root) return refuse(complaint, "a second root at {}", start);
                if (depth == 0 && *length > 0) {
                    return refuse(complaint, "the root at {} has a name", start);
                }
                if (depth > kFdtMaxDepth) {
                    return refuse(complaint, "nested deeper than {} nodes", kFdtMaxDepth);
                }
                seen_root = true;
                ++depth;
                at += padded(*length + 1);
                break;
            }
            case kEndNode:
                if (depth == 0) return refuse(complaint, "an end of no node at {}", start);
                --depth;
                break;
            case kProperty: {
                if (depth == 0) return refuse(complaint, "a property of no node at {}", start);
                if (!lies_inside(at, 8, structure_.size())) {
                    return refuse(complaint, "the property at {} is cut off", start);
                }
                const u32 length = word_at(structure_, at);
                const u32 name = word_at(structure_, at + 4);
                if (!lies_inside(at + 8, padded(length), structure_.size())) {
                    return refuse(complaint, "the property at {} claims {} bytes", start, length);
                }
                if (name >= terminated) {
                    return refuse(complaint,
                                  "the property at {} has its name at {}, outside the strings",
                                  start, name);
                }
                at += 8 + padded(length);
                break;
            }
            case kNop:
                break;
            case kEnd:
                if (!seen_root) return refuse(complaint, "the tree has no root");
                if (depth != 0) {
                    return refuse(complaint, "the end token at {} comes inside a node", start);
                }
                return {};
            default:
                return refuse(complaint, "unknown token {:x} at {}", token, start);
        }
    }
}

std::string_view Fdt::name_at(u32 offset) const {
    const usize length = *text_length(structure_, offset);  // open() found the NUL
    return kernel::as_text(structure_.subspan(offset, length));
}

FdtNode Fdt::root() const {
    u32 at = 0;
    while (word_at(structure_, at) == kNop) at += 4;  // open() saw a root
    const std::string_view name = name_at(at + 4);
    return {.name = name, .depth = 0, .body = static_cast<u32>(at + 4 + padded(name.size() + 1))};
}

std::optional<FdtProperty> Fdt::take_property(u32& at) const {
    while (word_at(structure_, at) == kNop) at += 4;
    if (word_at(structure_, at) != kProperty) return std::nullopt;
    const u32 length = word_at(structure_, at + 4);
    const u32 name = word_at(structure_, at + 8);
    const usize name_length = *text_length(strings_, name);  // open() found the NUL
    const FdtProperty property{.name = kernel::as_text(strings_.subspan(name, name_length)),
                               .value = FdtValue(structure_.subspan(at + 12, length))};
    at += 12 + static_cast<u32>(padded(length));
    return property;
}

std::optional<FdtNode> Fdt::next(const FdtNode& node) const {
    u32 at = node.body;
    usize depth = node.depth;  // of the innermost open node; may pass below zero only at the end
    for (;;) {
        switch (word_at(structure_, at)) {
            case kBeginNode: {
                const std::string_view name = name_at(at + 4);
                return FdtNode{.name = name,
                               .depth = depth + 1,
                               .body = static_cast<u32>(at + 4 + padded(name.size() + 1))};
            }
            case kEndNode:
                if (depth == 0) return std::nullopt;
                --depth;
                at += 4;
                break;
            case kProperty:
                at += 12 + static_cast<u32>(padded(word_at(structure_, at + 4)));
                break;
            default:
                at += 4;  // a no-op: open() let nothing else stand inside the root
                break;
        }
    }
}

std::optional<FdtNode> Fdt::child(const FdtNode& parent, std::string_view component) const {
    std::optional<FdtNode> node = next(parent);
    for (; node && node->depth > parent.depth; node = next(*node)) {
        if (node->depth == parent.depth + 1 && component_matches(node->name, component)) {
            return node;
        }
    }
    return std::nullopt;
}

std::optional<FdtNode> Fdt::descend(FdtNode from, std::string_view path) const {
    for (;;) {
        path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
        if (path.empty()) return from;
        const std::string_view component = path.substr(0, path.find('/'));
        const std::optional<FdtNode> found = child(from, component);
        if (!found) return std::nullopt;
        from = *found;
        path.remove_prefix(component.size());
    }
}

std::optional<FdtNode> Fdt::find(std::string_view path) const {
    if (path.starts_with('/')) return descend(root(), path);
    const std::string_view alias = path.substr(0, path.find('/'));
    const std::optional<FdtNode> aliases = child(root(), "aliases");
    const std::string_view target = aliases ? property(*aliases, alias).text() : "";
    if (!target.starts_with('/')) return std::nullopt;
    const std::optional<FdtNode> from = descend(root(), target);
    return from ? descend(*from, path.substr(alias.size())) : std::nullopt;
}

FdtValue Fdt::property(const FdtNode& node, std::string_view name) const {
    u32 at = node.body;
    while (const std::optional<FdtProperty> property = take_property(at)) {
        if (property->name == name) return property->value;
    }
    return {};
}

std::optional<PhysRange> Fdt::reservation(usize index) const {
    // The list ends at the first entry of size 0; one before `index` may be that end.
    for (usize i = 0;; ++i) {
        const usize at = reservations_ + i * kReservationSize;
        const u64 size = double_word_at(blob_, at + 8);
        if (size == 0) return std::nullopt;
        if (i == index) return PhysRange{.start = {double_word_at(blob_, at)}, .size = size};
    }
}

}  // namespace boot
