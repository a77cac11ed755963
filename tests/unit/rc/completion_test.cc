// Completion: what a position in a line asks for, what a shell offers, and how the editor uses it.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "counting_memory.h"
#include "posix_host.h"
#include "screen.h"
#include "shell/rc/line_editor.h"
#include "shell/rc/shell_completer.h"

namespace kernel::shell::rc::test {
namespace {

// Where in the line it is.

/// The kind and the word at the `|` in `line`.
std::string point(std::string line) {
    const std::size_t cursor = line.rfind('|');
    line.erase(cursor, 1);
    const CompletionPoint found = find_completion_point(line, cursor);
    constexpr const char* kKinds[] = {"nothing", "command", "variable", "file"};
    if (found.kind == CompletionPoint::Kind::kNothing) return "nothing";
    EXPECT_LE(found.start, cursor);
    return kKinds[static_cast<int>(found.kind)] + std::string(":") +
           line.substr(found.start, cursor - found.start);
}

TEST(CompletionPoint, CommandsBeginLinesListsAndBlocks) {
    EXPECT_EQ(point("|"), "command:");
    EXPECT_EQ(point("ec|"), "command:ec");
    EXPECT_EQ(point("  ec|ho"), "command:ec");
    for (std::string_view before : {"ls; ", "ls;", "ls | ", "a && ", "a || ", "a & ", "{", "fn f {",
                                    "x=`{", "@ ", "! ", "if(", "if(a) ", "while(a)", "a\n", "@{"}) {
        EXPECT_EQ(point(std::string(before) + "ec|"), "command:ec") << before;
    }
}

TEST(CompletionPoint, FilesAreTheOtherWords) {
    for (std::string_view before : {"cat ", "cat a ", "cat <", "cat > ", "x=", "for(i in ", "a^",
                                    "cat (", "cat `{a} ", "echo $x/"}) {
        EXPECT_TRUE(point(std::string(before) + "fi|").starts_with("file:")) << before;
    }
    EXPECT_EQ(point("cat /proc/1/st|"), "file:/proc/1/st");
    EXPECT_EQ(point("cat 'a b|"), "file:'a b");
    EXPECT_EQ(point("cat 'it''s|"), "file:'it''s");
}

TEST(CompletionPoint, VariablesFollowDollars) {
    EXPECT_EQ(point("echo $pa|"), "variable:pa");
    EXPECT_EQ(point("echo $#pa|"), "variable:pa");
    EXPECT_EQ(point("echo $\"pa|"), "variable:pa");
    EXPECT_EQ(point("$pa|"), "variable:pa");
    EXPECT_EQ(point("echo a^$pa|"), "variable:pa");
    EXPECT_EQ(point("echo '$pa|"), "file:'$pa");
}

TEST(CompletionPoint, CommentsAreNothing) {
    EXPECT_EQ(point("# ec|"), "nothing");
    EXPECT_EQ(point("ls # ec|"), "nothing");
    EXPECT_EQ(point("ls # x\nec|"), "command:ec");
    EXPECT_EQ(point("ls a#b|"), "file:a#b");
}

TEST(CompletionPoint, AnyLineHasOne) {
    const std::string bytes = "a $#\"'`{}()|<>^=;&@!~\n\t\\/*[]\x80\xff";
    std::uint32_t state = 1;
    for (int i = 0; i < 20000; ++i) {
        std::string line;
        for (int j = 0; j < 12; ++j) {
            state = state * 1664525 + 1013904223;
            line += bytes[(state >> 16) % bytes.size()];
        }
        const CompletionPoint found = find_completion_point(line, line.size());
        if (found.kind != CompletionPoint::Kind::kNothing) {
            ASSERT_LE(found.start, line.size()) << line;
        }
    }
}

// What a shell offers.

/// A directory with files, and a shell whose $path leads there.
class ShellCompletion : public testing::Test {
protected:
    void SetUp() override {
        std::string name = "/tmp/rc_complete.XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        root_ = name;
        for (const char* file : {"program", "progress", ".hidden", "it's here", "äpfel"}) {
            std::ofstream(root_ / file) << "x";
        }
        std::filesystem::create_directory(root_ / "directory");
        std::ofstream(root_ / "directory/inner") << "x";
        std::filesystem::create_directory(root_ / "prodir");
    }
    void TearDown() override { std::filesystem::remove_all(root_); }

