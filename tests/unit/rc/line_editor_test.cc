// The line editor: what keys do to the line, and what a person then sees.
#include "shell/rc/line_editor.h"

#include <gtest/gtest.h>

#include <string>

#include "counting_memory.h"
#include "screen.h"
#include "shell/rc/edit_source.h"

namespace kernel::shell::rc::test {
namespace {

constexpr WindowSize kSize{6, 40};
constexpr WindowSize kNarrow{5, 10};

/// An editor on a screen.
struct Desk {
    explicit Desk(WindowSize size = kSize, ScreenKind kind = ScreenKind::kXterm)
        : screen(size, kind) {}

    /// What is on the screen when `keys` were typed after the prompt `% `.
    std::string shows(std::string_view keys) {
        screen.type(keys);
        std::string shown;
        screen.when_idle = [&] { shown = screen.text_with_cursor(); };
        const Result<std::string_view> line = editor.read_line("% ");
        EXPECT_FALSE(line.ok());
        screen.when_idle = nullptr;
        // What makes a plain terminal forget the question is longer than a very narrow row.
        if (shown.starts_with('\n')) shown.erase(0, 1);
        return shown;
    }
    /// The line that `keys` and Enter make, or an error in angle brackets.
    std::string line(std::string_view keys) {
        screen.type(keys);
        screen.type("\r");
        const Result<std::string_view> got = editor.read_line("% ");
        EXPECT_EQ(screen.mode(), TerminalMode::kLines);
        EXPECT_FALSE(screen.pastes_bracketed());
        if (!got.ok()) return "<" + std::string(error_text(got.error())) + ">";
        return std::string(got.value());
    }
    void remember(std::initializer_list<std::string_view> lines) {
        for (std::string_view each : lines) EXPECT_TRUE(history.add(each).ok());
    }

