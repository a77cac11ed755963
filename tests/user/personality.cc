// Running programs that the build made.
#include "tests/user/personality.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/user/process.h"

namespace user_tests {

std::string program_path(const std::string& name) { return PROCYON_USER_BIN "/" + name; }

Outcome run_program(const std::string& path, const Given& given) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file.good()) << "no program " << path;
    const std::string image(std::istreambuf_iterator<char>(file), {});
    Process process(given);
    EXPECT_TRUE(process.load(image)) << path;
    return process.run();
}

Outcome run(std::vector<std::string> argv, const std::string& in, const Files& files) {
    const std::string path = program_path(argv[0]);
    return run_program(path, {.argv = std::move(argv), .in = in, .files = files});
}

}  // namespace user_tests
