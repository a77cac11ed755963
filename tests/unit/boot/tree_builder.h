// TreeBuilder: device trees made token by token, also ones that no compiler would write.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "boot/fdt.h"

namespace boot::test {

using Blob = std::vector<std::byte>;

/// Appends tokens; finish() adds the end token and the header.
class TreeBuilder {
public:
    TreeBuilder& begin(std::string_view name);
    TreeBuilder& end();
    TreeBuilder& nop();
    TreeBuilder& cells(std::string_view name, const std::vector<std::uint32_t>& values);
    TreeBuilder& text(std::string_view name, std::string_view value);
    TreeBuilder& flag(std::string_view name) { return cells(name, {}); }
    TreeBuilder& reserve(std::uint64_t start, std::uint64_t size);
    TreeBuilder& token(std::uint32_t word);

    Blob finish();

private:
    void property(std::string_view name, const Blob& value);

    Blob structure_;
    Blob strings_;
    Blob reservations_;
};

/// Puts `word` big-endian at `at`.
void put_word(Blob& blob, std::size_t at, std::uint32_t word);

/// Small trees that no compiler writes, and that are right all the same.
std::vector<Blob> odd_trees();

/// The compiled fixtures: one for each boot_fixture() of the CMakeLists.txt beside this.
std::vector<std::string> fixture_names();
/// One of them, by its name.
Blob load_fixture(const std::string& name);

}  // namespace boot::test
