// The builder of device trees for tests.
#include "tests/unit/boot/tree_builder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace boot::test {
namespace {

void append_word(Blob& blob, std::uint32_t word) {
    blob.resize(blob.size() + 4);
    put_word(blob, blob.size() - 4, word);
}
void append_padded(Blob& blob, const Blob& value) {
    blob.insert(blob.end(), value.begin(), value.end());
    while (blob.size() % 4 != 0) blob.push_back(std::byte{0});
}
Blob terminated(std::string_view text) {
    Blob bytes;
    for (char c : text) bytes.push_back(static_cast<std::byte>(c));
    bytes.push_back(std::byte{0});
    return bytes;
}

}  // namespace

void put_word(Blob& blob, std::size_t at, std::uint32_t word) {
    for (int i = 0; i < 4; ++i) blob.at(at + i) = static_cast<std::byte>(word >> (24 - 8 * i));
}

TreeBuilder& TreeBuilder::token(std::uint32_t word) {
    append_word(structure_, word);
    return *this;
}
TreeBuilder& TreeBuilder::begin(std::string_view name) {
    token(1);
    append_padded(structure_, terminated(name));
    return *this;
}
TreeBuilder& TreeBuilder::end() { return token(2); }
TreeBuilder& TreeBuilder::nop() { return token(4); }

void TreeBuilder::property(std::string_view name, const Blob& value) {
    token(3);
    append_word(structure_, static_cast<std::uint32_t>(value.size()));
    append_word(structure_, static_cast<std::uint32_t>(strings_.size()));
    append_padded(structure_, value);
    const Blob text = terminated(name);
    strings_.insert(strings_.end(), text.begin(), text.end());
}
TreeBuilder& TreeBuilder::cells(std::string_view name, const std::vector<std::uint32_t>& values) {
    Blob bytes;
    for (std::uint32_t value : values) append_word(bytes, value);
    property(name, bytes);
    return *this;
}
TreeBuilder& TreeBuilder::text(std::string_view name, std::string_view value) {
    property(name, terminated(value));
    return *this;
}
TreeBuilder& TreeBuilder::reserve(std::uint64_t start, std::uint64_t size) {
    for (std::uint64_t number : {start, size}) {
        append_word(reservations_, static_cast<std::uint32_t>(number >> 32));
        append_word(reservations_, static_cast<std::uint32_t>(number));
    }
    return *this;
}

Blob TreeBuilder::finish() {
    token(9);
    reserve(0, 0);
    const std::uint32_t header = 40;
    const std::uint32_t structure = header + static_cast<std::uint32_t>(reservations_.size());
    const std::uint32_t strings = structure + static_cast<std::uint32_t>(structure_.size());
    const std::uint32_t total = strings + static_cast<std::uint32_t>(strings_.size());
    Blob blob;
    for (std::uint32_t word : {0xd00dfeedU, total, structure, strings, header, 17U, 16U, 0U,
                               static_cast<std::uint32_t>(strings_.size()),
                               static_cast<std::uint32_t>(structure_.size())}) {
        append_word(blob, word);
    }
    for (const Blob* part : {&reservations_, &structure_, &strings_}) {
        blob.insert(blob.end(), part->begin(), part->end());
    }
    return blob;
}

std::vector<Blob> odd_trees() {
    return {
        TreeBuilder().begin("").end().finish(),
        TreeBuilder()
            .begin("")
            .begin("a@1")
            .end()
            .begin("a@2")
            .end()
            .begin("a")
            .end()
            .end()
            .finish(),
        TreeBuilder().nop().begin("").nop().text("a", "").nop().end().finish(),
        TreeBuilder().begin("").end().nop().nop().finish(),
        TreeBuilder().begin("").text("a", "1").begin("b").end().text("late", "2").end().finish(),
        TreeBuilder().begin("").text("a", "1").text("a", "2").end().finish(),
        TreeBuilder().begin("").begin("").end().begin("@1").end().begin("a/b").end().end().finish(),
        TreeBuilder().begin("").cells("linux,phandle", {7}).cells("phandle", {8}).end().finish(),
        TreeBuilder().begin("").cells("phandle", {7, 8}).cells("linux,phandle", {9}).end().finish(),
        TreeBuilder()
            .begin("")
            .cells("#address-cells", {0})
            .cells("#size-cells", {0})
            .end()
            .finish(),
        TreeBuilder().begin("").cells("#address-cells", {5}).end().finish(),
        TreeBuilder().begin("").cells("#address-cells", {1, 1}).flag("#size-cells").end().finish(),
        TreeBuilder()
            .reserve(1, 2)
            .reserve(~0ULL, ~0ULL)
            .reserve(0, 1)
            .begin("")
            .begin("aliases")
            .text("one", "/b@1/c")
            .text("two", "one")
            .text("self", "self")
            .text("gone", "/d")
            .end()
            .begin("b@1")
            .begin("c")
            .begin("interrupt-controller")
            .end()
            .end()
            .end()
            .end()
            .finish(),
    };
}

std::vector<std::string> fixture_names() {
    std::istringstream words(PROCYON_FIXTURE_NAMES);
    return {std::istream_iterator<std::string>(words), {}};
}

Blob load_fixture(const std::string& name) {
    std::ifstream file(std::string(PROCYON_FIXTURES) + "/" + name + ".dtb", std::ios::binary);
    EXPECT_TRUE(file) << "no fixture " << name;
    Blob blob;
    for (std::istreambuf_iterator<char> it(file), end; it != end; ++it) {
        blob.push_back(static_cast<std::byte>(*it));
    }
    return blob;
}

}  // namespace boot::test
