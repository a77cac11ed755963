// Names: walking them comes to where a plain reading of the text says, or fails as it should.
#include <map>

#include "tests/fuzz/target.h"
#include "tests/unit/chan/world.h"

namespace chan = kernel::chan;

namespace {

/// The files of the world of channel tests, by path; and whether each is a directory.
const std::map<std::string, bool, std::less<>>& files() {
    static const auto* const all = new std::map<std::string, bool, std::less<>>{
        {"/", true}, {"/a", true}, {"/b", true}, {"/n", true}, {"/f", false}};
    return *all;
}

/// Where `name` leads by a plain reading: its path, or nothing.
std::optional<std::string> plain_walk(std::string_view name) {
    std::string at = "/";
    const bool wants_dir = name.ends_with('/') || name.ends_with("/.");
    while (!name.empty()) {
        const std::string_view element = name.substr(0, name.find('/'));
        name.remove_prefix(std::min(element.size() + 1, name.size()));
        if (element.empty() || element == ".") continue;
        if (!files().at(at)) return {};
        if (element == "..") {
            at = "/";
        } else {
            at = (at == "/" ? at : at + "/") + std::string(element);
        }
        if (!files().contains(at)) return {};
    }
    if (wants_dir && !files().at(at)) return {};
    return at;
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    return {"/a/../f", "//./a//", "/f/",  "/f/.", "/nothing/at/all", "a/../../b/.", "../f",
            ".",       "/",       "/a/b", "#/a",  "#r/x/y/z",        "/f/../a"};
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    const std::string name(fuzz::text_of(data, size));
    chan::test::run_world([&](chan::test::World& world) {
        const auto found = chan::namec(world.caller, name, chan::NameUse::kAccess);
        if (name.starts_with('#') || name.empty()) return;
        const std::optional<std::string> expected = plain_walk(name);
        // Names with bytes that no name may have are refused as such, wherever they lead.
        const bool odd = std::ranges::any_of(
            name, [](char c) { return static_cast<kernel::u8>(c) < 0x20 || c == 0x7f; });
        if (found.ok()) {
            fuzz::check(expected.has_value(), "found what is not there");
            fuzz::check(chan::test::path_text(*found.value()) == *expected, "went elsewhere");
        } else if (!odd) {
            fuzz::check(!expected.has_value() || name.size() > 1000, "did not find what is there");
        }
        fuzz::check(chan::test::outcome(found).size() <= kernel::kErrorTextMax, "a long error");
    });
    fuzz::check(!testing::Test::HasFailure(), "a check of the world failed");
    return 0;
}
