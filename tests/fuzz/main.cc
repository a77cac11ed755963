// Before libFuzzer begins: seeds become a corpus, panics become crashes, the tier says how long.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/panic.h"
#include "tests/fuzz/target.h"

namespace fuzz {
namespace {

void write_to_stderr(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

/// Runs and seconds for the tier that the test run has; a person gives libFuzzer's own options.
std::vector<std::string> options_of_tier() {
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    const std::string_view name = tier == nullptr ? "default" : tier;
    if (name == "long") return {"-runs=20000000", "-max_total_time=900"};
    if (name == "fast") return {"-runs=2000", "-max_total_time=10", "-seed=1"};
    return {"-runs=10000", "-max_total_time=30", "-seed=1"};
}

}  // namespace

void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: %s\n", what);
    std::abort();
}

}  // namespace fuzz

extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
    kernel::PanicHooks hooks{};
    hooks.output = fuzz::write_to_stderr;
    hooks.halt = [] { std::abort(); };
    kernel::set_panic_hooks(hooks);

    const std::filesystem::path program = (*words)[0];
    const std::filesystem::path corpus =
        program.parent_path() / ("corpus-" + program.filename().string());
    std::filesystem::remove_all(corpus);
    std::filesystem::create_directories(corpus);
    std::size_t number = 0;
    for (const std::string& seed : fuzz::seeds()) {
        std::ofstream(corpus / ("seed" + std::to_string(number++)), std::ios::binary) << seed;
    }

    static std::vector<std::string> arguments(*words, *words + *count);
    bool asked = false;  // how long to run
    bool again = false;  // to run one input, not to fuzz
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        asked = asked || argument.starts_with("-runs=") || argument.starts_with("-max_total_time=");
        again = again || std::filesystem::is_regular_file(argument);
    }
    if (!asked && !again) {
        for (std::string& option : fuzz::options_of_tier()) arguments.push_back(std::move(option));
    }
    if (!again) {
        // Where to leave an input that ends the run, and where to begin.
        arguments.push_back("-artifact_prefix=fuzz-");
        arguments.push_back(corpus.string());
    }
    static std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    *count = static_cast<int>(arguments.size());
    *words = pointers.data();
    return 0;
}
