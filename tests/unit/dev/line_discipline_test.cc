// The line discipline against scripts of typed keys.
#include "dev/console/line_discipline.h"

#include <gtest/gtest.h>

#include <string>

namespace kernel::dev {
namespace {

class StringSink final : public Sink {
public:
    void write(std::string_view text) override { text_ += text; }
    std::string take() { return std::exchange(text_, {}); }

private:
    std::string text_;
};

class Terminal {
public:
    void type(std::string_view keys) {
        for (char key : keys) {
            const LineDiscipline::Effect effect = lines.put(static_cast<u8>(key), echo);
            interrupts += effect.interrupt ? 1 : 0;
            wakeups += effect.readable ? 1 : 0;
        }
    }
    std::string read(usize size = 8192) {
        std::string out(size, '?');
        out.resize(lines.take(std::as_writable_bytes(std::span(out))));
        return out;
    }

    LineDiscipline lines;
    StringSink echo;
    int interrupts = 0;
    int wakeups = 0;
};

TEST(LineDiscipline, ALineIsReadableOnceNewlineIsTyped) {
    Terminal terminal;
    terminal.type("abc");
    EXPECT_FALSE(terminal.lines.readable());
    EXPECT_EQ(terminal.echo.take(), "abc");
    terminal.type("\n");
    EXPECT_EQ(terminal.echo.take(), "\n");
    ASSERT_TRUE(terminal.lines.readable());
    EXPECT_EQ(terminal.wakeups, 1);
    EXPECT_EQ(terminal.read(), "abc\n");
    EXPECT_FALSE(terminal.lines.readable());
}

TEST(LineDiscipline, TheEnterKeyOfASerialTerminalIsANewline) {
    Terminal terminal;
    terminal.type("x\r");
    EXPECT_EQ(terminal.echo.take(), "x\n");
    EXPECT_EQ(terminal.read(), "x\n");
}

TEST(LineDiscipline, OneReadGetsOneLineAndShortReadsTheRestOfIt) {
    Terminal terminal;
    terminal.type("first\nsecond\n");
    EXPECT_EQ(terminal.read(), "first\n");
    EXPECT_EQ(terminal.read(4), "seco");
    EXPECT_EQ(terminal.read(), "nd\n");
    EXPECT_FALSE(terminal.lines.readable());
}

TEST(LineDiscipline, BackspaceTakesAWholeRuneBackAndOneColumn) {
    for (const char* rune : {"a", "é", "→", "😀"}) {
        Terminal terminal;
        terminal.type(std::string("x") + rune);
        terminal.echo.take();
        terminal.type("\b");
        EXPECT_EQ(terminal.echo.take(), "\b \b") << rune;
        terminal.type("\n");
        EXPECT_EQ(terminal.read(), "x\n") << rune;
    }
}

TEST(LineDiscipline, DeleteErasesAsBackspaceDoesAndNothingFromAnEmptyLine) {
    Terminal terminal;
    terminal.type("\x7f\b");
    EXPECT_EQ(terminal.echo.take(), "");
    terminal.type("ab\x7f\n");
    EXPECT_EQ(terminal.read(), "a\n");
}

TEST(LineDiscipline, MalformedBytesAreErasedOneByOne) {
    Terminal terminal;
    terminal.type("a\x80\xff");
    terminal.type("\b");
    terminal.type("\b");
    terminal.type("\n");
    EXPECT_EQ(terminal.read(), "a\n");
}

TEST(LineDiscipline, ControlCharactersShowAndEraseAsTwoColumns) {
    Terminal terminal;
    terminal.type("\x01");
    EXPECT_EQ(terminal.echo.take(), "^A");
    terminal.type("\b");
    EXPECT_EQ(terminal.echo.take(), "\b \b\b \b");
}

TEST(LineDiscipline, ControlUErasesTheLine) {
    Terminal terminal;
    terminal.type("héy");
    terminal.echo.take();
    terminal.type("\x15");
    EXPECT_EQ(terminal.echo.take(), "\b \b\b \b\b \b");
    terminal.type("z\n");
    EXPECT_EQ(terminal.read(), "z\n");
}

TEST(LineDiscipline, ControlWErasesTheLastWordAndTheBlanksBehindIt) {
    Terminal terminal;
    terminal.type("echo één twéé  \x17");
    terminal.type("x\n");
    EXPECT_EQ(terminal.read(), "echo één x\n");
}

TEST(LineDiscipline, ControlDOnAnEmptyLineIsTheEndOfFileOnce) {
    Terminal terminal;
    terminal.type("\x04");
    ASSERT_TRUE(terminal.lines.readable());
    EXPECT_EQ(terminal.read(), "");
    EXPECT_FALSE(terminal.lines.readable());
}

TEST(LineDiscipline, ControlDBehindTextHandsItOverWithoutNewline) {
    Terminal terminal;
    terminal.type("abc\x04");
    EXPECT_EQ(terminal.echo.take(), "abc");
    EXPECT_EQ(terminal.read(), "abc");
    EXPECT_FALSE(terminal.lines.readable());
}

TEST(LineDiscipline, AReadThatJustFitsTheTextTakesItsEndOfFileToo) {
    Terminal terminal;
    terminal.type(
        "abc\x04"
        "d\n");
    EXPECT_EQ(terminal.read(3), "abc");
    EXPECT_EQ(terminal.read(), "d\n");
}

TEST(LineDiscipline, ControlCInterruptsAndThrowsAwayWhatWasTyped) {
    Terminal terminal;
    terminal.type("line\nhalf");
    terminal.echo.take();
    terminal.type("\x03");
    EXPECT_EQ(terminal.interrupts, 1);
    EXPECT_EQ(terminal.echo.take(), "^C\n");
    EXPECT_FALSE(terminal.lines.readable());
    terminal.type("new\n");
    EXPECT_EQ(terminal.read(), "new\n");
}

TEST(LineDiscipline, RawModeHandsEveryByteOverUnechoed) {
    Terminal terminal;
    terminal.lines.set_raw(true, terminal.echo);
    terminal.type("\r\b\x04\x1b[A");
    EXPECT_EQ(terminal.echo.take(), "");
    EXPECT_EQ(terminal.read(2), "\r\b");
    EXPECT_EQ(terminal.read(), "\x04\x1b[A");
}

TEST(LineDiscipline, RawModeStillInterruptsAndEchoesNothing) {
    Terminal terminal;
    terminal.lines.set_raw(true, terminal.echo);
    terminal.type(
        "ab\x03"
        "c");
    EXPECT_EQ(terminal.interrupts, 1);
    EXPECT_EQ(terminal.echo.take(), "");
    EXPECT_EQ(terminal.read(), "c");
}

TEST(LineDiscipline, GoingRawMakesTheHalfLineReadable) {
    Terminal terminal;
    terminal.type("one\nhal");
    EXPECT_TRUE(terminal.lines.set_raw(true, terminal.echo).readable);
    EXPECT_EQ(terminal.read(), "one\nhal");
}

TEST(LineDiscipline, AnEndOfFileTypedAheadIsItsKeyInRawMode) {
    Terminal terminal;
    terminal.type("a\x04");
    terminal.lines.set_raw(true, terminal.echo);
    EXPECT_EQ(terminal.read(), "a\x04");
}

TEST(LineDiscipline, CtrlCIsAByteInRawModeWhereItDoesNotInterrupt) {
    Terminal terminal;
    terminal.lines.set_interrupts(false);
    EXPECT_TRUE(terminal.lines.put('\x03', terminal.echo).interrupt) << "not raw yet";
    terminal.lines.set_raw(true, terminal.echo);
    terminal.type("a");
    EXPECT_FALSE(terminal.lines.put('\x03', terminal.echo).interrupt);
    EXPECT_EQ(terminal.read(), "a\x03");
    terminal.type("b");
    terminal.lines.set_interrupts(true);
    EXPECT_TRUE(terminal.lines.put('\x03', terminal.echo).interrupt);
    EXPECT_FALSE(terminal.lines.readable());
}

TEST(LineDiscipline, GoingCookedTypesUnreadBytesAgain) {
    Terminal terminal;
    terminal.lines.set_raw(true, terminal.echo);
    terminal.type("lx\bs\rhal");
    EXPECT_TRUE(terminal.lines.set_raw(false, terminal.echo).readable);
    EXPECT_EQ(terminal.echo.take(), "lx\b \bs\nhal");
    EXPECT_EQ(terminal.read(), "ls\n");
    EXPECT_FALSE(terminal.lines.readable());
    terminal.type("f\n");
    EXPECT_EQ(terminal.read(), "half\n");
}

TEST(LineDiscipline, TooLongALineRingsTheBellAndKeepsItsBeginning) {
    Terminal terminal;
    const std::string fits(LineDiscipline::kLineMax - 1, 'x');
    terminal.type(fits);
    terminal.echo.take();
    terminal.type("y");
    EXPECT_EQ(terminal.echo.take(), "\a");
    terminal.type("\n");
    EXPECT_EQ(terminal.read(), fits + "\n");
}

TEST(LineDiscipline, TypeAheadIsBoundedAndNothingAcceptedIsLost) {
    Terminal terminal;
    std::string typed;
    for (usize i = 0; i < 3 * LineDiscipline::kTypeAheadMax; ++i) {
        const char key = i % 10 == 9 ? '\n' : static_cast<char>('a' + i % 26);
        terminal.type({&key, 1});
        if (terminal.echo.take() != "\a") typed += key;
    }
    EXPECT_GE(typed.size() + LineDiscipline::kLineMax, LineDiscipline::kTypeAheadMax);
    EXPECT_LE(typed.size(), LineDiscipline::kTypeAheadMax);
    std::string read;
    while (terminal.lines.readable()) read += terminal.read();
    EXPECT_EQ(read, typed.substr(0, read.size()));
    EXPECT_LT(typed.size() - read.size(), LineDiscipline::kLineMax);
}

TEST(LineDiscipline, RawTypeAheadIsBoundedToo) {
    Terminal terminal;
    terminal.lines.set_raw(true, terminal.echo);
    terminal.type(std::string(LineDiscipline::kTypeAheadMax, 'r'));
    EXPECT_EQ(terminal.echo.take(), "");
    terminal.type("s");
    EXPECT_EQ(terminal.echo.take(), "\a");
    EXPECT_EQ(terminal.read(1), "r");
    terminal.type("s");
    EXPECT_EQ(terminal.read(), std::string(LineDiscipline::kTypeAheadMax - 1, 'r') + "s");
}

}  // namespace
}  // namespace kernel::dev
