// Our programs beside 9base's on random texts: the same output, and success together.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <regex>
#include <sstream>

#include "tests/user/oracle.h"

namespace user_tests {
namespace {

using Random = std::mt19937;

/// The same texts each time, unless another seed is asked for.
u32 chosen_seed() {
    const int asked = GTEST_FLAG_GET(random_seed);
    return asked != 0 ? static_cast<u32>(asked) : 1;
}

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

/// A string of tr that does not look like a flag; some are ambiguous or have a wrong range. No
/// empty range like a-a: behind one at the end 9base's maps to what is in no string.
std::string random_string(Random& random) {
    static const std::vector<std::string> kPieces = {"a",   "b", "ab",    "a-b",   "A",     "1-9",
                                                     "b-a", " ", "\\061", "\\x62", "\\012", ",-."};
    std::string string = pick(random, {"a", "A", "1", " ", "a-x", "\\-", "\\n"});
    for (usize i = random() % 3; i > 0; --i) string += pick(random, kPieces);
    return string + pick(random, {"", "", "-", "-z"});
}

std::vector<std::string> random_tr(Random& random) {
    std::vector<std::string> argv = {"tr"};
    for (const char* flag : {"-c", "-d", "-s"}) {
        if (random() % 3 == 0) argv.push_back(flag);
    }
    argv.push_back(random_string(random));
    if (random() % 4 != 0) argv.push_back(random_string(random));
    return argv;
}

/// Not -l: 9base's then succeeds with files that differ.
std::vector<std::string> random_cmp(Random& random) {
    std::vector<std::string> argv = {"cmp"};
    for (const char* flag : {"-L", "-s"}) {
        if (random() % 3 == 0) argv.push_back(flag);
    }
    argv.push_back("f");
    argv.push_back(pick(random, {"f", "g"}));
    const std::vector<std::string> offsets = {"0", "1", "3", "010", "0xa", "20"};
    for (usize i = random() % 3; i > 0; --i) argv.push_back(pick(random, offsets));
    return argv;
}

struct Tool {
    const char* name;
    std::vector<std::string> (*arguments)(Random&);
};

class Beside9base : public testing::TestWithParam<Tool> {};

TEST_P(Beside9base, RandomTextsComeOutTheSame) {
    const u32 seed = chosen_seed();
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
                                         Tool{"test", random_test}, Tool{"tr", random_tr},
                                         Tool{"cmp", random_cmp}),
                         [](const auto& one) { return std::string(one.param.name); });

/// The lines of du in an order, as directories have none on the host, and without the d that
/// 9base's prints behind each number.
std::string in_order(const std::string& out) {
    std::vector<std::string> lines;
    std::istringstream in(std::regex_replace(out, std::regex("(^|\n)([0-9]+)d\t"), "$1$2\t"));
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    std::ranges::sort(lines);
    std::string sorted;
    for (const std::string& line : lines) sorted += line + "\n";
    return sorted;
}

/// With blocks of whole kilobytes, and not of another size than one byte with -n: 9base's leaves
/// out what is no whole kilobyte then, and -b.
std::vector<std::string> random_du(Random& random) {
    std::vector<std::string> argv = {"du"};
    const std::string flags = pick(random, {"-n", "-ns", "-f", "-a", "-s", "-as"});
    argv.push_back(flags);
    if (flags.find('n') == std::string::npos && random() % 2 == 0) {
        argv.insert(argv.end(), {"-b", pick(random, {"1k", "2k", "4096"})});
    }
    for (usize i = 1 + random() % 3; i > 0; --i) {
        argv.push_back(pick(random, {"d", "d/d", "f", "d/e", "d/d/d/g"}));
    }
    return argv;
}

Files random_tree(Random& random) {
    Files files;
    for (const char* name : {"/d", "/d/d", "/d/d/d", "/d/e"}) {
        files[name].mode = kDirectory | 0775;
    }
    for (const char* name : {"/f", "/d/f", "/d/d/f", "/d/d/d/f", "/d/d/d/g"}) {
        const usize size = random() % 2 == 0 ? random() % 3 * 1024 : random() % 9000;
        files[name].data = std::string(size, 'x');
    }
    return files;
}

TEST(Du, CountsAs9bases) {
    const u32 seed = chosen_seed();
    RecordProperty("seed", std::to_string(seed));
    Random random(seed);
    for (int round = 0; round < 50; ++round) {
        const Given given = {.argv = random_du(random), .in = "", .files = random_tree(random)};
        const Outcome outcome = run_program(program_path("du"), given);
        ASSERT_EQ(in_order(outcome.out), in_order(run_oracle(given).out))
            << "seed " << seed << ": " << testing::PrintToString(given.argv);
        ASSERT_EQ(outcome.err + outcome.status + outcome.trap, "");
    }
}

}  // namespace
}  // namespace user_tests
