// The pager: pages, lines, searching, and texts that are no texts.
#include "shell/rc/pager.h"

#include <gtest/gtest.h>

#include <string>

#include "counting_memory.h"
#include "screen.h"

namespace kernel::shell::rc::test {
namespace {

constexpr WindowSize kSize{4, 10};
constexpr std::string_view kQuestion = "--more-- (space, enter, /, n, q) ";

struct View {
    std::string shown;  // without the question
    std::string outcome;
    unsigned bells = 0;
};

/// What is on the screen after the pager showed `text` and `keys` were typed.
View view(std::string_view text, std::string_view keys, WindowSize size = kSize) {
    CountingMemory memory;
    View seen;
    {
        // As wide as the question, so that it does not make rows of its own.
        Screen screen({50, 100}, ScreenKind::kDumb);
        screen.known_size = size;
        screen.type(keys);
        Pager pager(memory, screen, {});
        TextSource source(text);
        const Result<Pager::Outcome> outcome = pager.show(source);
        EXPECT_EQ(screen.mode(), TerminalMode::kLines);
        seen.shown = screen.text();
        seen.bells = screen.bells();
        seen.outcome = !outcome.ok() ? std::string(error_text(outcome.error()))
                       : outcome.value() == Pager::Outcome::kEnd ? "end"
                                                                 : "quit";
    }
    EXPECT_EQ(memory.outstanding(), 0u);
    return seen;
}

std::string shown(std::string_view text, std::string_view keys, WindowSize size = kSize) {
    return view(text, keys, size).shown;
}

constexpr std::string_view kSix = "one\ntwo\nthree\nfour\nfive\nsix\n";

TEST(Pager, AShortTextIsJustShown) {
    const View seen = view("one\ntwo\n", "");
    EXPECT_EQ(seen.shown, "one\ntwo");
    EXPECT_EQ(seen.outcome, "end");
    EXPECT_EQ(shown("", ""), "");
    EXPECT_EQ(shown("one", ""), "one");
    EXPECT_EQ(shown("one\ntwo\nthree\n", ""), "one\ntwo\nthree");
    EXPECT_EQ(shown("\n\nx\n", ""), "\n\nx");
}

TEST(Pager, AsksAfterAPage) {
    EXPECT_EQ(view(kSix, "q").outcome, "quit");
    EXPECT_EQ(shown(kSix, "q"), "one\ntwo\nthree");
    EXPECT_EQ(shown(kSix, " "), "one\ntwo\nthree\nfour\nfive\nsix");
    EXPECT_EQ(view(kSix, " ").outcome, "end");
    EXPECT_EQ(shown(kSix, "\rq"), "one\ntwo\nthree\nfour");
    EXPECT_EQ(shown(kSix, "j\x1b[Bq"), "one\ntwo\nthree\nfour\nfive");
    for (std::string_view leave : {"q", "Q", "\x03", "\x04"}) {
        EXPECT_EQ(view(kSix, leave).outcome, "quit");
    }
    // Nobody there to answer.
    EXPECT_EQ(view(kSix, "").outcome, "quit");
}

TEST(Pager, OtherKeysRing) {
    const View seen = view(kSix, "xn\x1b[Aq");
    EXPECT_EQ(seen.bells, 3u);
    EXPECT_EQ(seen.shown, "one\ntwo\nthree");
}

TEST(Pager, SearchingGoesOnAtTheNextMatch) {
    EXPECT_EQ(shown(kSix, "/fi\r"), "one\ntwo\nthree\nfive\nsix");
    EXPECT_EQ(shown(kSix, "/fix\x7f\r"), "one\ntwo\nthree\nfive\nsix");
    // The line that waits to be shown counts.
    EXPECT_EQ(shown(kSix, "/four\r"), "one\ntwo\nthree\nfour\nfive\nsix");
    EXPECT_EQ(shown(kSix, "/nothing\r"), "one\ntwo\nthree\nnot found");
    EXPECT_EQ(view(kSix, "/fi\x03").outcome, "quit");
    EXPECT_EQ(shown(kSix, "/日\x7f\r q"), "one\ntwo\nthree\nfour\nfive\nsix");
}

TEST(Pager, NSearchesForTheSameAgain) {
    std::string text = "0\n0\n0\n";
    for (int i = 1; i <= 30; ++i) text += std::to_string(i) + (i % 10 == 0 ? " mark\n" : "\n");
    EXPECT_EQ(shown(text, "/mark\rnq"), "0\n0\n0\n10 mark\n11\n12\n20 mark\n21\n22");
    EXPECT_EQ(shown(text, "/mark\rnn"), "0\n0\n0\n10 mark\n11\n12\n20 mark\n21\n22\n30 mark");
    // An empty text is the last one.
    EXPECT_EQ(shown(text, "/mark\r/\rq"), "0\n0\n0\n10 mark\n11\n12\n20 mark\n21\n22");
}

TEST(Pager, LongLinesCountAsTheRowsTheyTake) {
    EXPECT_EQ(shown("12345678901234567890x\nnext\n", "q"), "1234567890\n1234567890\nx");
    // A row that is full to its last column needs none for its newline.
    EXPECT_EQ(shown("1234567890\ntwo\nthree\nfour\n", "q"), "1234567890\ntwo\nthree");
    EXPECT_EQ(shown("123456789日\ntwo\nthree\n", "q"), "123456789\n日\ntwo");
    const std::string endless(100'000, 'x');
    const View seen = view(endless, "q");
    EXPECT_EQ(seen.outcome, "quit");
    EXPECT_EQ(view(endless, std::string(100, ' ')).outcome, "end");
}

TEST(Pager, WhatIsNoTextIsShownSafely) {
    EXPECT_EQ(shown("a\tb\n", ""), "a       b");
    EXPECT_EQ(shown("a\x1b[2Jb\r\x7f\n", "", {4, 40}), "a^[[2Jb^M^?");
    EXPECT_EQ(shown("\xff\xc3 \xc2\x85\n", ""), "?? ?");
    EXPECT_EQ(shown(std::string_view("\0x\n", 3), ""), "^@x");
    EXPECT_EQ(shown("e\u0301\n", ""), "e\u0301");
}

TEST(Pager, TwoTextsShareAPage) {
    CountingMemory memory;
    Screen screen({50, 100}, ScreenKind::kDumb);
    screen.known_size = kSize;
    screen.type("q");
    Pager pager(memory, screen, {});
    TextSource first("one\ntwo\n");
    EXPECT_EQ(pager.show(first).value(), Pager::Outcome::kEnd);
    TextSource second("three\nfour\n");
    EXPECT_EQ(pager.show(second).value(), Pager::Outcome::kQuit);
    EXPECT_EQ(screen.text(), "one\ntwo\nthree");
}

TEST(Pager, TheSizeIsTheTerminalsOrTheGivenOrTheUsual) {
    for (const WindowSize given : {WindowSize{}, WindowSize{3, 20}}) {
        CountingMemory memory;
        Screen screen({100, 100}, ScreenKind::kDumb);
        screen.type("q");
        Pager pager(memory, screen, given);
        std::string text;
        for (int i = 0; i < 50; ++i) text += "x\n";
        TextSource source(text);
        EXPECT_TRUE(pager.show(source).ok());
        EXPECT_EQ(screen.text().size() / 2 + 1, given.known() ? 2u : kUsualSize.rows - 1);
    }
}

TEST(Pager, TheQuestionIsErasedBeforeTheTextGoesOn) {
    CountingMemory memory;
    Screen screen({50, 100}, ScreenKind::kDumb);
    screen.known_size = kSize;
    std::string asked;
    screen.when_idle = [&] { asked = screen.text(); };
    Pager pager(memory, screen, {});
    TextSource source(kSix);
    EXPECT_EQ(pager.show(source).value(), Pager::Outcome::kQuit);
    std::string expected = "one\ntwo\nthree\n" + std::string(kQuestion);
    expected.pop_back();
    EXPECT_EQ(asked, expected);
}

TEST(Pager, EachAllocationAndEachWriteMayFail) {
    for (std::size_t index = 0;; ++index) {
        ASSERT_LT(index, 100u);
        CountingMemory memory;
        Screen screen({50, 100}, ScreenKind::kDumb);
        screen.known_size = kSize;
        screen.type("/fi\r ");
        screen.fail_write_from = index;
        Pager pager(memory, screen, {});
        TextSource source(kSix);
        const auto outcome = pager.show(source);
        EXPECT_EQ(screen.mode(), TerminalMode::kLines);
        if (outcome.ok()) break;
        EXPECT_EQ(outcome.error(), Error::kIo);
    }
    for (u64 index = 0;; ++index) {
        ASSERT_LT(index, 100u);
        CountingMemory memory;
        {
            Screen screen({50, 100}, ScreenKind::kDumb);
            screen.known_size = kSize;
            screen.type("/fi\r ");
            memory.fail_at(index);
            Pager pager(memory, screen, {});
            TextSource source(kSix);
            const auto outcome = pager.show(source);
            EXPECT_EQ(screen.mode(), TerminalMode::kLines);
            if (!outcome.ok()) {
                EXPECT_EQ(outcome.error(), Error::kNoMemory);
            }
        }
        EXPECT_EQ(memory.outstanding(), 0u);
        if (memory.allocations() <= index) break;
    }
}

}  // namespace
}  // namespace kernel::shell::rc::test
