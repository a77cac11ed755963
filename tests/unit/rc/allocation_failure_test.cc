// Every allocation of a shell fails in turn: it says so or does without, and keeps nothing.
#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "posix_host.h"

namespace kernel::shell::rc::test {
namespace {

struct Case {
    const char* name;
    const char* text;
};

// Scripts that together use each construction; small ones, so that their sweeps stay short.
constexpr Case kCases[] = {
    {"words", "x=(a 'b c' d^e) y=$x(2) echo $#x $\"x $y $x^.c ''$* `{echo in}^out\n"},
    {"blocks",
     "if(~ a a){echo yes}\nif not echo no\nfor(i in 1 2){echo $i}\n! ~ a b && echo and\n"},
    {"loops",
     "n=()\nwhile(! ~ $#n 3){n=($n x)}\nswitch($#n){case 2\necho two\ncase 3 4\necho three\n}\n"},
    {"functions",
     "fn f {echo $0 $* $1}\nf a b\nfn g {f $*; shift; echo $#*}\ng 1 2 3\nfn f\nwhatis g\n"},
    {"pipes", "echo a b | {read=x cat} | tr a c\n{echo 1; echo 2} | wc -l\n"},
    {"redirections",
     "echo text >file\ncat <file >>file2\ncat file2 <[3=0] >[2=1]\n{echo in; echo out}>file3\ncat "
     "file3\n"},
    {"here", "x=value\ncat <<EOF\nhas $x and $x^s\nEOF\ncat <<'EOF'\n$x\nEOF\n"},
    {"jobs", "echo back >b &\nwait\ncat b\n@{x=1 echo sub}\necho `{echo a b; echo c}\n"},
    {"pipe_files", "cat <{echo one} <{echo two}\n"},
    {"patterns", "echo x >a1; echo x >a2\necho a* [a-b]? nothing*\n~ abc a*c && echo match\n"},
    {"texts", "eval 'x=1; echo $x'\necho 'echo $1' >script\n. ./script word\nexit done\n"},
    {"builtins", "twice echo x\ntwice twice echo y\nargs a 'b c'\nflag e +\nfull\n"},
    {"exit", "fn sigexit {echo bye}\nx=1\nexit\n"},
    {"errors", "echo (a b)^(c d e)\necho after\n"},
    {"syntax", "if x {\n"},
};

/// Runs a script in an empty directory.
Outcome run_case(World& world, const std::string& text) {
    std::string directory = "/tmp/rc_alloc.XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) std::abort();
    world.builtins = test_builtins();
    Outcome outcome =
        run_shell(world, text, {.name = "script", .arguments = {"one"}, .directory = directory});
    std::filesystem::remove_all(directory);
    return outcome;
}

/// Without the script's name, which takes memory, too.
std::string without_name(std::string text) {
    for (std::size_t at; (at = text.find("rc: script:")) != std::string::npos;) {
        text.replace(at, 11, "rc: line ");
    }
    return text;
}

/// Whether `text` tells of too little memory.
bool tells(const std::string& text) {
    return text.find("out of memory") != std::string::npos ||
           text.find("kernel allocate failed") != std::string::npos;
}

class RcAllocation : public testing::TestWithParam<Case> {};

TEST_P(RcAllocation, EachMayFail) {
    const std::string text = GetParam().text;
    std::string out;
    std::string err;
    std::string status;
    {
        World world;
        const Outcome whole = run_case(world, text);
        out = whole.out;
        err = whole.err;
        status = whole.status;
    }
    u64 failures = 0;
    u64 told = 0;
    for (u64 index = 0;; ++index) {
        ASSERT_LT(index, 3000u);
        World world;
        world.memory.fail_at(index);
        const Outcome outcome = run_case(world, text);
        EXPECT_EQ(world.memory.outstanding(), 0u) << "allocation " << index;
        EXPECT_EQ(outcome.descriptors_left, 0u) << "allocation " << index;
        if (world.memory.allocations() <= index) {
            EXPECT_EQ(outcome.out, out);
            break;
        }
        ++failures;
        // It says what is wrong, or nothing is. Its words go where descriptor 2 leads.
        const bool same = outcome.out == out && without_name(outcome.err) == without_name(err) &&
                          outcome.status == status;
        const bool says = tells(outcome.err) || tells(outcome.out) || tells(outcome.status);
        told += says ? 1 : 0;
        EXPECT_TRUE(same || says) << "allocation " << index << "\nout: " << outcome.out
                                  << "\nerr: " << outcome.err << "\nstatus: " << outcome.status;
        if (HasFailure()) return;
    }
    EXPECT_GT(failures, 10u);
    EXPECT_GT(told, 5u);
}
INSTANTIATE_TEST_SUITE_P(Scripts, RcAllocation, testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(RcAllocationFrom, AShellWithoutAnyMemoryLeftEnds) {
    for (const Case& each : kCases) {
        for (u64 from = 0; from < 400; from += 7) {
            World world;
            world.memory.fail_from(from);
            const Outcome outcome = run_case(world, each.text);
            EXPECT_EQ(world.memory.outstanding(), 0u) << each.name << " from " << from;
            EXPECT_EQ(outcome.descriptors_left, 0u) << each.name << " from " << from;
            if (world.memory.allocations() <= from) break;
        }
    }
}

TEST(RcCalls, EachMayFail) {
    for (const Case& each : kCases) {
        World usual;
        const Outcome whole = run_case(usual, each.text);
        for (std::int64_t index = 0;; ++index) {
            ASSERT_LT(index, 200);
            World world;
            world.fail_call = index;
            const Outcome outcome = run_case(world, each.text);
            EXPECT_EQ(world.memory.outstanding(), 0u) << each.name << " call " << index;
            EXPECT_EQ(outcome.descriptors_left, 0u) << each.name << " call " << index;
            if (world.fail_call.load() >= 0) break;
            const bool same = outcome.out == whole.out && outcome.status == whole.status;
            EXPECT_TRUE(same || !outcome.status.empty() ||
                        (outcome.err + outcome.out).find("rc: ") != std::string::npos)
                << each.name << " call " << index << "\nout: " << outcome.out
                << "\nerr: " << outcome.err;
        }
    }
}

}  // namespace
}  // namespace kernel::shell::rc::test
