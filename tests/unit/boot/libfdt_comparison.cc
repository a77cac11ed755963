// Both readers over the same bytes, answer by answer.
#include "tests/unit/boot/libfdt_comparison.h"

#include <libfdt.h>

#include <climits>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "boot/bus.h"
#include "boot/fdt.h"
#include "boot/node_facts.h"

namespace boot::test {
namespace {

/// Paths are looked up from the root each time: enough of them, not all of a large tree.
constexpr std::size_t kMostPaths = 64;

/// A copy of a blob at an address that libfdt takes.
class AlignedCopy {
public:
    explicit AlignedCopy(std::span<const std::byte> bytes)
        : words_((bytes.size() + 7) / 8 + 1), size_(bytes.size()) {
        if (!bytes.empty()) std::memcpy(words_.data(), bytes.data(), bytes.size());
    }
    void* get() { return words_.data(); }
    const void* get() const { return words_.data(); }
    std::size_t size() const { return size_; }

private:
    std::vector<std::uint64_t> words_;
    std::size_t size_;
};

/// Whether the header holds, so that libfdt may be asked for tokens.
bool has_sound_header(const AlignedCopy& tree) {
    return tree.size() >= sizeof(struct fdt_header) && fdt_check_header(tree.get()) == 0 &&
           fdt_totalsize(tree.get()) <= tree.size();
}

/// Calls visit(tag, offset, next offset) for each token up to the end token or the first that is
/// wrong, until it returns false.
template <class Visit>
void for_each_token(const void* fdt, Visit&& visit) {
    int next = 0;
    for (int offset = 0;; offset = next) {
        const std::uint32_t tag = fdt_next_tag(fdt, offset, &next);
        if (next < 0 || !visit(tag, offset, next) || tag == FDT_END) return;
    }
}

/// Whether libfdt 1.6 might not come back from this tree: it takes names of versions before
/// 16 through a null pointer, and runs in circles over lengths that overflow.
bool may_not_be_asked(const AlignedCopy& tree) {
    if (!has_sound_header(tree)) return false;
    if (fdt_version(tree.get()) < 16) return true;
    int at = 0;
    for (;;) {
        // Tag and length; not always aligned.
        const auto* head = static_cast<const fdt32_t*>(fdt_offset_ptr(tree.get(), at, 8));
        if (head != nullptr && fdt32_ld(head) == FDT_PROP && fdt32_ld(head + 1) > INT_MAX / 2) {
            return true;
        }
        int next = 0;
        const std::uint32_t tag = fdt_next_tag(tree.get(), at, &next);
        if (next < 0 || tag == FDT_END) return false;
        at = next;
    }
}

/// Takes no-ops before the root out of a tree that ours accepts, by moving the start of the block.
void drop_leading_nops(AlignedCopy& tree) {
    void* fdt = tree.get();
    int root = 0;
    for_each_token(fdt, [&](std::uint32_t tag, int offset, int) {
        root = offset;
        return tag == FDT_NOP;
    });
    fdt_set_off_dt_struct(fdt, fdt_off_dt_struct(fdt) + static_cast<std::uint32_t>(root));
    fdt_set_size_dt_struct(fdt, fdt_size_dt_struct(fdt) - static_cast<std::uint32_t>(root));
}

/// What fdt_check_full() says of a tree that ours accepts, with an end token right behind the root.
/// Of a copy: blocks may overlap, and other answers must not change.
int check_without_trailing_nops(AlignedCopy tree) {
    void* fdt = tree.get();
    int depth = 0;
    int end = 0;
    for_each_token(fdt, [&](std::uint32_t tag, int, int next) {
        if (tag == FDT_BEGIN_NODE) ++depth;
        if (tag == FDT_END_NODE && --depth == 0) end = next;
        return true;
    });
    fdt32_st(static_cast<char*>(fdt) + fdt_off_dt_struct(fdt) + end, FDT_END);
    return fdt_check_full(fdt, tree.size());
}

/// Whether ours refuses on purpose what libfdt accepts; judged by libfdt's own reading.
bool is_refused_on_purpose(const AlignedCopy& tree) {
    const void* fdt = tree.get();
    if (fdt_version(fdt) < 17 || fdt_totalsize(fdt) > kFdtMaxSize) return true;
    bool root_comes_first = false;
    int depth = -1;
    int deepest = 0;
    for_each_token(fdt, [&](std::uint32_t tag, int, int) {
        if (tag != FDT_NOP && depth == -1 && deepest == 0) {
            root_comes_first = tag == FDT_BEGIN_NODE;
            if (!root_comes_first) return false;
        }
        if (tag == FDT_BEGIN_NODE) deepest = std::max(deepest, ++depth);
        if (tag == FDT_END_NODE) --depth;
        return true;
    });
    return !root_comes_first || deepest > static_cast<int>(kFdtMaxDepth);
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

/// The two readings of one tree that both accept.
class Readings {
public:
    Readings(const Fdt& ours, const void* theirs) : ours_(ours), theirs_(theirs) {}

    std::string disagreement() {
        compare_nodes();
        compare_reservations();
        compare_paths();
        compare_aliases();
        return std::move(disagreement_);
    }

private:
    struct Both {
        FdtNode ours;
        int theirs;
        std::string path;
    };

    bool agrees(bool holds, const std::string& about) {
        if (!holds && disagreement_.empty()) disagreement_ = about;
        return holds;
    }

    void compare_nodes() {
        int depth = -1;
        int offset = fdt_next_node(theirs_, -1, &depth);
        std::vector<std::string> path;
        for (std::optional<FdtNode> node = ours_.root();; node = ours_.next(*node)) {
            const bool more = offset >= 0 && depth >= 0;
            if (!agrees(node.has_value() == more, "one has more nodes than the other")) return;
            if (!more) return;
            int length = 0;
            const char* name = fdt_get_name(theirs_, offset, &length);
            if (!agrees(name != nullptr && node->name == std::string_view(name, length) &&
                            node->depth == static_cast<std::size_t>(depth),
                        "node " + in_quotes(node->name))) {
                return;
            }
            path.resize(node->depth);
            std::string whole;
            for (const std::string& component : path) whole += component + "/";
            whole += node->name;
            nodes_.push_back({.ours = *node, .theirs = offset, .path = whole});
            path.push_back(std::string(node->name));
            compare_properties(nodes_.back());
            compare_facts(nodes_.back());
            offset = fdt_next_node(theirs_, offset, &depth);
        }
    }

    void compare_properties(const Both& node) {
        int offset = fdt_first_property_offset(theirs_, node.theirs);
        ours_.for_each_property(node.ours, [&](const FdtProperty& property) {
            const std::string about = "property " + in_quotes(property.name) + " of " + node.path;
            const char* name = nullptr;
            int length = 0;
            const void* value =
                offset < 0 ? nullptr : fdt_getprop_by_offset(theirs_, offset, &name, &length);
            if (!agrees(value != nullptr && property.name == name, about)) return;
            agrees(same(property.value, value, length), about + ": its value");
            value = fdt_getprop(theirs_, node.theirs, name, &length);
            agrees(same(ours_.property(node.ours, property.name), value, length),
                   about + ": looked up by name");
            compare_list(property.value, about);
            offset = fdt_next_property_offset(theirs_, offset);
        });
        agrees(offset == -FDT_ERR_NOTFOUND, "ours has too few properties in " + node.path);
        agrees(!ours_.property(node.ours, "no such property").present(), "what is absent");
    }

    static bool same(FdtValue ours, const void* theirs, int length) {
        return theirs != nullptr && ours.present() &&
               ours.bytes().size() == static_cast<std::size_t>(length) &&
               (length == 0 || std::memcmp(ours.bytes().data(), theirs, length) == 0);
    }

    void compare_list(FdtValue value, const std::string& about) {
        const std::string_view bytes = kernel::as_text(value.bytes());
        if (!bytes.ends_with('\0')) return;  // libfdt asks for a proper list
        const std::size_t last = bytes.substr(0, bytes.size() - 1).rfind('\0');
        const std::string text(bytes.substr(last == std::string_view::npos ? 0 : last + 1).data());
        for (const std::string& one :
             {text, text + "x", text.substr(0, text.size() / 2), std::string("okay")}) {
            if (one.empty()) continue;  // libfdt 1.6 looks for it behind the end
            const bool theirs = fdt_stringlist_contains(
                                    bytes.data(), static_cast<int>(bytes.size()), one.c_str()) != 0;
            agrees(value.lists(one) == theirs, about + ": whether it lists " + in_quotes(one));
        }
    }

    /// Phandle and cell counts.
    void compare_facts(const Both& node) {
        const NodeFacts facts = gather_facts(ours_, node.ours);
        agrees(facts.own_phandle() == fdt_get_phandle(theirs_, node.theirs),
               "the phandle of " + node.path);
        buses_.enter(node.ours, facts);
        const BusLevel& level = buses_.of(node.ours);
        const std::optional<u32> address =
            cells(node, fdt_address_cells(theirs_, node.theirs), "#address-cells");
        const std::optional<u32> size =
            cells(node, fdt_size_cells(theirs_, node.theirs), "#size-cells");
        const bool reachable = node.ours.depth == 0 || buses_.above(node.ours).addressable;
        agrees(level.addressable == (reachable && address && size),
               "whether cell counts make sense in " + node.path);
        agrees(!address || level.address_cells == *address, "#address-cells of " + node.path);
        agrees(!size || level.size_cells == *size, "#size-cells of " + node.path);
    }
    std::optional<u32> cells(const Both& node, int found, const char* name) const {
        if (found >= 0) return static_cast<u32>(found);
        int length = 0;
        const void* value = fdt_getprop(theirs_, node.theirs, name, &length);
        const bool is_zero =
            value != nullptr && length == 4 && fdt32_ld(static_cast<const fdt32_t*>(value)) == 0;
        return is_zero ? std::optional<u32>(0) : std::nullopt;
    }

    void compare_reservations() {
        const int count = fdt_num_mem_rsv(theirs_);
        for (int i = 0; i < count; ++i) {
            std::uint64_t start = 0;
            std::uint64_t size = 0;
            agrees(fdt_get_mem_rsv(theirs_, i, &start, &size) == 0, "a reservation");
            const std::optional<PhysRange> range = ours_.reservation(i);
            if (!agrees(range && range->start.value == start && range->size == size,
                        "reservation " + std::to_string(i))) {
                return;
            }
        }
        agrees(!ours_.reservation(static_cast<usize>(count)), "the number of reservations");
    }

    void compare_path(const std::string& path) {
        const int theirs =
            fdt_path_offset_namelen(theirs_, path.data(), static_cast<int>(path.size()));
        const std::optional<FdtNode> ours = ours_.find(path);
        const std::string about = "where " + in_quotes(path) + " leads";
        if (!agrees(ours.has_value() == (theirs >= 0), about) || !ours) return;
        for (const Both& node : nodes_) {
            if (node.ours.body == ours->body) agrees(node.theirs == theirs, about);
        }
    }

    void compare_paths() {
        const std::size_t stride = nodes_.size() / kMostPaths + 1;
        for (std::size_t i = 0; i < nodes_.size(); i += stride) {
            const std::string path = "/" + nodes_[i].path.substr(i == 0 ? 0 : 1);
            std::string bare;  // without any unit address
            bool in_unit = false;
            for (const char c : path) {
                in_unit = c == '@' || (in_unit && c != '/');
                if (!in_unit) bare += c;
            }
            for (const std::string& variant :
                 {path, bare, path + "/", "/" + path, path + "//", path + "@0", path + "/nothing",
                  path.substr(0, path.size() - 1)}) {
                // What does not begin with '/' would be an alias.
                if (variant.starts_with('/')) compare_path(variant);
            }
        }
    }

    void compare_aliases() {
        const int offset = fdt_path_offset(theirs_, "/aliases");
        const std::optional<FdtNode> aliases = ours_.find("/aliases");
        if (!agrees(aliases.has_value() == (offset >= 0), "/aliases") || !aliases) return;
        std::size_t asked = 0;
        ours_.for_each_property(*aliases, [&](const FdtProperty& property) {
            const std::string name(property.name);
            const std::string_view value = kernel::as_text(ours_.property(*aliases, name).bytes());
            if (name.empty() || name.find('/') != std::string::npos || ++asked > kMostPaths) return;
            if (!value.starts_with('/')) {
                agrees(!ours_.find(name), "an alias of no path: " + name);
            } else if (value.find('\0') != std::string_view::npos) {
                compare_path(name);
                compare_path(name + "/");
                compare_path(name + "/interrupt-controller");
            }
        });
    }

    const Fdt& ours_;
    const void* theirs_;
    BusPath buses_;
    std::vector<Both> nodes_;
    std::string disagreement_;
};

}  // namespace

Comparison compare_with_libfdt(std::span<const std::byte> blob) {
    Comparison result;
    // Of exactly its size, so that the address sanitizer sees every byte too far.
    const auto exact = std::make_unique<std::byte[]>(blob.size());
    std::copy(blob.begin(), blob.end(), exact.get());
    Complaint complaint;
    const Result<Fdt> ours = Fdt::open({exact.get(), blob.size()}, complaint);
    result.ours = ours.ok();
    AlignedCopy copy(blob);
    if (!ours.ok() && may_not_be_asked(copy)) return result;
    if (ours.ok() && has_sound_header(copy)) drop_leading_nops(copy);
    const int verdict = ours.ok() && has_sound_header(copy)
                            ? check_without_trailing_nops(copy)
                            : fdt_check_full(copy.get(), copy.size());
    result.theirs = verdict == 0;
    if (!result.ours && !result.theirs) return result;
    if (!result.ours) {
        if (!is_refused_on_purpose(copy)) {
            result.disagreement =
                "ours refuses what libfdt accepts: " + std::string(complaint.view());
        }
    } else if (!result.theirs) {
        result.disagreement =
            std::string("ours accepts what libfdt refuses: ") + fdt_strerror(verdict);
    } else {
        result.disagreement = Readings(ours.value(), copy.get()).disagreement();
    }
    return result;
}

}  // namespace boot::test
