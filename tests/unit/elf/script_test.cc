// Scripts: the words of a first line, lines that are none, and lines that do not end.
#include "proc/elf/script.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/fixture/seeds.h"
#include "tests/unit/elf/judge.h"
#include "tests/unit/show_panics.h"

namespace kernel::proc::elf {
namespace {

/// Whether a word of a script that is about to vanish can be had.
template <class T>
concept LendsWhileVanishing = requires(T script) { std::move(script).word(0); };
static_assert(!LendsWhileVanishing<Script>);

using Words = std::vector<std::string>;

/// A text whose NULs count.
std::string text(std::string_view head) { return std::string(head); }

/// The words of a script; "no script" or why it is refused, as one word in brackets.
Words read(const std::string& head) {
    EXPECT_EQ(test::judge_script(as_bytes(head)), "") << head;
    Refusal why;
    const Result<std::optional<Script>> got = read_script(as_bytes(head), why);
    if (!got.ok()) {
        EXPECT_EQ(got.error(), Error::kBadExec);
        EXPECT_EQ(why.segment, 0u);
        return {"[" + std::string(describe(why)) + "]"};
    }
    if (!got.value().has_value()) return {"[no script]"};
    const Script& script = *got.value();
    Words words;
    for (usize i = 0; i < script.word_count(); ++i) words.emplace_back(script.word(i));
    EXPECT_EQ(script.interpreter(), words.at(0));
    return words;
}

const Words kNoScript = {"[no script]"};
const Words kNoEnd = {"[the #! line is too long or has no end]"};
const Words kNoName = {"[the #! line names no interpreter]"};

TEST(ElfScript, TheFirstLineHasTheWords) {
    EXPECT_EQ(read("#!/bin/rc\necho hello\n"), (Words{"/bin/rc"}));
    EXPECT_EQ(read("#!/bin/rc -e -x\n"), (Words{"/bin/rc", "-e", "-x"}));
    EXPECT_EQ(read("#! \t /bin/rc\t-e \r\n"), (Words{"/bin/rc", "-e"}));
    EXPECT_EQ(read("#!/bin/rc # a comment is words\n"),
              (Words{"/bin/rc", "#", "a", "comment", "is", "words"}));
    EXPECT_EQ(read("#!a\n"), (Words{"a"})) << "the shortest";
}

TEST(ElfScript, QuotesHoldWordsTogether) {
    EXPECT_EQ(read("#!/bin/rc 'two words' it''s 'it''s'\n"),
              (Words{"/bin/rc", "two words", "its", "it's"}));
    EXPECT_EQ(read("#!'/bin/r c' a'b c'd\n"), (Words{"/bin/r c", "ab cd"}));
    EXPECT_EQ(read("#!/bin/rc '' x\n"), (Words{"/bin/rc", "", "x"}));
    EXPECT_EQ(read("#!/bin/rc 'never closed \n'\n"), (Words{"/bin/rc", "never closed "}))
        << "the line ends first";
    EXPECT_EQ(read("#!''\n"), (Words{""})) << "a name, but of no file";
}

TEST(ElfScript, OtherFilesAreNoScripts) {
    for (const char* head : {"", "#", "!", "# !/bin/rc\n", " #!/bin/rc\n", "!#/bin/rc\n", "\177ELF",
                             "\n#!/bin/rc\n"}) {
        EXPECT_EQ(read(head), kNoScript) << head;
    }
    EXPECT_EQ(read(text({"\0#!/bin/rc\n", 11})), kNoScript);
}

TEST(ElfScript, ALineWithoutItsNewlineIsRefused) {
    EXPECT_EQ(read("#!"), kNoEnd);
    EXPECT_EQ(read("#!/bin/rc"), kNoEnd);
    EXPECT_EQ(read("#!/bin/rc\r"), kNoEnd);
    EXPECT_EQ(read("#!" + std::string(5000, ' ')), kNoEnd);
}

TEST(ElfScript, TheNewlineMustBeAmongTheFirst256Bytes) {
    const std::string name(253, 'x');
    EXPECT_EQ(read("#!" + name + "\n"), (Words{name}));
    EXPECT_EQ(read("#!" + name + "\nmore\n"), (Words{name}));
    EXPECT_EQ(read("#!" + name + "y\n"), kNoEnd);
    EXPECT_EQ(read("#!/bin/rc " + std::string(245, ' ') + "\n"), (Words{"/bin/rc"}));
    EXPECT_EQ(read("#!/bin/rc " + std::string(246, ' ') + "\n"), kNoEnd);
    EXPECT_EQ(kScriptHeadBytes, 256u);
}

TEST(ElfScript, ALineWithoutWordsIsRefused) {
    EXPECT_EQ(read("#!\n"), kNoName);
    EXPECT_EQ(read("#! \t\r \n/bin/rc\n"), kNoName);
    EXPECT_EQ(read("#!" + std::string(253, ' ') + "\n"), kNoName);
}

TEST(ElfScript, ANulEndsTheWords) {
    EXPECT_EQ(read(text({"#!/bin/rc -e\0 -x\n", 17})), (Words{"/bin/rc", "-e"}));
    EXPECT_EQ(read(text({"#!/bin/rc 'a\0b'\n", 16})), (Words{"/bin/rc", "a"}));
    EXPECT_EQ(read(text({"#!\0/bin/rc\n", 11})), kNoName);
    EXPECT_EQ(read(text({"#!/bin/rc\0", 10})), kNoEnd);
}

TEST(ElfScript, WordsBehindThe32ndAreDropped) {
    std::string line = "#!/i";
    Words words = {"/i"};
    for (int i = 1; i < 32; ++i) {
        line += " " + std::to_string(i);
        words.push_back(std::to_string(i));
    }
    EXPECT_EQ(words.size(), kScriptMaxWords);
    EXPECT_EQ(read(line + "\n"), words);
    EXPECT_EQ(read(line + " one more 'of them'\n"), words);
}

TEST(ElfScript, AsManyShortWordsAsFitAreKeptApart) {
    std::string line = "#!";
    while (line.size() < 254) line += "x ";
    EXPECT_EQ(read(line + "\n"), Words(32, "x"));
}

TEST(ElfScript, ACopyKeepsItsWords) {
    Refusal why;
    std::optional<Script> copy;
    {
        std::string head = "#!/bin/rc -e\n";
        const Result<std::optional<Script>> got = read_script(as_bytes(head), why);
        copy = got.value();
        head.assign(head.size(), '?');
    }
    EXPECT_EQ(copy->interpreter(), "/bin/rc");
    EXPECT_EQ(copy->word(1), "-e");
}

TEST(ElfScript, RandomLinesHaveTheWordsThatASecondReaderFinds) {
    const u64 seed = fixture::wanted_seed().value_or(1);
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    constexpr std::string_view kBytes{"'' \t\r\nab#!\0\xc3\xa9", 14};
    usize scripts = 0;
    for (int i = 0; i < 30000; ++i) {
        std::string head = random() % 8 == 0 ? "" : "#!";
        const usize size = random() % 300;
        while (head.size() < size) {
            const char c = kBytes[random() % kBytes.size()];
            // Else lines would end at once.
            if ((c != '\n' && c != '\0') || random() % 20 == 0) head += c;
        }
        ASSERT_EQ(test::judge_script(as_bytes(head)), "") << head;
        Refusal why;
        const Result<std::optional<Script>> got = read_script(as_bytes(head), why);
        scripts += got.ok() && got.value().has_value();
    }
    EXPECT_GT(scripts, 3000u);
}

TEST(ElfScriptDeathTest, ThereIsNoWordBehindTheLast) {
    testing::show_panics();
    Refusal why;
    const Script script = *read_script(as_bytes("#!/bin/rc\n"), why).value();
    EXPECT_DEATH((void)script.word(1), "index < count_");
}

}  // namespace
}  // namespace kernel::proc::elf
