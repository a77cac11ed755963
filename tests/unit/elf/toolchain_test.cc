// Programs that compilers and linkers make: the static ones are taken, the others refused by name.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "proc/elf/program.h"
#include "tests/unit/elf/image.h"
#include "tests/unit/elf/judge.h"

namespace kernel::proc::elf {
namespace {

using test::kUserMemory;

std::string load_file(const std::string& name) {
    std::ifstream file(PROCYON_ELF_FILES "/" + name, std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

Result<Program> read(const std::string& name, Refusal& why) {
    const std::string file = load_file(name);
    const ConstBytes head = as_bytes(std::string_view(file).substr(0, kHeadBytes));
    EXPECT_EQ(test::judge_program(head, file.size(), kUserMemory), "") << name;
    return read_program(head, file.size(), kUserMemory, why);
}

class ToolchainPrograms : public testing::TestWithParam<const char*> {};

TEST_P(ToolchainPrograms, StaticOnesAreTakenAndTheirPagesAreThoseOfTheFile) {
    Refusal why;
    const Result<Program> read_one = read(GetParam(), why);
    ASSERT_TRUE(read_one.ok()) << describe(why).view();
    const Program& program = read_one.value();
    EXPECT_GE(program.segments().size(), 2u);
    u64 zeros = 0;
    for (const Segment& segment : program.segments()) {
        EXPECT_TRUE(segment.file_size == 0 || segment.can_map_in_place());
        zeros += segment.memory_size - segment.file_size;
    }
    EXPECT_GE(zeros, 100'000u);
    EXPECT_EQ(program.segments().back().access, Access::kReadWrite);
}
INSTANTIATE_TEST_SUITE_P(Static, ToolchainPrograms,
                         testing::Values("plain", "separate", "soft", "bare", "large_pages",
                                         "only_zeros"),
                         [](const auto& one) { return std::string(one.param); });

TEST(ToolchainFiles, OthersAreRefusedByName) {
    const std::pair<const char*, const char*> files[] = {
        {"object", "not linked to a fixed address"},
        {"movable", "not linked to a fixed address"},
        {"interpreted", "needs a program interpreter"},
        {"dynamic", "linked dynamically"},
        {"writable_code", "segment 1 is both writable and executable"},
        {"other_machine", "not a RISC-V program"},
    };
    for (const auto& [name, reason] : files) {
        Refusal why;
        const Result<Program> program = read(name, why);
        ASSERT_FALSE(program.ok()) << name;
        EXPECT_EQ(program.error(), Error::kBadExec);
        EXPECT_EQ(describe(why).view(), reason) << name;
    }
}

}  // namespace
}  // namespace kernel::proc::elf
