// Programs that read, change and write text: what they are given, and what they leave.
#include <gtest/gtest.h>

#include "tests/user/personality.h"

namespace user_tests {
namespace {

struct Row {
    const char* name;
    std::vector<std::string> argv;
    std::string in;
    std::string out;
    std::string status = "";
    std::string err = "";
};

const std::string kLines = "one\ntwo\nthree\nfour\n";
const Files kFiles = {{"/f", {.data = kLines}},
                      {"/g", {.data = "g1\ng2\n"}},
                      {"/ff", {.data = "one\nTwo\nthree\nfouR\n"}},
                      {"/empty", {}},
                      {"/no_end", {.data = "a\nb"}},
                      {"/script", {.data = "s/o/0/g\n"}},
                      {"/patterns", {.data = "ne$\n^f\n"}}};

std::string no_file(const char* program) {
    return std::string(program) + ": can't open x: file does not exist: '/x'\n";
}

const std::string kTrUsage = "usage: tr [-cds] [string1 [string2]]\n";
const std::string kCmpUsage = "usage: cmp [-lLs] file1 file2 [offset1 [offset2]]\n";

const Row kRows[] = {
    {"TinyExits", {"tiny"}, "", ""},

    {"EchoPutsBlanksBetween", {"echo", "a", "b c"}, "", "a b c\n"},
    {"EchoOfNothing", {"echo"}, "", "\n"},
    {"EchoWithoutNewline", {"echo", "-n", "a"}, "", "a"},
    {"EchoOnlyMinusN", {"echo", "-n"}, "", ""},

    {"CatCopiesItsInput", {"cat"}, "x\ny", "x\ny"},
    {"CatPutsFilesTogether", {"cat", "f", "g"}, "", kLines + "g1\ng2\n"},
    {"CatOfNoFile",
     {"cat", "x"},
     "",
     "",
     "can't open x: file does not exist: '/x'",
     no_file("cat")},

    {"WcCountsAll", {"wc"}, "a b\n \tc\xc3\xa9\n", "      2       3      10\n"},
    {"WcNamesFilesAndTotal", {"wc", "-l", "f", "g"}, "", "      4 f\n      2 g\n      6 total\n"},
    {"WcCountsRunesAndWrongOnes", {"wc", "-rb"}, "\xc3\xa9\xff\xef\xbf\xbd", "      3       1\n"},
    {"WcGoesOnWithoutAFile",
     {"wc", "-l", "x", "g"},
     "",
     "      2 g\n      2 total\n",
     "can't open",
     no_file("wc")},
    {"WcOfAnUnknownFlag", {"wc", "-z"}, "", "", "usage", "usage: wc [-lwrbc] [file ...]\n"},

    {"HeadOfTen",
     {"head"},
     "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n",
     "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"},
    {"HeadOfAFew", {"head", "-n", "2", "f"}, "", "one\ntwo\n"},
    {"HeadOldStyle", {"head", "-1"}, kLines, "one\n"},
    {"HeadOfNone", {"head", "-n0"}, kLines, ""},
    {"HeadOfALineWithoutEnd", {"head", "no_end"}, "", "a\nb"},
    {"HeadNamesSeveral", {"head", "-n1", "f", "g"}, "", "==> f <==\none\n==> g <==\ng1\n"},
    {"HeadOfNonsense", {"head", "-n", "x"}, "", "", "usage", "usage: head [-n lines] [file ...]\n"},

    {"TailOfAFew", {"tail", "-2"}, kLines, "three\nfour\n"},
    {"TailByFlag", {"tail", "-n", "1", "f"}, "", "four\n"},
    {"TailFromALine", {"tail", "+3"}, kLines, "three\nfour\n"},
    {"TailOfBytes", {"tail", "-c", "3"}, kLines, "ur\n"},
    {"TailFromAByte", {"tail", "+16c"}, kLines, "ur\n"},
    {"TailReversed", {"tail", "-r", "g"}, "", "g2\ng1\n"},
    {"TailReversedWithoutEnd", {"tail", "-r", "no_end"}, "", "b\na\n"},
    {"TailOfNothing", {"tail"}, "", ""},

    {"TeeWritesTwice", {"tee", "made"}, "x\n", "x\n"},

    {"TrMapsRunes", {"tr", "a-z", "A-Z"}, "hello\n", "HELLO\n"},
    {"TrPadsTheSecond", {"tr", "abcd", "xy"}, "aabbccdd", "xxyyyyyy"},
    {"TrOfOtherRunes", {"tr", "\xc3\xa9-\xc3\xab", "e"}, "\xc3\xaa\xc3\xa8", "e\xc3\xa8"},
    {"TrOfRangesInARow", {"tr", "a-c-e", "12345"}, "abcdef", "12345f"},
    {"TrOfAMinus", {"tr", "ab-", "12_"}, "a-b", "1_2"},
    {"TrOfAQuotedMinus", {"tr", "a\\-c", "1_3"}, "a-bc", "1_b3"},
    {"TrByNumbers", {"tr", "\\141\\x62\\0", "xyz"}, std::string("ab\0\\", 4), "xyz\\"},
    {"TrOfALastBackslash", {"tr", "b\\", "x/"}, "a\\b", "a/x"},
    {"TrComplement", {"tr", "-c", "a-z", "_."}, std::string("a b\0", 4), "a.b_"},
    {"TrDeletes", {"tr", "-d", "a-c"}, "abcdcba\n", "d\n"},
    {"TrDeletesOthers", {"tr", "-cd", "a-c\n"}, "abcdcba\n", "abccba\n"},
    {"TrSqueezes", {"tr", "-s", "a", "b"}, "aabbccaa\n", "bccb\n"},
    {"TrSplitsIntoWords", {"tr", "-cs", "a-z", "\\012"}, "one, two", "one\ntwo"},
    {"TrDeletesAndSqueezes", {"tr", "-ds", "b", "ac"}, "aabbccba", "aca"},
    {"TrOfWhatIsNoRune", {"tr", "a", "b"}, "a\xff", "b\xef\xbf\xbd"},
    {"TrOfARepeatThatAgrees", {"tr", "aa-c", "x"}, "abc", "xxx"},
    {"TrOfARepeat",
     {"tr", "aa", "bc"},
     "a",
     "",
     "ambiguous translation of a",
     "tr: ambiguous translation of a\n"},
    {"TrOfARangeBackwards",
     {"tr", "z-a", "b"},
     "a",
     "",
     "invalid range in z-a",
     "tr: invalid range in z-a\n"},
    {"TrOfALargeNumber",
     {"tr", "\\777", "b"},
     "a",
     "",
     "\\777 is above \\377",
     "tr: \\777 is above \\377\n"},
    {"TrByNothing",
     {"tr", "a", ""},
     "a",
     "",
     "nothing to replace a by",
     "tr: nothing to replace a by\n"},
    {"TrOfOneString", {"tr", "a"}, "a", "", "usage", kTrUsage},
    {"TrOfASecondToDelete", {"tr", "-d", "a", "b"}, "a", "", "usage", kTrUsage},
    {"TrOfAnUnknownFlag", {"tr", "-z", "a", "b"}, "a", "", "usage", kTrUsage},

    {"CmpOfTheSame", {"cmp", "f", "./f"}, "", ""},
    {"CmpFindsTheFirst", {"cmp", "f", "g"}, "", "f g differ: char 1\n", "differ"},
    {"CmpFindsTheLine", {"cmp", "-L", "f", "ff"}, "", "f ff differ: char 5 line 2\n", "differ"},
    {"CmpListsAll", {"cmp", "-l", "f", "ff"}, "", "     5 0x74 0x54\n    18 0x72 0x52\n", "differ"},
    {"CmpListsToTheEnd",
     {"cmp", "-l", "g", "no_end"},
     "",
     "     1 0x67 0x61\n     2 0x31 0x0a\n     3 0x0a 0x62\nEOF on no_end\n",
     "differ"},
    {"CmpFromTwoPlaces", {"cmp", "g", "g", "0", "3"}, "", "g g differ: char 2\n", "differ"},
    {"CmpOfALongerOne", {"cmp", "empty", "g"}, "", "EOF on empty\n", "EOF"},
    {"CmpSilently", {"cmp", "-s", "f", "g"}, "", "", "differ"},
    {"CmpSilentlyOfALongerOne", {"cmp", "-s", "g", "empty"}, "", "", "EOF"},
    {"CmpSilentlyOfNoFile", {"cmp", "-s", "f", "x"}, "", "", "open"},
    {"CmpFromOffsets", {"cmp", "f", "ff", "0x5", "05"}, "", "f ff differ: char 13\n", "differ"},
    {"CmpBehindTheEnd", {"cmp", "f", "ff", "99", "99"}, "", ""},
    {"CmpOfNoFile", {"cmp", "f", "x"}, "", "", "open", no_file("cmp")},
    {"CmpOfNoOffset", {"cmp", "f", "g", "1x"}, "", "", "usage", kCmpUsage},
    {"CmpOfANegativeOffset", {"cmp", "f", "g", "-1"}, "", "", "usage", kCmpUsage},
    {"CmpOfOneFile", {"cmp", "f"}, "", "", "usage", kCmpUsage},
    {"CmpOfAnUnknownFlag", {"cmp", "-z", "f", "g"}, "", "", "usage", kCmpUsage},

    {"UniqDropsRepeats", {"uniq"}, "a\na\nb\na\n", "a\nb\na\n"},
    {"UniqCounts", {"uniq", "-c"}, "a\na\nb\n", "   2 a\n   1 b\n"},
    {"UniqOnlyRepeated", {"uniq", "-d"}, "a\na\nb\n", "a\n"},
    {"UniqOnlySingle", {"uniq", "-u"}, "a\na\nb\n", "b\n"},
    {"UniqSkipsFields", {"uniq", "-1"}, "x a\ny a\nz b\n", "x a\nz b\n"},
    {"UniqSkipsLetters", {"uniq", "+1"}, "xa\nya\nzb\n", "xa\nzb\n"},

    {"SortByBytes", {"sort"}, "b\nB\na\n", "B\na\nb\n"},
    {"SortReversed", {"sort", "-r"}, "b\nc\na\n", "c\nb\na\n"},
    {"SortByNumber",
     {"sort", "-n"},
     "10\n9\n-1.5\n-1.25\n009\nx\n1.10\n1.1\n",
     "-1.5\n-1.25\nx\n1.10\n1.1\n9\n009\n10\n"},
    {"SortUnique", {"sort", "-u"}, "b\na\nb\n", "a\nb\n"},
    {"SortUniqueByNumber", {"sort", "-nu"}, "2\n1.0\n1\n", "1.0\n2\n"},
    {"SortFolded", {"sort", "-f"}, "b\nA\na\nB\n", "A\na\nb\nB\n"},
    {"SortByField", {"sort", "-k2"}, "x b\ny a\n", "y a\nx b\n"},
    {"SortByFieldOfNumbers",
     {"sort", "-t:", "-k2,2n", "-k1,1r"},
     "a:10\nb:9\nc:9\n",
     "c:9\nb:9\na:10\n"},
    {"SortByLetter", {"sort", "-k1.2,1.2"}, "ab\nba\n", "ba\nab\n"},
    {"SortChecks", {"sort", "-c"}, "a\nb\n", ""},
    {"SortFindsDisorder", {"sort", "-c"}, "b\na\n", "", "order", "sort: -c file not in sort: a\n"},
    {"SortOfNoFile",
     {"sort", "x"},
     "",
     "",
     "open x: file does not exist: '/x'",
     "sort: open x: file does not exist: '/x'\n"},
    {"SortAddsALastNewline", {"sort", "no_end", "g"}, "", "a\nb\ng1\ng2\n"},

    {"XdOfWords",
     {"xd"},
     "abcdefghijklmnopq",
     "0000000  61626364 65666768 696a6b6c 6d6e6f70\n0000010  71000000\n0000011\n"},
    {"XdOfBytes",
     {"xd", "-b", "x"},
     "",
     "",
     "usage",
     "usage: xd [-u] [-r] [-s] [-a{odx}] [-c|{b1w2l4v8}{odx}] ... [file ...]\n"},
    {"XdOfSingleBytes", {"xd", "-1x"}, "\x01\xff", "0000000  01 ff\n0000002\n"},
    {"XdOfLetters", {"xd", "-c"}, "a\n\x80", "0000000    a  \\n  80\n0000003\n"},
    {"XdSwapped", {"xd", "-s"}, "abcd", "0000000  64636261\n0000004\n"},
    {"XdOfRepeats",
     {"xd", "-r", "-8x"},
     std::string(48, 'a') + "b",
     "0000000  6161616161616161 6161616161616161\n*\n0000030  6200000000000000\n0000031\n"},
    {"XdWithDecimalAddresses", {"xd", "-ad", "-2o"}, "ab", "0000000000  060542\n0000000002\n"},

    {"SeqToANumber", {"seq", "3"}, "", "1\n2\n3\n"},
    {"SeqDown", {"seq", "5", "-2", "0"}, "", "5\n3\n1\n"},
    {"SeqOfDecimals", {"seq", "1", ".5", "2"}, "", "1\n1.5\n2\n"},
    {"SeqOfNegatives", {"seq", "-.5", ".5", "1"}, "", "-0.5\n0\n0.5\n1\n"},
    {"SeqOfOneWidthWithDecimals", {"seq", "-w", "9.5", ".25", "10"}, "", "09.50\n09.75\n10.00\n"},
    {"SeqOfOneWidth", {"seq", "-w", "8", "11"}, "", "08\n09\n10\n11\n"},
    {"SeqOfNonsense", {"seq", "1x"}, "", "", "bad number 1x", "seq: bad number 1x\n"},
    {"SeqThatStands", {"seq", "1", "0", "2"}, "", "", "zero increment", "seq: zero increment\n"},

    {"BasenameOfAPath", {"basename", "/a/b.c"}, "", "b.c\n"},
    {"BasenameWithoutSuffix", {"basename", "/a/b.c", ".c"}, "", "b\n"},
    {"BasenameOfTheDirectory", {"basename", "-d", "/a/b.c"}, "", "/a\n"},
    {"BasenameWithoutDirectory", {"basename", "-d", "b"}, "", ".\n"},

    {"DateOfATime", {"date", "0"}, "", "Thu Jan  1 00:00:00 GMT 1970\n"},
    {"DateNow", {"date"}, "", "Wed Nov 18 11:06:40 GMT 2026\n"},
    {"DateAsANumber", {"date", "-n"}, "", "1795000000\n"},

    {"SleepOfALittle", {"sleep", "1.25"}, "", ""},
    {"SleepOfNonsense", {"sleep", "1x"}, "", "", "usage", "sleep: not a number: 1x\n"},

    {"GrepFindsLines", {"grep", "o", "f"}, "", "one\ntwo\nfour\n"},
    {"GrepFindsNone", {"grep", "x", "f"}, "", "", "no matches"},
    {"GrepInverted", {"grep", "-v", "o"}, kLines, "three\n"},
    {"GrepNumbers", {"grep", "-n", "t", "f", "g"}, "", "f:2: two\nf:3: three\n"},
    {"GrepCounts", {"grep", "-c", "e", "f", "g"}, "", "f:2\ng:0\n"},
    {"GrepOnlyNames", {"grep", "-l", "g", "f", "g"}, "", "g\n"},
    {"GrepOnlyOtherNames", {"grep", "-L", "g", "f", "g"}, "", "f\n"},
    {"GrepWithoutNames", {"grep", "-h", "[12]|two", "f", "g"}, "", "two\ng1\ng2\n"},
    {"GrepInAnyCase", {"grep", "-i", "[T]WO"}, kLines, "two\n"},
    {"GrepSilently", {"grep", "-s", "two"}, kLines, ""},
    {"GrepOfSeveral", {"grep", "-e", "one", "-e", "four"}, kLines, "one\nfour\n"},
    {"GrepOfAFileOfPatterns", {"grep", "-f", "patterns"}, kLines, "one\nfour\n"},
    {"GrepOfALineWithoutEnd", {"grep", "b", "no_end"}, "", "b\n"},
    {"GrepOfAWrongExpression",
     {"grep", "(", "f"},
     "",
     "",
     "(: unmatched '('",
     "grep: (: unmatched '('\n"},
    {"GrepOfNoFile", {"grep", "g", "x", "g"}, "", "g:g1\ng:g2\n", "errors", no_file("grep")},
    {"GrepSilentlyOfNoFile", {"grep", "-s", "g", "x", "g"}, "", "", "", no_file("grep")},

    {"SedSubstitutes", {"sed", "s/o/0/"}, kLines, "0ne\ntw0\nthree\nf0ur\n"},
    {"SedSubstitutesAll", {"sed", "s/[oe]/<&>/g"}, kLines, "<o>n<e>\ntw<o>\nthr<e><e>\nf<o>ur\n"},
    {"SedSubstitutesByParts", {"sed", "s/(.)(.)/\\2\\1/"}, kLines, "noe\nwto\nhtree\nofur\n"},
    {"SedSubstitutesEmptyMatches", {"sed", "s/x*/-/g"}, "abxc\n", "-a-b-c-\n"},
    {"SedOfAnotherDelimiter", {"sed", "s,/,|,g"}, "/a/b\n", "|a|b\n"},
    {"SedPrintsSelected", {"sed", "-n", "/t/p"}, kLines, "two\nthree\n"},
    {"SedDeletes", {"sed", "2,3d"}, kLines, "one\nfour\n"},
    {"SedDeletesAllButTheLast", {"sed", "$!d"}, kLines, "four\n"},
    {"SedQuits", {"sed", "2q"}, kLines, "one\ntwo\n"},
    {"SedOfARange", {"sed", "-n", "/two/,/three/p"}, kLines, "two\nthree\n"},
    {"SedOfARangeThatEndsEarly", {"sed", "-n", "3,1p"}, kLines, "three\n"},
    {"SedOfAGroup", {"sed", "-n", "2{\ns/t/T/\np\n}"}, kLines, "Two\n"},
    {"SedOfAGroupOnOneLine", {"sed", "-n", "2{s/t/T/;p}"}, kLines, "Two\n"},
    {"SedAppendsInsertsChanges",
     {"sed", "1i\\\nbefore\n2c\\\nchanged\n$a\\\nafter"},
     kLines,
     "before\none\nchanged\nthree\nfour\nafter\n"},
    {"SedChangesARangeOnce", {"sed", "2,3c\\\nx"}, kLines, "one\nx\nfour\n"},
    {"SedJoinsLines", {"sed", "N;s/\\n/+/"}, kLines, "one+two\nthree+four\n"},
    {"SedSplitsLines", {"sed", "s/o/\\\n/"}, "one\n", "\nne\n"},
    {"SedReversesWithHold", {"sed", "-n", "1!G;h;$p"}, kLines, "four\nthree\ntwo\none\n"},
    {"SedTakesTurns", {"sed", "n;d"}, kLines, "one\nthree\n"},
    {"SedCountsLines", {"sed", "-n", "$="}, kLines, "4\n"},
    {"SedTransliterates", {"sed", "y/eo/\xc3\xa9O/"}, "one\n", "On\xc3\xa9\n"},
    {"SedBranches", {"sed", ":a\ns/^(x*)o/\\1x/\nta"}, "ooo\n", "xxx\n"},
    {"SedSwaps", {"sed", "1{h;d\n}\n2x"}, kLines, "one\nthree\nfour\n"},
    {"SedReadsAFile", {"sed", "1r g"}, "x\ny\n", "x\ng1\ng2\ny\n"},
    {"SedOfALastExpression", {"sed", "/o/s//0/"}, "one\n", "0ne\n"},
    {"SedOfAScript", {"sed", "-f", "script"}, "foo\n", "f00\n"},
    {"SedWithFilesInARow", {"sed", "-n", "$p;1p", "f", "g"}, "", "one\ng2\n"},
    {"SedOfAnUnknownCommand",
     {"sed", "k"},
     "",
     "",
     "unrecognized command: k",
     "sed: unrecognized command: k\n"},
    {"SedOfAnUnfinishedOne",
     {"sed", "s/x"},
     "",
     "",
     "command garbled: s/x",
     "sed: command garbled: s/x\n"},
    {"SedOfAnUndefinedLabel",
     {"sed", "b x"},
     "",
     "",
     "undefined label: x",
     "sed: undefined label: x\n"},
    {"SedOfNoFile", {"sed", "1s/g/G/", "x", "g"}, "", "G1\ng2\n", "errors", no_file("sed")},
    {"SedOfAnOpenGroup", {"sed", "{p"}, "", "", "too many {", "sed: too many {\n"},

    {"LongestOfThePage", {"longest", "f", "g"}, "", "f: 5: three\ng: 2: g1\n"},
    {"LongestQuietly", {"longest", "-q"}, "\xc3\xa9\nab\n", "2\n"},

    {"HelloWithPicolibc", {"hello"}, "", "hello, world\n"},
    {"HelloReadsAFile", {"hello", "-l", "f"}, "", "f: 19 bytes\n"},
    {"HelloOfNoFile", {"hello", "-l", "x"}, "", "", "1", "hello: x: No such file or directory\n"},
    {"HelloFormatsAndAllocates",
     {"hello", "you", "all"},
     "",
     "hello, you:  0.33\nhello, all:  0.67\n"},
};

class Filters : public testing::TestWithParam<Row> {};

TEST_P(Filters, LeaveWhatTheyShould) {
    const Row& row = GetParam();
    // All at once, and byte by byte as a slow pipe gives it.
    for (const usize most : {~usize{0}, usize{1}, usize{7}}) {
        const Outcome outcome =
            run_program(program_path(row.argv[0]),
                        {.argv = row.argv, .in = row.in, .files = kFiles, .read_most = most});
        EXPECT_EQ(outcome.out, row.out);
        EXPECT_EQ(outcome.err, row.err);
        EXPECT_EQ(outcome.status, row.status);
        EXPECT_EQ(outcome.trap, "");
    }
}

INSTANTIATE_TEST_SUITE_P(All, Filters, testing::ValuesIn(kRows),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Writing, ThatFailsIsAnErrorOfTheProgram) {
    for (const std::vector<std::string>& argv : {std::vector<std::string>{"echo", "hello"},
                                                 {"cat"},
                                                 {"sort"},
                                                 {"grep", "."},
                                                 {"sed", ""},
                                                 {"uniq"},
                                                 {"head"},
                                                 {"tail"},
                                                 {"xd"},
                                                 {"seq", "3"},
                                                 {"tr", "a-z", "A-Z"},
                                                 {"cmp", "f", "g"},
                                                 {"du", "f"}}) {
        const Outcome outcome = run_program(
            program_path(argv[0]), {.argv = argv, .in = kLines, .files = kFiles, .write_most = 3});
        EXPECT_NE(outcome.status, "") << argv[0];
        EXPECT_EQ(outcome.err.substr(0, argv[0].size() + 2), argv[0] + ": ") << argv[0];
    }
}

TEST(Reading, ThatFailsIsAnErrorOfTheProgram) {
    for (const std::vector<std::string>& argv : {std::vector<std::string>{"cat"},
                                                 {"wc"},
                                                 {"head"},
                                                 {"tail"},
                                                 {"sort"},
                                                 {"grep", "."},
                                                 {"sed", ""},
                                                 {"uniq"},
                                                 {"tee"},
                                                 {"xd"},
                                                 {"tr", "a-z", "A-Z"},
                                                 {"cmp", "f", "ff"},
                                                 {"cp", "f", "made"},
                                                 {"mv", "f", "d/made"},
                                                 {"ls"},
                                                 {"du"}}) {
        Files files = kFiles;
        files["/"] = files["/d"] = {.data = "", .mode = kDirectory | 0775};
        const Given given = {.argv = argv, .in = kLines, .files = files, .read_end = 3};
        const Outcome outcome = run_program(program_path(argv[0]), given);
        EXPECT_NE(outcome.status, "") << argv[0];
        EXPECT_EQ(outcome.err.substr(0, argv[0].size() + 2), argv[0] + ": ") << argv[0];
        EXPECT_NE(outcome.err.find("i/o error"), std::string::npos) << outcome.err;
        if (argv[0] == "cmp") {
            EXPECT_EQ(outcome.status, "read error");
        }
    }
}

TEST(LongLines, GoThrough) {
    const std::string line = std::string(30'000, 'x') + "y";
    const std::string in = line + "\nshort\n" + line + "\n";
    EXPECT_EQ(run({"grep", "y"}, in).out, line + "\n" + line + "\n");
    EXPECT_EQ(run({"sed", "s/y$/z/"}, in).out,
              std::string(30'000, 'x') + "z\nshort\n" + std::string(30'000, 'x') + "z\n");
    EXPECT_EQ(run({"sort", "-u"}, in).out, "short\n" + line + "\n");
    EXPECT_EQ(run({"head", "-n", "2"}, in).out, line + "\nshort\n");
    EXPECT_EQ(run({"uniq"}, in).out, in);
}

TEST(Tee, WritesItsFiles) {
    Files files = {{"/old", {.data = "old\n"}}};
    EXPECT_EQ(run({"tee", "old", "new"}, "x\n", files).files.at("/new").data, "x\n");
    EXPECT_EQ(run({"tee", "old"}, "x\n", files).files.at("/old").data, "x\n");
    EXPECT_EQ(run({"tee", "-a", "old"}, "x\n", files).files.at("/old").data, "old\nx\n");
}

TEST(Sed, WritesItsFiles) {
    const Outcome outcome = run({"sed", "-n", "/o/w made\ns/t/T/w other"}, kLines);
    EXPECT_EQ(outcome.files.at("/made").data, "one\ntwo\nfour\n");
    EXPECT_EQ(outcome.files.at("/other").data, "Two\nThree\n");
}

TEST(Sort, MayWriteToWhatItReads) {
    const Outcome outcome = run({"sort", "-o", "f", "f"}, "", kFiles);
    EXPECT_EQ(outcome.files.at("/f").data, "four\none\nthree\ntwo\n");
}

}  // namespace
}  // namespace user_tests