    CountingMemory memory;
    Screen screen;
    History history{memory};
    LineEditor editor{memory, screen, history, nullptr};
};

std::string shown(std::string_view keys, WindowSize size = kSize) { return Desk(size).shows(keys); }

TEST(LineEditor, KeysMoveAndInsert) {
    EXPECT_EQ(shown(""), "% |");
    EXPECT_EQ(shown("abc"), "% abc|");
    EXPECT_EQ(shown("abc\x01"), "% |abc");
    EXPECT_EQ(shown("abc\x01X"), "% X|abc");
    EXPECT_EQ(shown("abc\x02\x02X"), "% aX|bc");
    EXPECT_EQ(shown("abc\x01\x06X"), "% aX|bc");
    EXPECT_EQ(shown("abc\x01\x05X"), "% abcX|");
    EXPECT_EQ(shown("abc\x1b[D\x1b[DX\x1b[CY"), "% aXbY|c");
    EXPECT_EQ(shown("abc\x1bODX"), "% abX|c");
    for (std::string_view home : {"\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"}) {
        EXPECT_EQ(shown("abc" + std::string(home)), "% |abc");
    }
    for (std::string_view end : {"\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"}) {
        EXPECT_EQ(shown("abc\x01" + std::string(end)), "% abc|");
    }
    // Nothing happens at the borders.
    EXPECT_EQ(shown("\x02\x1b[D\x7f\x1b[3~\x06"
                    "a\x06\x1b[C"),
              "% a|");
}

TEST(LineEditor, KeysMoveByWords) {
    EXPECT_EQ(shown("cp a/b.c d-e\x1b"
                    "b"),
              "% cp a/b.c d-|e");
    EXPECT_EQ(shown("one two\x1b[1;5D\x1b[1;5D"), "% |one two");
    EXPECT_EQ(shown("one two\x01\x1b"
                    "f"),
              "% one| two");
    EXPECT_EQ(shown("one two\x01\x1b[1;3C\x1b[1;3C"), "% one two|");
}

TEST(LineEditor, KeysErase) {
    EXPECT_EQ(shown("abc\x7f"), "% ab|");
    EXPECT_EQ(shown("abc\b"), "% ab|");
    EXPECT_EQ(shown("abc\x01\x04"), "% |bc");
    EXPECT_EQ(shown("abc\x01\x1b[3~"), "% |bc");
    EXPECT_EQ(shown("one two\x02\x02\x0b"), "% one t|");
    EXPECT_EQ(shown("one two\x02\x02\x15"), "% |wo");
    EXPECT_EQ(shown("ls -l /proc/1  \x17"), "% ls -l |");
    EXPECT_EQ(shown("ls /proc/1\x1b\x7f"), "% ls /proc/|");
    EXPECT_EQ(shown("one two\x01\x1b"
                    "d"),
              "% | two");
}

TEST(LineEditor, WhatWasKilledComesBack) {
    EXPECT_EQ(shown("one two\x17\x19\x19"), "% one twotwo|");
    EXPECT_EQ(shown("one two\x01\x0b\x19 \x19"), "% one two one two|");
    // Erasing is not killing, and killing nothing forgets nothing.
    EXPECT_EQ(shown("x\x15"
                    "ab\x7f\x0b\x19"),
              "% ax|");
}

TEST(LineEditor, TransposeExchangesTwoCharacters) {
    EXPECT_EQ(shown("abc\x14"), "% acb|");
    EXPECT_EQ(shown("abc\x01\x06\x14"), "% ba|c");
    EXPECT_EQ(shown("a\x14"), "% a|");
    EXPECT_EQ(shown("aä日\x14"), "% a日ä|");
}

TEST(LineEditor, CharactersAreNotCutApart) {
    EXPECT_EQ(shown("äöü\x02\x7f"), "% ä|ü");
    EXPECT_EQ(shown("日本\x02x"), "% 日x|本");
    EXPECT_EQ(shown("日本語\x7f"), "% 日本|");
    // A letter and its marks are one.
    EXPECT_EQ(shown("xe\u0301\u0323y\x02\x02Z"), "% xZ|e\u0301\u0323y");
    EXPECT_EQ(shown("xe\u0301\u0323\x7f"), "% x|");
    EXPECT_EQ(shown("e\u0301x\x01\x04"), "% |x");
}

TEST(LineEditor, WhatIsNotUtf8IsShownAsQuestionMarks) {
    EXPECT_EQ(shown("a\x80"
                    "b"),
              "% a?b|");
    EXPECT_EQ(shown("a\x80"
                    "b\x7f\x7f"),
              "% a|");
    EXPECT_EQ(Desk().line("a\x80"
                          "b"),
              "a\x80"
              "b");
    // The beginning of a rune that does not go on is dropped.
    EXPECT_EQ(shown("a\xc3(b"), "% a(b|");
    // Overlong, surrogates, beyond Unicode: a mark for each byte.
    EXPECT_EQ(shown("\xc0\x80|\xed\xa0\x80|\xf5\x80\x80\x80"), "% ??|???|????|");
    EXPECT_EQ(shown("\xc2\x85"), "% ?|");
}

TEST(LineEditor, ControlCharactersAreShownAsSuch) {
    EXPECT_EQ(shown("\x1b[200~a\tb\x1b[201~"), "% a^Ib|");
}

TEST(LineEditor, UnknownKeysRing) {
    Desk desk;
    EXPECT_EQ(desk.shows("a\x0f\x1bz\x1b[99~\x1b[Z\x1bOZb"), "% ab|");
    EXPECT_EQ(desk.screen.bells(), 2u);
}

TEST(LineEditor, EnterGivesTheWholeLine) {
    EXPECT_EQ(Desk().line("abc"), "abc");
    EXPECT_EQ(Desk().line("abc\x01x"), "xabc");
    EXPECT_EQ(Desk().line(""), "");
    Desk desk;
    EXPECT_EQ(desk.line("one\x01"), "one");
    EXPECT_EQ(desk.line("two"), "two");
    EXPECT_EQ(desk.screen.text(), "% one\n% two");
}

TEST(LineEditor, OneLineIsReadAndTheRestStaysTyped) {
    Desk desk;
    desk.screen.type("one\ntwo\r");
    EXPECT_EQ(desk.editor.read_line("% ").value(), "one");
    EXPECT_EQ(desk.editor.read_line("% ").value(), "two");
}

TEST(LineEditor, CtrlCGivesTheLineUp) {
    Desk desk;
    EXPECT_EQ(desk.line("abc\x02\x03"), "<interrupted>");
    EXPECT_EQ(desk.screen.text(), "% abc^C");
    // The Enter behind it is for the next line.
    EXPECT_EQ(desk.editor.read_line("% ").value(), "");
}

TEST(LineEditor, CtrlDEndsOnlyAnEmptyLine) {
    EXPECT_EQ(Desk().line("\x04"), "<i/o on hungup channel>");
    EXPECT_EQ(Desk().line("ab\x01\x04\x04\x04"
                          "c"),
              "<i/o on hungup channel>");
    EXPECT_EQ(Desk().line("ab\x04"), "ab");
}

TEST(LineEditor, ANoteInterrupts) {
    Desk desk;
    desk.screen.interrupts_when_idle = true;
    desk.screen.type("abc");
    const Result<std::string_view> line = desk.editor.read_line("% ");
    ASSERT_FALSE(line.ok());
    EXPECT_EQ(line.error(), Error::kInterrupted);
    EXPECT_EQ(desk.screen.mode(), TerminalMode::kLines);
}

TEST(LineEditor, TheLastLineOfThePromptIsTheOneThatIsRedrawn) {
    Desk desk;
    desk.screen.type("abc\x01x");
    std::string seen;
    desk.screen.when_idle = [&] { seen = desk.screen.text_with_cursor(); };
    EXPECT_FALSE(desk.editor.read_line("first\nsecond\n\x1b[1m% \x1b[0m").ok());
    EXPECT_EQ(seen, "first\nsecond\n% x|abc");
}

// More than a row.

TEST(LineEditor, LongLinesGoOverSeveralRows) {
    EXPECT_EQ(shown("12345678", kNarrow), "% 12345678\n|");
    EXPECT_EQ(shown("123456789", kNarrow), "% 12345678\n9|");
    EXPECT_EQ(shown("1234567890123456789", kNarrow), "% 12345678\n9012345678\n9|");
    EXPECT_EQ(shown("1234567890123456789\x01X", kNarrow), "% X|1234567\n8901234567\n89");
    EXPECT_EQ(shown("123456789\x01\x0b", kNarrow), "% |");
    EXPECT_EQ(shown("123456789\x7f", kNarrow), "% 12345678\n|");
    EXPECT_EQ(shown("123456789\x7f\x7f", kNarrow), "% 1234567|");
    EXPECT_EQ(Desk(kNarrow).line("1234567890123456789"), "1234567890123456789");
    Desk desk(kNarrow);
    EXPECT_EQ(desk.line("123456789\x01"), "123456789");
    EXPECT_EQ(desk.line("12345678"), "12345678");
    EXPECT_EQ(desk.shows("x"), "% 12345678\n9\n% 12345678\n% x|");
}

TEST(LineEditor, AWideCharacterGoesToTheNextRowWhole) {
    EXPECT_EQ(shown("1234567日", kNarrow), "% 1234567\n日|");
    EXPECT_EQ(shown("1234567日\x02", kNarrow), "% 1234567\n|日");
    EXPECT_EQ(shown("123456日\x02", kNarrow), "% 123456|日");
    EXPECT_EQ(shown("日本語日本語日本語\x01", kNarrow), "% |日本語日\n本語日本語");
}

TEST(LineEditor, ALineLargerThanTheScreenIsScrolledInOneRow) {
    const std::string digits = "0123456789";
    std::string keys;
    for (int i = 0; i < 10; ++i) keys += digits;
    Desk desk(kNarrow);
    const std::string seen = desk.shows(keys);
    EXPECT_TRUE(seen.ends_with("|")) << seen;
    EXPECT_EQ(Desk(kNarrow).line(keys), keys);
    EXPECT_EQ(Desk(kNarrow).line(keys + "\x01x"), "x" + keys);
    EXPECT_TRUE(shown(keys + "\x01x", kNarrow).ends_with("% x|012345"))
        << shown(keys + "\x01x", kNarrow);
}

TEST(LineEditor, VeryLongLinesAreKeptWhole) {
    std::string keys;
    for (int i = 0; i < 2000; ++i) keys += "word" + std::to_string(i) + " ";
    EXPECT_EQ(Desk().line(keys), keys);
    EXPECT_EQ(Desk().line("\x1b[200~" + keys + "\x1b[201~"), keys);
    EXPECT_EQ(Desk(kNarrow, ScreenKind::kDumb).line(keys.substr(0, 2000)), keys.substr(0, 2000));
}

TEST(LineEditor, TinyWindowsDoNoHarm) {
    for (u32 columns = 1; columns < 6; ++columns) {
        for (u32 rows = 1; rows < 4; ++rows) {
            const WindowSize size{rows, columns};
            EXPECT_EQ(Desk(size).line("abc\x01x日\x1b[200~1\n2\x1b[201~"), "x日1\n2abc");
        }
    }
}

TEST(LineEditor, AKnownSizeIsUsedAtOnce) {
    Desk desk(kNarrow);
    desk.screen.known_size = kNarrow;
    EXPECT_EQ(desk.shows("123456789"), "% 12345678\n9|");
    EXPECT_EQ(desk.screen.learned.columns, 10u);
    EXPECT_EQ(desk.screen.learned.rows, 5u);
}

TEST(LineEditor, ATerminalThatDoesNotAnswerGetsOneRow) {
    Desk desk(kNarrow, ScreenKind::kDumb);
    desk.screen.known_size = kNarrow;
    EXPECT_TRUE(desk.shows("123456").ends_with("% 123456|")) << desk.screen.text();
    Desk second(kNarrow, ScreenKind::kDumb);
    second.screen.known_size = kNarrow;
    EXPECT_TRUE(second.shows("abcdefghijklm").ends_with("m|"));
    EXPECT_EQ(Desk(kNarrow, ScreenKind::kDumb).line("abcdefghijklm\x01x"), "xabcdefghijklm");
    // No escape sequence but the question.
    const std::string& written = second.screen.written();
    EXPECT_EQ(written.rfind('\x1b'), written.find("\x1b"
                                                  "8"));
}

// Pasting.

TEST(LineEditor, PastedTextIsTextWithItsNewlines) {
    EXPECT_EQ(Desk().line("\x1b[200~one\rtwo\nthree\n\n\x1b[201~!"), "one\ntwo\nthree!");
    EXPECT_EQ(shown("\x1b[200~one\rtwo\x1b[201~"), "% one\ntwo|");
    EXPECT_EQ(shown("\x1b[200~one\rtwo\x1b[201~\x01X"), "% X|one\ntwo");
    // Keys in it are none.
    EXPECT_EQ(Desk().line("\x1b[200~a\x01\x03\x04"
                          "b\x1b[201~"),
              "ab");
}

// History.

TEST(LineEditor, ArrowsGoThroughTheHistory) {
    Desk desk;
    desk.remember({"first", "second"});
    EXPECT_EQ(desk.shows("\x1b[A"), "% second|");
    for (auto [keys, line] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"\x1b[A\x1b[A", "first"},
             {"\x1bOA\x10", "first"},
             {"\x1b[A\x1b[A\x1b[A", "first"},
             {"\x1b[A\x1b[A\x1b[B", "second"},
             {"draft\x10\x0e", "draft"},
             {"draft\x10\x0e\x0e", "draft"},
             {"draft\x10!\x0e?", "draft?"},
             {"draft\x10!", "second!"},
         }) {
        Desk again;
        again.remember({"first", "second"});
        EXPECT_EQ(again.line(keys), line) << keys;
    }
}

