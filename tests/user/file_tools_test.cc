// Programs that look at files and change them.
#include <gtest/gtest.h>

#include "tests/user/personality.h"

namespace user_tests {
namespace {

File directory() { return {.data = "", .mode = kDirectory | 0775, .mtime = 1'794'000'000}; }

Files tree() {
    return {{"/", directory()},
            {"/d", directory()},
            {"/d/a b", {.data = "12345", .mode = 0664, .mtime = 1'794'999'000}},
            {"/d/z", {.data = "", .mode = 0755, .mtime = 86400}},
            {"/d/e", directory()},
            {"/f", {.data = "abc\n", .mode = 0640, .mtime = 7}},
            {"/locked", {.data = "x", .mode = 0}}};
}

TEST(Ls, ListsNamesAsTheyMustBeQuoted) {
    EXPECT_EQ(run({"ls", "d"}, "", tree()).out, "'d/a b'\nd/e\nd/z\n");
    EXPECT_EQ(run({"ls", "-p", "d"}, "", tree()).out, "'a b'\ne\nz\n");
    EXPECT_EQ(run({"ls"}, "", tree()).out, "d\nf\nlocked\n");
    EXPECT_EQ(run({"ls", "-d", "d", "/f"}, "", tree()).out, "/f\nd\n");
    EXPECT_EQ(run({"ls", "-r", "/"}, "", tree()).out, "/locked\n/f\n/d\n");
    EXPECT_EQ(run({"ls", "-F", "d/"}, "", tree()).out, "'d/a b'\nd/e/\nd/z*\n");
    EXPECT_EQ(run({"ls", "-pt", "d"}, "", tree()).out, "'a b'\ne\nz\n");
}

TEST(Ls, LongFormHasColumns) {
    EXPECT_EQ(run({"ls", "-lp", "d"}, "", tree()).out,
              "--rw-rw-r-- T 3 glenda sys 5 Nov 18 10:50 'a b'\n"
              "d-rwxrwxr-x T 3 glenda sys 0 Nov  6 21:20 e\n"
              "--rwxr-xr-x T 3 glenda sys 0 Jan  2  1970 z\n");
    EXPECT_EQ(run({"ls", "-s", "f"}, "", tree()).out, "1 f\n");
    const std::string qids = run({"ls", "-q", "f"}, "", tree()).out;
    EXPECT_EQ(qids.size(), std::string("(0123456789abcdef 1 00) f\n").size()) << qids;
    EXPECT_EQ(qids.substr(17), " 1 00) f\n");
}

TEST(Ls, SaysWhatItCannotList) {
    const Outcome outcome = run({"ls", "x", "f"}, "", tree());
    EXPECT_EQ(outcome.out, "f\n");
    EXPECT_EQ(outcome.err, "ls: x: file does not exist: '/x'\n");
    EXPECT_EQ(outcome.status, "errors");
    EXPECT_EQ(run({"ls", "-z"}, "", tree()).status, "usage");
}

TEST(Ps, PrintsTheColumnsOfPlan9) {
    const auto status = [](const char* text, const char* state, int user_ms) {
        char line[256];
        std::snprintf(line, sizeof line,
                      "%-27s %-27s %-11s %11d %11d %11d %11d %11d %11d %11d %11d %11d\n", text,
                      "glenda", state, user_ms, 1000, 3'600'000, 0, 0, 0, 2048, 10, 11);
        return std::string(line);
    };
    const Files files = {
        {"/proc", directory()},
        {"/proc/trace", {}},
        {"/proc/12", directory()},
        {"/proc/12/status", {.data = status("rc", "Await", 65'000)}},
        {"/proc/12/noteid", {.data = "         11 "}},
        {"/proc/12/args", {.data = "rc -l"}},
        {"/proc/9", directory()},
        {"/proc/9/status", {.data = status("init", "Pread", 0)}},
        {"/proc/9/noteid", {.data = "          9 "}},
        {"/proc/9/args", {.data = ""}},
        {"/proc/100", directory()},  // has gone since it was listed
    };
    EXPECT_EQ(run({"ps"}, "", files).out,
              "glenda            9    0:00   0:01    2048K Pread    init\n"
              "glenda           12    1:05   0:01    2048K Await    rc\n");
    EXPECT_EQ(
        run({"ps", "-apnr"}, "", files).out,
        "glenda            9        9   60:00    0:00   0:01 10 11    2048K Pread    init\n"
        "glenda           12       11   60:00    1:05   0:01 10 11    2048K Await    rc -l\n");
    EXPECT_EQ(run({"ps"}).err, "ps: can't open /proc: file does not exist: '/proc'\n");
    EXPECT_EQ(run({"ps", "x"}, "", files).status, "usage");
}

TEST(Mkdir, MakesDirectories) {
    EXPECT_EQ(run({"mkdir", "n"}, "", tree()).files.at("/n").mode, kDirectory | 0777);
    EXPECT_EQ(run({"mkdir", "-m", "700", "n"}, "", tree()).files.at("/n").mode, kDirectory | 0700);
    const Outcome all = run({"mkdir", "-p", "d/x/y"}, "", tree());
    EXPECT_EQ(all.status, "");
    EXPECT_TRUE(all.files.contains("/d/x/y"));
    const Outcome again = run({"mkdir", "d"}, "", tree());
    EXPECT_EQ(again.err, "mkdir: d already exists\n");
    EXPECT_EQ(again.status, "errors");
    EXPECT_EQ(run({"mkdir", "x/y"}, "", tree()).err,
              "mkdir: can't create x/y: file does not exist\n");
    EXPECT_EQ(run({"mkdir"}).status, "usage");
}

TEST(Rm, RemovesFilesAndWithRTrees) {
    EXPECT_FALSE(run({"rm", "f"}, "", tree()).files.contains("/f"));
    const Outcome full = run({"rm", "d"}, "", tree());
    EXPECT_EQ(full.err, "rm: d: directory not empty\n");
    EXPECT_TRUE(full.files.contains("/d/z"));
    const Outcome all = run({"rm", "-r", "d"}, "", tree());
    EXPECT_EQ(all.status, "");
    EXPECT_FALSE(all.files.contains("/d"));
    EXPECT_FALSE(all.files.contains("/d/a b"));
    EXPECT_EQ(run({"rm", "x"}, "", tree()).status, "errors");
    const Outcome quiet = run({"rm", "-f", "x"}, "", tree());
    EXPECT_EQ(quiet.err + quiet.status, "");
}

TEST(Cp, CopiesToAFileOrIntoADirectory) {
    const Outcome one = run({"cp", "f", "g"}, "", tree());
    EXPECT_EQ(one.files.at("/g").data, "abc\n");
    EXPECT_EQ(one.files.at("/g").mode, 0640u);
    EXPECT_EQ(one.files.at("/g").mtime, kNow);
    EXPECT_EQ(run({"cp", "-x", "f", "g"}, "", tree()).files.at("/g").mtime, 7u);
    EXPECT_EQ(run({"cp", "f", "d"}, "", tree()).files.at("/d/f").data, "abc\n");
    EXPECT_EQ(run({"cp", "f", "/d/z"}, "", tree()).files.at("/d/z").data, "abc\n");
    const Outcome many = run({"cp", "f", "d/a b", "d/e"}, "", tree());
    EXPECT_EQ(many.files.at("/d/e/f").data, "abc\n");
    EXPECT_EQ(many.files.at("/d/e/a b").data, "12345");
}

TEST(Cp, RefusesWhatItCannotDo) {
    EXPECT_EQ(run({"cp", "f", "./f"}, "", tree()).err, "cp: f and ./f are the same file\n");
    EXPECT_EQ(run({"cp", "d", "g"}, "", tree()).err, "cp: d is a directory\n");
    EXPECT_EQ(run({"cp", "f", "d/z", "g"}, "", tree()).err, "cp: g is not a directory\n");
    EXPECT_EQ(run({"cp", "locked", "g"}, "", tree()).err,
              "cp: can't open locked: permission denied: '/locked'\n");
    EXPECT_EQ(run({"cp", "f"}, "", tree()).status, "usage");
}

TEST(Mv, RenamesOrCopies) {
    const Outcome renamed = run({"mv", "f", "g"}, "", tree());
    EXPECT_EQ(renamed.files.at("/g").data, "abc\n");
    EXPECT_EQ(renamed.files.at("/g").mtime, 7u);
    EXPECT_FALSE(renamed.files.contains("/f"));
    const Outcome over = run({"mv", "d/a b", "d/z"}, "", tree());
    EXPECT_EQ(over.files.at("/d/z").data, "12345");
    EXPECT_FALSE(over.files.contains("/d/a b"));
    const Outcome moved = run({"mv", "f", "d"}, "", tree());
    EXPECT_EQ(moved.files.at("/d/f").data, "abc\n");
    EXPECT_FALSE(moved.files.contains("/f"));
    EXPECT_EQ(run({"mv", "f", "f"}, "", tree()).err, "mv: f and f are the same file\n");
    EXPECT_EQ(run({"mv", "x", "g"}, "", tree()).err,
              "mv: can't stat x: file does not exist: '/x'\n");
}

TEST(Touch, SetsTimesAndMakesFiles) {
    EXPECT_EQ(run({"touch", "f"}, "", tree()).files.at("/f").mtime, kNow);
    EXPECT_EQ(run({"touch", "-t", "99", "f"}, "", tree()).files.at("/f").mtime, 99u);
    EXPECT_EQ(run({"touch", "n"}, "", tree()).files.at("/n").data, "");
    EXPECT_EQ(run({"touch", "-t", "99", "n"}, "", tree()).files.at("/n").mtime, 99u);
    const Outcome none = run({"touch", "-c", "n"}, "", tree());
    EXPECT_FALSE(none.files.contains("/n"));
    EXPECT_EQ(none.status, "touch");
}

TEST(Test, AsksAboutFiles) {
    const std::pair<std::vector<std::string>, const char*> rows[] = {
        {{"-e", "f"}, ""},        {{"-e", "x"}, "false"},
        {{"-f", "f"}, ""},        {{"-f", "d"}, "false"},
        {{"-d", "d"}, ""},        {{"-d", "f"}, "false"},
        {{"-r", "f"}, ""},        {{"-r", "locked"}, "false"},
        {{"-w", "f"}, ""},        {{"-s", "f"}, ""},
        {{"-s", "d/z"}, "false"}, {{"f", "-ot", "d/a b"}, ""},
        {{"f", "-nt", "x"}, ""},  {{"-e", "x", "-o", "-e", "f"}, ""},
    };
    for (const auto& [arguments, status] : rows) {
        std::vector<std::string> argv = {"test"};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        EXPECT_EQ(run(argv, "", tree()).status, status) << arguments[0] << " " << arguments[1];
    }
}

TEST(Pwd, SaysWhereItIs) { EXPECT_EQ(run({"pwd"}, "", tree()).out, "/\n"); }

}  // namespace
}  // namespace user_tests
