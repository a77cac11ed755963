// procyon-describe-tree: what the kernel makes of a device tree, for whoever brings up a board.
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "boot/bus.h"
#include "boot/layout.h"
#include "boot/machine_description.h"
#include "boot/node_facts.h"
#include "tools/describe_tree/description.h"

namespace {

using kernel::u64;

constexpr int kUnreadableStatus = 1;
constexpr int kUsageStatus = 125;
constexpr u64 kLoadOffset =
    2 * kernel::kMiB;  // where loaders put an image above its memory's start
constexpr u64 kImageSize = kernel::kMiB;

constexpr std::string_view kUsage =
    "usage: procyon-describe-tree FILE.dtb [--hart ID] [--image ADDRESS]\n"
    "Prints what the kernel makes of a flattened device tree, a line for each fact.\n"
    "  --hart ID        the hart it would be entered on, by hardware id; default: the first "
    "usable\n"
    "  --image ADDRESS  where it would be loaded; default: 2 MiB above the first memory. It "
    "counts\n"
    "                   as 1 MiB, with the tree right behind it: both are among what is reserved.\n"
    "Status: 0; 1 if the kernel could not start from this tree, with the reason; 125 for bad "
    "usage.\n";

struct Options {
    std::string file;
    std::optional<u64> hart;
    std::optional<u64> image;
};

std::vector<std::string> remarks;

[[noreturn]] void complain_of_usage(const std::string& what) {
    std::fprintf(stderr, "procyon-describe-tree: %s\n%s", what.c_str(), kUsage.data());
    std::exit(kUsageStatus);
}
[[noreturn]] void fail(const std::string& file, std::string_view why) {
    std::fprintf(stderr, "procyon-describe-tree: %s: %.*s\n", file.c_str(),
                 static_cast<int>(why.size()), why.data());
    std::exit(kUnreadableStatus);
}

std::optional<u64> parse_number(const std::string& text) {
    char* end = nullptr;
    errno = 0;
    const u64 number = std::strtoull(text.c_str(), &end, text.starts_with("0x") ? 16 : 10);
    const bool is_number = !text.empty() && text[0] >= '0' && text[0] <= '9' && *end == '\0';
    if (!is_number || errno != 0) return std::nullopt;
    return number;
}

Options parse(int count, char** words) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        if (word == "--help") {
            std::fputs(kUsage.data(), stdout);
            std::exit(0);
        }
        if (word == "--hart" || word == "--image") {
            if (i + 1 == count) complain_of_usage(word + " lacks its number");
            const std::optional<u64> number = parse_number(words[++i]);
            if (!number) complain_of_usage(word + " takes a number, not '" + words[i] + "'");
            (word == "--hart" ? options.hart : options.image) = number;
        } else if (word.starts_with("-")) {
            complain_of_usage("unknown option " + word);
        } else if (!options.file.empty()) {
            complain_of_usage("one tree at a time");
        } else {
            options.file = word;
        }
    }
    if (options.file.empty()) complain_of_usage("no tree is named");
    if (options.image.value_or(0) % kernel::kPageSize != 0) {
        complain_of_usage("--image takes the address of a page");
    }
    return options;
}

std::vector<std::byte> read_file(const std::string& name) {
    std::FILE* file = std::fopen(name.c_str(), "rb");
    if (file == nullptr) fail(name, std::strerror(errno));
    std::vector<std::byte> bytes;
    std::array<std::byte, 65536> piece;
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file)) {
        bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
    }
    const int error = std::ferror(file) != 0 ? errno : 0;
    std::fclose(file);
    if (error != 0) fail(name, std::strerror(error));
    return bytes;
}

/// Where a loader would put the kernel: above the start of the first memory that the tree names.
u64 usual_image(const boot::Fdt& tree) {
    boot::BusPath buses;
    for (std::optional<boot::FdtNode> node = tree.root(); node; node = tree.next(*node)) {
        const boot::NodeFacts facts = boot::gather_facts(tree, *node);
        buses.enter(*node, facts);
        if (node->depth != 1 || facts.device_type.text() != "memory") continue;
        const std::optional<kernel::PhysRange> memory = buses.memory_reg(*node, facts.reg, 0);
        if (memory) return kernel::align_up(memory->start.value, kLoadOffset) + kLoadOffset;
    }
    return kLoadOffset;
}

/// The machine as the kernel would see it, with what it would say in `remarks`.
std::unique_ptr<boot::MachineDescription> describe(const std::string& file, const boot::Fdt& tree,
                                                   u64 image, u64 hart) {
    const boot::Handoff handoff{
        .fdt_address = {image + kImageSize},
        .image = {.start = {image}, .size = kImageSize},
        .boot_hart_id = hart,
        .reachable = u64{BOOT_DIRECT_GIGAPAGES} * kernel::kGiB,
    };
    remarks.clear();
    auto machine = std::make_unique<boot::MachineDescription>();
    boot::Complaint complaint;
    if (!describe_machine(tree, handoff, *machine, complaint).ok()) fail(file, complaint.view());
    return machine;
}

}  // namespace

int main(int count, char** words) {
    const Options options = parse(count, words);
    const std::vector<std::byte> blob = read_file(options.file);
    kernel::set_log_writer([](std::string_view line) { remarks.emplace_back(line); });
    boot::Complaint complaint;
    const kernel::Result<boot::Fdt> tree = boot::Fdt::open(blob, complaint);
    if (!tree.ok()) fail(options.file, complaint.view());
    const u64 image = options.image ? *options.image : usual_image(tree.value());
    // An id that no tree lists comes last, so that the first hart is the first of the tree.
    constexpr u64 kNobody = ~u64{0};
    auto machine = describe(options.file, tree.value(), image, options.hart.value_or(kNobody));
    if (!options.hart && machine->info.hart_count > 1) {
        machine = describe(options.file, tree.value(), image, machine->harts[0].hardware_id);
    }
    std::fputs(describe_tree::describe(*machine).c_str(), stdout);
    for (const std::string& remark : remarks) std::printf("%-10s%s", "remark", remark.c_str());
    return 0;
}