TEST(LineEditor, CtrlRSearches) {
    for (auto [keys, line] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"\x12"
              "e",
              "echo two"},
             {"\x12"
              "one",
              "echo one"},
             {"\x12"
              "echo\x12",
              "echo one"},
             {"\x12"
              "echo\x12\x12",
              "echo one"},
             {"draft\x12"
              "one\x07",
              "draft"},
             {"\x12"
              "onx\x7f",
              "echo one"},
             {"\x12"
              "nothing",
              "echo one"},
             {"\x12"
              "one\x1b[D",
              "echo one"},
         }) {
        Desk desk;
        desk.remember({"ls", "echo one", "echo two"});
        EXPECT_EQ(desk.line(keys), line) << keys;
    }
    Desk desk;
    desk.remember({"ls", "echo one", "echo two"});
    EXPECT_EQ(desk.shows("\x12two"), "search `two': echo |two");
    Desk failing;
    failing.remember({"ls"});
    EXPECT_EQ(failing.shows("\x12x"), "failing search `x': |");
    Desk interrupted;
    EXPECT_EQ(interrupted.line("\x12x\x03"), "<interrupted>");
}

TEST(LineEditor, HistoryKeepsEachLineOnceAndNotTooMany) {
    CountingMemory memory;
    {
        History history(memory);
        for (std::string_view line : {"a", "b", " \t", "", "a"})
            EXPECT_TRUE(history.add(line).ok());
        ASSERT_EQ(history.size(), 2u);
        EXPECT_EQ(history.line(0), "b");
        EXPECT_EQ(history.line(1), "a");
        for (usize i = 0; i < 2 * History::kMaxLines; ++i) {
            EXPECT_TRUE(history.add(std::to_string(i)).ok());
        }
        EXPECT_EQ(history.size(), History::kMaxLines);
        EXPECT_EQ(history.line(0), std::to_string(History::kMaxLines));
    }
    EXPECT_EQ(memory.outstanding(), 0u);
}

