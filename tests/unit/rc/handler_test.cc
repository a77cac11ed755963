// Handlers of notes: what they do is not part of what they interrupt.
#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "posix_host.h"

namespace kernel::shell::rc::test {
namespace {

Outcome run_text(const std::string& text) {
    std::string directory = "/tmp/rc_handler.XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) std::abort();
    World world;
    world.builtins = test_builtins();
    Outcome outcome = run_shell(world, text, {.name = "script", .directory = directory});
    std::filesystem::remove_all(directory);
    EXPECT_EQ(world.memory.outstanding(), 0u);
    EXPECT_EQ(outcome.descriptors_left, 0u);
    return outcome;
}

TEST(Handler, RedirectionsOfWhatItInterruptsAreNotIts) {
    EXPECT_EQ(
        run_text("fn sigint {echo got}\n{interrupt; echo in}>file\necho file `{cat file}\n").out,
        "got\nfile in\n");
    EXPECT_EQ(run_text("fn sigint {echo got; cat <[3] other <[0=3]}\necho word >other\n"
                       "{interrupt; cat}<other\n")
                  .out,
              "got\nword\nword\n");
    EXPECT_EQ(run_text("fn sigint {/bin/echo got}\n{interrupt; echo in}>[1=]\n").out, "got\n");
}

TEST(Handler, ItsOwnRedirectionsHoldAndEndWithIt) {
    EXPECT_EQ(run_text("fn sigint {{echo got; interrupt hangup; echo on}>other}\n"
                       "fn sighup {echo too}\n{interrupt; echo in}>file\ncat other file\n")
                  .out,
              "too\ngot\non\nin\n");
}

TEST(Handler, ExitInItEndsTheShell) {
    const Outcome outcome =
        run_text("fn sigint {echo got; exit int}\n{interrupt; echo in}>file\necho after\n");
    EXPECT_EQ(outcome.out, "got\n");
    EXPECT_EQ(outcome.status, "int");
}

}  // namespace
}  // namespace kernel::shell::rc::test
