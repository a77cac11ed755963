// put_node: what is printed parses to what it was printed from, over the whole corpus.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "counting_memory.h"
#include "shell/rc/ast.h"
#include "shell/rc/input.h"
#include "shell/rc/parser.h"
#include "shell/rc/source.h"
#include "tree_text.h"

namespace kernel::shell::rc::test {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// How `text`, one command, is printed; what is wrong with it in angle brackets.
std::string printed(Memory& memory, const std::string& text) {
    const std::vector<ParsedCommand> commands = parse_all(memory, text);
    if (commands.size() != 1) return "<" + std::to_string(commands.size()) + " commands>";
    return commands[0].error.empty() ? commands[0].printed : "<" + commands[0].error + ">";
}

TEST(Print, TheCorpusRoundTrips) {
    CountingMemory memory;
    std::size_t commands_seen = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(RC_TEST_SOURCE) / "corpus")) {
        if (entry.path().extension() != ".rc") continue;
        for (const ParsedCommand& command : parse_all(memory, contents(entry.path()))) {
            if (!command.error.empty()) continue;
            ++commands_seen;
            const std::vector<ParsedCommand> again =
                parse_all(memory, command.printed + "\n", command.follows_if);
            ASSERT_EQ(again.size(), 1u) << entry.path() << ": " << command.printed;
            EXPECT_EQ(again[0].error, "") << entry.path() << ": " << command.printed;
            EXPECT_EQ(again[0].tree, command.tree) << entry.path() << ": " << command.printed;
            EXPECT_EQ(again[0].printed, command.printed) << entry.path();
            // A definition in the environment ends without a newline.
            const std::vector<ParsedCommand> bare =
                parse_all(memory, command.printed, command.follows_if);
            ASSERT_EQ(bare.size(), command.printed.empty() ? 0u : 1u) << command.printed;
            if (!bare.empty()) {
                EXPECT_EQ(bare[0].tree, command.tree) << command.printed;
            }
        }
    }
    EXPECT_GE(commands_seen, 870u);
    EXPECT_EQ(memory.outstanding(), 0u);
}

TEST(Print, IsOnOneLineWithOneBlankWhereOneIsNeeded) {
    CountingMemory memory;
    EXPECT_EQ(printed(memory, "if(  ~ $x a   b )  {  echo  'it''s' ; ls\n}\n"),
              "if(~ $x a b){echo 'it''s';ls}");
    EXPECT_EQ(printed(memory, "for(i in a b)echo $i $#i $\"i $i(2)\n"),
              "for(i in a b)echo $i $#i $\"i $i(2)");
    EXPECT_EQ(printed(memory, "switch($x){\ncase a b\n  echo 1\ncase *\n}\n"),
              "switch ($x) {case a b;echo 1;case *}");
    EXPECT_EQ(printed(memory, "a | b |[2] c && ! d || @ e >f >[2=1] <[5=] &\n"),
              "a|b|[2]c && ! d || @ e >f >[2=1] >[5=]&");
    EXPECT_EQ(printed(memory, "x=1 y=(2 3) echo a^$b'c'`{d}\n"), "x=1 y=(2 3) echo a^$b^c^`{d}");
    EXPECT_EQ(printed(memory, "fn f g\n"), "fn f g");
    EXPECT_EQ(printed(memory, "'if' 'x y' '' 'not'\n"), "'if' 'x y' '' 'not'");
}

TEST(Print, WhatWouldRunTogetherIsKeptApart) {
    CountingMemory memory;
    EXPECT_EQ(printed(memory, "a | | b |[2] | c\n"), "a| |b|[2] |c");
    EXPECT_EQ(printed(memory, "a | [x > [y < <{z} >[2] [w\n"), "a| [x > [y < <{z} >[2] [w");
    EXPECT_EQ(printed(memory, "echo a\\ ;b c\\ \n"), "echo a\\;b c\\ ");
    EXPECT_EQ(printed(memory, "echo c\\"), "echo c\\ ");
    EXPECT_EQ(printed(memory, "$'a b' $'*'^x\n"), "$'a b' $'*'^x");
}

TEST(Print, HereDocumentsFollowTheirLine) {
    CountingMemory memory;
    EXPECT_EQ(printed(memory, "fn f {cat <<A <<'B'; echo}\n$x\nA\n$y\nB\n"),
              "fn f {cat <<A <<'B';echo}\n$x\nA\n$y\nB");
}

TEST(Print, EachAllocationMayFail) {
    CountingMemory memory;
    const std::string text = "fn f {for(i in a b){cat <<A;x=(1 2) y=`{z|w <{v}} echo}}\n$x\nA\n";
    for (std::uint64_t index = 0;; ++index) {
        ASSERT_LT(index, 1000u);
        memory.fail_at(index);
        const std::vector<ParsedCommand> commands = parse_all(memory, text);
        const bool failed = memory.allocations() > index;
        memory.fail_at(CountingMemory::kNever);
        EXPECT_EQ(memory.outstanding(), 0u) << index;
        if (!failed) break;
        ASSERT_FALSE(commands.empty());
        EXPECT_EQ(commands.back().error, "kernel allocate failed") << index;
    }
}

}  // namespace
}  // namespace kernel::shell::rc::test
