// Runs 9base's programs through a shell, in a directory of their own.
#include "tests/user/oracle.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace user_tests {

namespace {

constexpr const char* kPrograms = "/usr/lib/plan9/bin";

std::string in_quotes(const std::string& word) {
    std::string out = "'";
    for (const char one : word) out += one == '\'' ? std::string("'\\''") : std::string(1, one);
    return out + "'";
}

}  // namespace

Outcome run_oracle(const Given& given) {
    std::string folder = std::filesystem::temp_directory_path() / "procyon-oracle.XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) {
        ADD_FAILURE() << "no directory for the oracle";
        return {};
    }
    for (const auto& [name, file] : given.files) {
        if ((file.mode & kDirectory) != 0) {
            std::filesystem::create_directory(folder + name);
        } else {
            std::ofstream(folder + name) << file.data;
        }
    }
    std::ofstream(folder + "/.in") << given.in;
    std::string line = "cd " + in_quotes(folder) + " && exec env -i " + kPrograms;
    line += "/" + given.argv[0];
    for (usize i = 1; i < given.argv.size(); ++i) line += " " + in_quotes(given.argv[i]);
    line += " < .in 2>/dev/null";
    Outcome outcome;
    std::FILE* const pipe = popen(line.c_str(), "r");
    for (int byte; pipe != nullptr && (byte = std::fgetc(pipe)) != EOF;) {
        outcome.out += static_cast<char>(byte);
    }
    if (pipe == nullptr || pclose(pipe) != 0) outcome.status = "failed";
    std::filesystem::remove_all(folder);
    return outcome;
}

}  // namespace user_tests
