// Our programs beside 9base's on random texts: the same output, and success together.
#include <gtest/gtest.h>

#include <random>

#include "tests/user/oracle.h"

namespace user_tests {
namespace {

using Random = std::mt19937;

const std::string& pick(Random& random, const std::vector<std::string>& from) {
    return from[random() % from.size()];
}

/// Few different letters, so that lines resemble each other.
std::string random_text(Random& random) {
    static const std::vector<std::string> kPieces = {"a", "b",  "A", "ab", " ", "  ", "\t", "1",
                                                     "2", "10", "-", ".",  ",", "\n", "\n", "x"};
    std::string text;
    for (usize i = random() % 60; i > 0; --i) text += pick(random, kPieces);
    if (!text.empty()) text += "\n";
    return text;
}

/// An expression that both sides take: balanced, no operator without an operand.
std::string random_parts(Random& random, int depth) {
    static const std::vector<std::string> kAtoms = {"a",    "b",     "1",      ".", "[ab]",
                                                    "[^a]", "[0-9]", "[a-b1]", "x", "\\."};
    std::string expression;
    for (usize i = 1 + random() % 3; i > 0; --i) {
        if (depth > 0 && random() % 4 == 0) {
            expression += "(" + random_parts(random, depth - 1) + ")";
        } else {
            expression += pick(random, kAtoms);
        }
        if (random() % 4 == 0) expression += pick(random, {"*", "+", "?"});
    }
    if (depth > 0 && random() % 5 == 0) expression += "|" + random_parts(random, depth - 1);
    return expression;
}

/// ^ and $ stand at the ends only: inside, 9base's grep lets $ match what follows the newline.
std::string random_expression(Random& random, int depth) {
    const std::string expression = random_parts(random, depth);
    if (expression.find('|') != std::string::npos) return expression;
    return (random() % 8 == 0 ? "^" : "") + expression + (random() % 8 == 0 ? "$" : "");
}

std::vector<std::string> random_grep(Random& random) {
    const std::vector<std::string> flags = {"-n", "-c", "-v", "-i", "-h", "-l", "-L"};
    std::vector<std::string> argv = {"grep"};
    if (random() % 2 == 0) argv.push_back(pick(random, flags));
    argv.insert(argv.end(), {"-e", random_expression(random, 2)});
    if (random() % 2 == 0) argv.insert(argv.end(), {"f", "g"});
    return argv;
}

std::string random_sed_command(Random& random) {
    const std::string address =
        pick(random, {"", "", "1", "2", "$", "/a/", "/b/,/a/", "2,3", "2,/1/", "1!"});
    const std::string expression = random_expression(random, 1);
    return address +
           pick(random, {"p", "d", "s/" + expression + "/<&>/", "s/[ab1](" + expression + ")/X/g",
                         "s/a(.)/\\1a/p", "=", "n", "q", "y/ab/ba/", "G", "h", "x", "P", "H", "g",
                         "i\\\ninserted", "a\\\nadded"});
}

std::vector<std::string> random_sed(Random& random) {
    std::vector<std::string> argv = {"sed"};
    if (random() % 3 == 0) argv.push_back("-n");
    for (usize i = 1 + random() % 3; i > 0; --i) {
        argv.insert(argv.end(), {"-e", random_sed_command(random)});
    }
    if (random() % 2 == 0) argv.insert(argv.end(), {"f", "g"});
    return argv;
}

/// Only where lines that are equal are the same: 9base's does not keep the order of others.
std::vector<std::string> random_sort(Random& random) {
    std::vector<std::string> argv = {"sort"};
    for (const char* flag : {"-r", "-u", "-b"}) {
        if (random() % 3 == 0) argv.push_back(flag);
    }
    if (random() % 2 == 0) argv.insert(argv.end(), {"f", "g"});
    return argv;
}

std::vector<std::string> random_uniq(Random& random) {
    std::vector<std::string> argv = {"uniq"};
    if (random() % 2 == 0) argv.push_back(pick(random, {"-c", "-d", "-u"}));
    if (random() % 3 == 0) argv.push_back(pick(random, {"-1", "-2"}));
    if (random() % 3 == 0) argv.push_back(pick(random, {"+1", "+2"}));
    return argv;
}

/// With one kind of connective: 9base's reads the second operand of -a and -o only if it must, and
/// then all that follows.
std::vector<std::string> random_test(Random& random) {
    const std::vector<std::string> words = {"a", "b", "", "1", "2", "f", "x"};
    const std::string connective = pick(random, {"-a", "-o"});
    std::vector<std::string> argv = {"test"};
    for (int term = 0;; ++term) {
        if (random() % 4 == 0) argv.push_back("!");
        if (random() % 2 == 0) {
            argv.insert(argv.end(),
                        {pick(random, {"-e", "-f", "-n", "-z", "-r"}), pick(random, words)});
        } else if (random() % 2 == 0) {
            argv.insert(argv.end(),
                        {pick(random, {"1", "2", "-3"}), pick(random, {"-eq", "-lt", "-ge", "-ne"}),
                         pick(random, {"1", "2", "-3"})});
        } else {
            argv.insert(argv.end(),
                        {pick(random, words), pick(random, {"=", "!="}), pick(random, words)});
        }
        if (term == 2 || random() % 2 == 0) return argv;
        argv.push_back(connective);
    }
}

struct Tool {
    const char* name;
    std::vector<std::string> (*arguments)(Random&);
};

class Beside9base : public testing::TestWithParam<Tool> {};

TEST_P(Beside9base, RandomTextsComeOutTheSame) {
    // The same texts each time, unless another seed is asked for.
    const int asked = GTEST_FLAG_GET(random_seed);
    const u32 seed = asked != 0 ? static_cast<u32>(asked) : 1;
    RecordProperty("seed", std::to_string(seed));
    Random random(seed);
    for (int round = 0; round < 150; ++round) {
        Given given;
        given.argv = GetParam().arguments(random);
        given.in = random_text(random);
        given.files = {{"/f", {.data = random_text(random)}},
                       {"/g", {.data = random_text(random)}}};
        const Outcome wanted = run_oracle(given);
        const Outcome outcome = run_program(program_path(given.argv[0]), given);
        std::string line;
        for (const std::string& word : given.argv) line += word + "|";
        ASSERT_EQ(outcome.out, wanted.out)
            << "seed " << seed << ": " << line << "\ninput: " << given.in
            << "\nf: " << given.files["/f"].data << "\ng: " << given.files["/g"].data
            << outcome.err;
        ASSERT_EQ(outcome.status.empty(), wanted.status.empty()) << "seed " << seed << ": " << line;
        ASSERT_EQ(outcome.trap, "") << line;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Beside9base,
                         testing::Values(Tool{"grep", random_grep}, Tool{"sed", random_sed},
                                         Tool{"sort", random_sort}, Tool{"uniq", random_uniq},
                                         Tool{"test", random_test}),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace user_tests