TEST(EditorSource, GivesLinesPiecewiseAndKeepsThem) {
    Desk desk;
    EditorSource source(desk.editor, desk.history);
    desk.screen.type("hello\rab\r\x04");
    std::string all;
    char piece[4];
    for (;;) {
        const Result<usize> count = source.read(piece, "% ");
        ASSERT_TRUE(count.ok());
        if (count.value() == 0) break;
        all.append(piece, count.value());
    }
    EXPECT_EQ(all, "hello\nab\n");
    EXPECT_EQ(desk.history.size(), 2u);
}

// What fails.

TEST(LineEditor, EachAllocationMayFail) {
    const std::string_view keys =
        "echo 日本 one two three\x17\x19\x01\x19\x10\x10\x0e\x12"
        "ec\x12\x1b[D\x14"
        "\x1b[200~pa\nste\x1b[201~\x0b\x19";
    u64 rang = 0;
    for (u64 index = 0;; ++index) {
        ASSERT_LT(index, 2000u);
        Desk desk(kNarrow);
        desk.remember({"echo one", "ls"});
        desk.screen.type(keys);
        desk.screen.type("\r");
        desk.memory.fail_at(index);
        const Result<std::string_view> line = desk.editor.read_line("% ");
        const bool failed = desk.memory.allocations() > index;
        desk.memory.fail_at(CountingMemory::kNever);
        EXPECT_EQ(desk.screen.mode(), TerminalMode::kLines);
        if (!line.ok()) {
            EXPECT_EQ(line.error(), Error::kNoMemory);
        }
        rang += desk.screen.bells() > 0 ? 1 : 0;
        if (!failed) break;
        // It works again afterwards.
        desk.screen.forget_keys();
        desk.screen.type("\x15ok\r");
        const Result<std::string_view> next = desk.editor.read_line("% ");
        ASSERT_TRUE(next.ok()) << index;
        EXPECT_EQ(next.value(), "ok") << index;
    }
    EXPECT_GT(rang, 3u);
}

TEST(LineEditor, EachWriteMayFail) {
    for (std::size_t index = 0;; ++index) {
        ASSERT_LT(index, 1000u);
        Desk desk(kNarrow);
        desk.remember({"echo one", "ls"});
        desk.screen.fail_write_from = index;
        desk.screen.type(
            "abcdefghijkl\x01\x0b\x10\x12"
            "e\x1b[C\r");
        const Result<std::string_view> line = desk.editor.read_line("first\n% ");
        EXPECT_EQ(desk.screen.mode(), TerminalMode::kLines);
        if (line.ok()) break;
        EXPECT_EQ(line.error(), Error::kIo) << index;
    }
}

}  // namespace
}  // namespace kernel::shell::rc::test