    /// What `line` is offered, with blanks between; in front what they share.
    std::string offers(std::string_view line) {
        std::string text;
        world_.run([&] {
            PosixHost host(world_);
            const Owned<Interpreter> shell = MUST(Interpreter::create(host));
            const std::string path = root_.string();
            const std::string_view values[] = {path};
            EXPECT_TRUE(shell->set_variable("path", values).ok());
            EXPECT_TRUE(shell->define_function("fn profit {}").ok());
            ShellCompleter completer(*shell);
            Candidates candidates(host.memory());
            const Result<void> done = completer.complete(line, line.size(), candidates);
            EXPECT_TRUE(done.ok());
            candidates.sort();
            text = std::string(candidates.fixed()) + std::string(candidates.common()) + ":";
            for (const Ref<Word>& each : candidates.names())
                text += " " + std::string(each->text());
        });
        world_.join();
        EXPECT_EQ(world_.memory.outstanding(), 0u);
        return text;
    }

    std::filesystem::path root_;
    World world_;
};

TEST_F(ShellCompletion, CommandsAreBuiltinsFunctionsAndPrograms) {
    EXPECT_EQ(offers("pro"), "pro: profit program progress");
    EXPECT_EQ(offers("ec"), ":");
    EXPECT_EQ(offers("wha"), "whatis: whatis");
    EXPECT_EQ(offers("nothing_like_it"), ":");
}

TEST_F(ShellCompletion, VariablesAreTheShells) {
    EXPECT_EQ(offers("echo $pa"), "path: path");
    EXPECT_EQ(offers("echo $sta"), "status: status");
    EXPECT_EQ(offers("echo $p"), "p: path pid prompt");
}

TEST_F(ShellCompletion, FilesWithTheirDirectory) {
    const std::string root = root_.string() + "/";
    EXPECT_EQ(offers("cat " + root + "pro"), root + "pro: prodir/ program progress");
    EXPECT_EQ(offers("cat " + root + "directory/"), root + "directory/inner: inner");
    EXPECT_EQ(offers("cat " + root + "di"), root + "directory/: directory/");
    EXPECT_EQ(offers("cat " + root + ".h"), root + ".hidden: .hidden");
    EXPECT_EQ(offers("cat '" + root + "it''s"), root + "it's here: it's here");
    EXPECT_EQ(offers("cat " + root + "none/"), root + "none/:");
    EXPECT_EQ(offers("cat " + root + "äp"), root + "äpfel: äpfel");
}

// How the editor uses it.

/// Knows fixed names for the last word.
class ListCompleter final : public Completer {
public:
    explicit ListCompleter(std::vector<std::string> names) : names_(std::move(names)) {}

