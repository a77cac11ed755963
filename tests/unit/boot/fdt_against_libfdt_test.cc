// The device tree reader beside libfdt: on every fixture, on what breaks them, and where the two
// part on purpose.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "boot/fdt.h"
#include "tests/unit/boot/libfdt_comparison.h"
#include "tests/unit/boot/tree_builder.h"
#include "tests/unit/boot/tree_mutator.h"

namespace boot::test {
namespace {

std::vector<Blob> all_trees() {
    std::vector<Blob> trees = odd_trees();
    for (const std::string& name : fixture_names()) trees.push_back(load_fixture(name));
    return trees;
}

TEST(FdtAgainstLibfdt, AgreesOnEveryFixture) {
    ASSERT_FALSE(fixture_names().empty());
    for (const std::string& name : fixture_names()) {
        const Comparison found = compare_with_libfdt(load_fixture(name));
        EXPECT_TRUE(found.ours && found.theirs) << name;
        EXPECT_EQ(found.disagreement, "") << name;
    }
}

TEST(FdtAgainstLibfdt, AgreesOnTreesThatNoCompilerWrites) {
    for (std::size_t i = 0; const Blob& tree : odd_trees()) {
        const Comparison found = compare_with_libfdt(tree);
        EXPECT_TRUE(found.ours && found.theirs) << i;
        EXPECT_EQ(found.disagreement, "") << i;
        ++i;
    }
}

TEST(FdtAgainstLibfdt, AgreesOnWhateverBecomesOfThem) {
    const char* given = std::getenv("PROCYON_SEED");
    const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 20260301U;
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    const std::vector<Blob> trees = all_trees();
    int both = 0;
    int neither = 0;
    for (int round = 0; round < 10'000; ++round) {
        Blob tree = trees[random() % trees.size()];
        for (unsigned i = 0; i < 1 + round % 3U; ++i) mutate(tree, random);
        const Comparison found = compare_with_libfdt(tree);
        ASSERT_EQ(found.disagreement, "") << "seed " << seed << ", round " << round;
        both += found.ours && found.theirs ? 1 : 0;
        neither += !found.ours && !found.theirs ? 1 : 0;
    }
    EXPECT_GT(both, 1000) << "what comes out is too broken to compare answers";
    EXPECT_GT(neither, 1000) << "what comes out is not broken enough to compare refusals";
}

TEST(FdtAgainstLibfdt, PartsOnPurposeOnlyWhereItSays) {
    const auto parts = [](const Blob& tree) {
        const Comparison found = compare_with_libfdt(tree);
        EXPECT_FALSE(found.ours);
        EXPECT_TRUE(found.theirs);
        EXPECT_EQ(found.disagreement, "");
    };
    parts(TreeBuilder().finish());
    parts(TreeBuilder().text("nobody's", "").begin("").end().finish());
    TreeBuilder deep;
    deep.begin("");
    for (usize i = 0; i <= kFdtMaxDepth; ++i) deep.begin("n");
    for (usize i = 0; i <= kFdtMaxDepth + 1; ++i) deep.end();
    parts(deep.finish());
    Blob large = TreeBuilder().begin("").end().finish();
    large.resize(kFdtMaxSize + 4);
    put_word(large, 4, static_cast<std::uint32_t>(large.size()));
    parts(large);
    Blob old = TreeBuilder().begin("").end().finish();
    put_word(old, 20, 16);
    parts(old);
}

}  // namespace
}  // namespace boot::test
