// rc_run: runs a script as the oracle test does, for a person at the keyboard: rc_run FILE
// [WORD...]
#include <cstdio>
#include <fstream>
#include <iterator>

#include "posix_host.h"

int main(int count, char** words) {
    using namespace kernel::shell::rc::test;
    if (count < 2) return 2;
    std::ifstream file(words[1]);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    World world;
    if (std::getenv("RC_BUILTINS") != nullptr) world.builtins = test_builtins();
    RunOptions options{.name = words[1]};
    for (int i = 2; i < count; ++i) options.arguments.push_back(words[i]);
    const Outcome outcome = run_shell(world, text, options);
    std::fputs(outcome.out.c_str(), stdout);
    std::fputs(outcome.err.c_str(), stderr);
    std::printf("=> [%s]\n", outcome.status.c_str());
    std::printf("leaks: %lu fds %zu\n", world.memory.outstanding(), outcome.descriptors_left);
}