    Result<void> complete(std::string_view line, usize cursor, Candidates& candidates) override {
        const std::string_view before = line.substr(0, cursor);
        const usize start = before.rfind(' ') == std::string_view::npos ? 0 : before.rfind(' ') + 1;
        TRY(candidates.begin(start, {}));
        for (const std::string& name : names_) {
            if (name.starts_with(before.substr(start))) TRY(candidates.add(name));
        }
        return {};
    }

private:
    std::vector<std::string> names_;
};

std::string completed(const std::vector<std::string>& names, std::string_view keys,
                      unsigned* bells = nullptr) {
    CountingMemory memory;
    std::string shown;
    {
        Screen screen({8, 40});
        History history(memory);
        ListCompleter completer(names);
        LineEditor editor(memory, screen, history, &completer);
        screen.type(keys);
        screen.when_idle = [&] { shown = screen.text_with_cursor(); };
        EXPECT_FALSE(editor.read_line("% ").ok());
        if (bells != nullptr) *bells = screen.bells();
    }
    EXPECT_EQ(memory.outstanding(), 0u);
    return shown;
}

TEST(Completion, TheOnlyNameIsCompletedWithABlank) {
    EXPECT_EQ(completed({"status", "stop"}, "cat stat\t"), "% cat status |");
    EXPECT_EQ(completed({"status"}, "cat st x\x02\x02\t"), "% cat status | x");
    EXPECT_EQ(completed({"proc/"}, "ls p\t"), "% ls proc/|");
}

TEST(Completion, WhatIsCommonIsCompleted) {
    unsigned bells = 0;
    EXPECT_EQ(completed({"status", "stats", "other"}, "cat s\t", &bells), "% cat stat|");
    EXPECT_EQ(bells, 0u);
    EXPECT_EQ(completed({"status", "stats"}, "cat stat\t", &bells), "% cat stat|");
    EXPECT_EQ(bells, 1u);
    EXPECT_EQ(completed({"status"}, "cat x\t", &bells), "% cat x|");
    EXPECT_EQ(bells, 1u);
    // Not half a rune.
    EXPECT_EQ(completed({"\u00e4", "\u00e5"}, "cat \t"), "% cat |");
}

TEST(Completion, TheSecondTabLists) {
    EXPECT_EQ(completed({"status", "stats"}, "cat stat\t\t"),
              "% cat stat\nstats   status\n% cat stat|");
    // Another key between makes it the first again.
    EXPECT_EQ(completed({"status", "stats"}, "cat stat\tu\x7f\t"), "% cat stat|");
    std::vector<std::string> many;
    for (int i = 100; i < 200; ++i) many.push_back("a-rather-long-name-" + std::to_string(i));
    const std::string shown = completed(many, "a-rather-long-name-1\t\t");
    EXPECT_NE(shown.find("... 100 names\n% a-rather-long-name-1|"), std::string::npos) << shown;
}

TEST(Completion, NamesAreQuotedWhereNeeded) {
    EXPECT_EQ(completed({"it's"}, "cat it\t"), "% cat 'it''s' |");
    EXPECT_EQ(completed({"a b", "a c"}, "cat a\t"), "% cat 'a |");
    EXPECT_EQ(completed({"a b/"}, "cat a\t"), "% cat 'a b/|");
}

TEST(Completion, WithoutACompleterTabRings) {
    CountingMemory memory;
    Screen screen({8, 40});
    History history(memory);
    LineEditor editor(memory, screen, history, nullptr);
    screen.type("a\t\r");
    EXPECT_EQ(editor.read_line("% ").value(), "a");
    EXPECT_EQ(screen.bells(), 1u);
}

TEST(Completion, EachAllocationMayFail) {
    for (u64 index = 0;; ++index) {
        ASSERT_LT(index, 500u);
        CountingMemory memory;
        {
            Screen screen({8, 40});
            History history(memory);
            ListCompleter completer({"status", "stats", "it's"});
            LineEditor editor(memory, screen, history, &completer);
            screen.type("cat st\t\t\tu\t it\t\r");
            memory.fail_at(index);
            const Result<std::string_view> line = editor.read_line("% ");
            if (!line.ok()) {
                EXPECT_EQ(line.error(), Error::kNoMemory);
            }
        }
        EXPECT_EQ(memory.outstanding(), 0u);
        if (memory.allocations() <= index) break;
    }
}

TEST(Columns, FitTheWidth) {
    CountingMemory memory;
    const auto columns = [&](std::vector<std::string> names, u32 width, u32 rows) {
        Candidates candidates(memory);
        for (const std::string& name : names) EXPECT_TRUE(candidates.add(name).ok());
        TextBuffer text(memory);
        put_columns(text, candidates.names(), width, rows);
        return std::string(text.view());
    };
    EXPECT_EQ(columns({"a", "b", "c"}, 80, 5), "a  b  c\r\n");
    EXPECT_EQ(columns({"a", "b", "c"}, 5, 5), "a  c\r\nb\r\n");
    EXPECT_EQ(columns({"a", "b", "c"}, 1, 2), "a\r\nb\r\n... 3 names\r\n");
    EXPECT_EQ(columns({"日本", "x"}, 80, 5), "日本  x\r\n");
    EXPECT_EQ(columns({}, 80, 5), "");
}

}  // namespace
}  // namespace kernel::shell::rc::test
