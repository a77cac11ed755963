// The device tree reader beside libfdt: whatever the bytes, the same verdict and the same answers,
// but for what libfdt_comparison.h lists.
#include <cstdio>
#include <random>
#include <span>

#include "tests/fuzz/target.h"
#include "tests/unit/boot/libfdt_comparison.h"
#include "tests/unit/boot/tree_builder.h"
#include "tests/unit/boot/tree_mutator.h"

using boot::test::Blob;

extern "C" kernel::usize LLVMFuzzerMutate(kernel::u8* data, kernel::usize size, kernel::usize most);

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> seeds;
    for (const Blob& tree : boot::test::odd_trees()) {
        seeds.emplace_back(reinterpret_cast<const char*>(tree.data()), tree.size());
    }
    for (const std::string& name : boot::test::fixture_names()) {
        const Blob tree = boot::test::load_fixture(name);
        seeds.emplace_back(reinterpret_cast<const char*>(tree.data()), tree.size());
    }
    return seeds;
}

/// Mostly changes that know what a tree is; else the fuzzer's own, which know nothing.
extern "C" kernel::usize LLVMFuzzerCustomMutator(kernel::u8* data, kernel::usize size,
                                                 kernel::usize most, unsigned seed) {
    std::mt19937 random(seed);
    if (random() % 4 == 0) return LLVMFuzzerMutate(data, size, most);
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    Blob tree(bytes, bytes + size);
    boot::test::mutate(tree, random);
    if (tree.size() > most) return LLVMFuzzerMutate(data, size, most);
    std::copy_n(reinterpret_cast<const kernel::u8*>(tree.data()), tree.size(), data);
    return tree.size();
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    const boot::test::Comparison found =
        boot::test::compare_with_libfdt({reinterpret_cast<const std::byte*>(data), size});
    fuzz::check(found.disagreement.empty(), found.disagreement.c_str());
    return 0;
}
