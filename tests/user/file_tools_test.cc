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

/// A status file as the kernel makes it.
std::string status(const char* text, const char* state, int user_ms) {
    char line[256];
    std::snprintf(line, sizeof line,
                  "%-27s %-27s %-11s %11d %11d %11d %11d %11d %11d %11d %11d %11d\n", text,
                  "glenda", state, user_ms, 1000, 3'600'000, 0, 0, 0, 2048, 10, 11);
    return line;
}

TEST(Ps, PrintsTheColumnsOfPlan9) {
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

/// Processes as pstree and top see them.
Files processes() {
    Files files = {{"/proc", directory()}};
    const auto add = [&files](int pid, int parent, const char* name, const char* args, int user) {
        const std::string folder = "/proc/" + std::to_string(pid);
        files[folder] = directory();
        files[folder + "/status"] = {.data = status(name, "Pread", user)};
        files[folder + "/ppid"] = {.data = "          " + std::to_string(parent) + " "};
        files[folder + "/args"] = {.data = args};
    };
    add(1, 0, "init", "", 0);
    add(3, 1, "rc", "rc -l", 65'000);
    add(12, 3, "cat", "cat", 7'200'000);
    add(4, 1, "lone", "", 0);
    add(20, 12, "deep", "", 0);
    add(13, 3, "wc", "wc -l", 0);
    add(30, 99, "orphan", "", 0);
    return files;
}

TEST(Pstree, DrawsWhoMadeWhom) {
    EXPECT_EQ(run({"pstree"}, "", processes()).out,
              "1        init\n"
              "3        |- rc -l\n"
              "12       |  |- cat\n"
              "20       |  |  `- deep\n"
              "13       |  `- wc -l\n"
              "4        `- lone\n"
              "30       orphan\n");
    EXPECT_EQ(run({"pstree", "12"}, "", processes()).out,
              "12       cat\n"
              "20       `- deep\n");
    EXPECT_EQ(run({"pstree", "7"}, "", processes()).err, "pstree: no process 7\n");
    EXPECT_EQ(run({"pstree", "1", "2"}, "", processes()).status, "usage");
    EXPECT_EQ(run({"pstree"}).err, "pstree: can't open /proc: file does not exist: '/proc'\n");
}

TEST(Top, ListsThoseThatUseMostFirst) {
    Files files = processes();
    files["/dev"] = directory();
    files["/dev/sysstat"] = {.data =
                                 "          0           5           6           7           8"
                                 "           0           0           3          97           1 \n"};
    EXPECT_EQ(run({"top", "-b", "-n", "1"}, "", files).out,
              "7 processes, 0 running or ready\n"
              "idle %: 97\n"
              "     PID USER       PRI STATE       %CPU      TIME     SIZE NAME\n"
              "      12 glenda      11 Pread      200.0   120:01    2048K cat\n"
              "       3 glenda      11 Pread        1.8     1:06    2048K rc\n"
              "       1 glenda      11 Pread        0.0     0:01    2048K init\n"
              "       4 glenda      11 Pread        0.0     0:01    2048K lone\n"
              "      13 glenda      11 Pread        0.0     0:01    2048K wc\n"
              "      20 glenda      11 Pread        0.0     0:01    2048K deep\n"
              "      30 glenda      11 Pread        0.0     0:01    2048K orphan\n");
    EXPECT_EQ(run({"top", "-b", "-d", "0"}, "", files).status, "usage");
    EXPECT_EQ(run({"top", "x"}, "", files).status, "usage");
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

TEST(Chmod, SetsModesByNumberAndByLetters) {
    const u32 append = 0x4000'0000;
    const Files files = {{"/f", {.data = "", .mode = append | 0640}}, {"/d", directory()}};
    const std::pair<const char*, u32> rows[] = {
        {"755", append | 0755},
        {"0", append},
        {"+x", append | 0751},
        {"-w", append | 0440},
        {"=r", 0444},
        {"u=rw", 0640},
        {"go+rx", append | 0655},
        {"ug-r", append | 0200},
        {"a+w", append | 0662},
        {"-a", 0640},
        {"+lt", append | 0x2400'0000 | 0640},
        {"o=", 0640},
    };
    for (const auto& [mode, wanted] : rows) {
        const Outcome outcome = run({"chmod", mode, "f"}, "", files);
        EXPECT_EQ(outcome.files.at("/f").mode, wanted) << mode;
        EXPECT_EQ(outcome.err + outcome.status, "") << mode;
    }
    const Outcome several = run({"chmod", "o-rx", "f", "d"}, "", files);
    EXPECT_EQ(several.files.at("/d").mode, kDirectory | 0770);
    EXPECT_EQ(several.files.at("/f").mode, append | 0640);
}

TEST(Chmod, RefusesWhatIsNoMode) {
    const std::string usage =
        "usage: chmod 0777 file ...\n       chmod [ugoa]+-=[rwxalt] file ...\n";
    for (const char* mode : {"", "x", "1777", "8", "7x", "u", "u+rz", "u+r,g+w", "z+r"}) {
        const Outcome outcome = run({"chmod", mode, "f"}, "", tree());
        EXPECT_EQ(outcome.err, std::string("chmod: bad mode: ") + mode + "\n");
        EXPECT_EQ(outcome.status, "mode");
        EXPECT_EQ(outcome.files.at("/f").mode, 0640u) << mode;
    }
    for (const std::vector<std::string>& argv :
         {std::vector<std::string>{"chmod"}, {"chmod", "644"}, {"chmod", "-R", "644", "d"}}) {
        const Outcome outcome = run(argv, "", tree());
        EXPECT_EQ(outcome.err, usage);
        EXPECT_EQ(outcome.status, "usage");
    }
    // Others are changed all the same.
    const Outcome outcome = run({"chmod", "600", "x", "f"}, "", tree());
    EXPECT_EQ(outcome.err, "chmod: can't stat x: file does not exist: '/x'\n");
    EXPECT_EQ(outcome.status, "errors");
    EXPECT_EQ(outcome.files.at("/f").mode, 0600u);
}

Files sizes() {
    return {{"/s", directory()},
            {"/s/e", directory()},
            {"/s/e/b c", {.data = std::string(1025, 'x'), .mode = 0664, .mtime = 5}},
            {"/s/e/k", {.data = std::string(5000, 'x'), .mode = 0664, .mtime = 6}},
            {"/s/none", {.data = "", .mode = 0664, .mtime = 7}},
            {"/s/one", {.data = "x", .mode = 0664, .mtime = 8}}};
}

TEST(Du, CountsKilobytes) {
    EXPECT_EQ(run({"du", "s"}, "", sizes()).out, "7\ts/e\n8\ts\n");
    EXPECT_EQ(run({"du", "-a", "s/"}, "", sizes()).out,
              "2\t's/e/b c'\n5\ts/e/k\n7\ts/e\n0\ts/none\n1\ts/one\n8\ts/\n");
    EXPECT_EQ(run({"du", "-s"}, "", {{"/", directory()}, {"/f", {.data = "x"}}}).out, "1\t.\n");
    EXPECT_EQ(run({"du", "s/one", "s/none"}, "", sizes()).out, "1\ts/one\n0\ts/none\n");
    EXPECT_EQ(run({"du", "-s", "-b", "4k", "s"}, "", sizes()).out, "16\ts\n");
    EXPECT_EQ(run({"du", "-sb1", "s"}, "", sizes()).out, "6\ts\n");
    EXPECT_EQ(run({"du", "-n", "s/e"}, "", sizes()).out,
              "1025\t's/e/b c'\n5000\ts/e/k\n6025\ts/e\n");
}

TEST(Du, RoundsForPeople) {
    const auto size = [](usize bytes) {
        return run({"du", "-nh", "f"}, "", {{"/f", {.data = std::string(bytes, 'x')}}}).out;
    };
    EXPECT_EQ(size(0), "0\tf\n");
    EXPECT_EQ(size(1023), "1023\tf\n");
    EXPECT_EQ(size(1024), "1k\tf\n");
    EXPECT_EQ(size(1536), "1.5k\tf\n");
    EXPECT_EQ(size(6025), "5.88379k\tf\n");        // 5.883789...
    EXPECT_EQ(size(1'000'001), "976.563k\tf\n");   // 976.5634...
    EXPECT_EQ(size((1 << 20) - 1), "1024k\tf\n");  // 1023.999...
    EXPECT_EQ(size(1 << 20), "1M\tf\n");
}

TEST(Du, PrintsOtherThingsOfFiles) {
    EXPECT_EQ(run({"du", "-at", "s/e"}, "", sizes()).out,
              "5\t's/e/b c'\n6\ts/e/k\n1794000000\ts/e\n");
    EXPECT_EQ(run({"du", "-u", "s/one"}, "", sizes()).out, "8\ts/one\n");
    const std::string qid = run({"du", "-q", "s/one"}, "", sizes()).out;
    EXPECT_EQ(qid.substr(16), "\ts/one\n") << qid;
    EXPECT_EQ(qid.find_first_not_of("0123456789abcdef"), 16u) << qid;
}

TEST(Du, SaysWhatItCannotCount) {
    Files files = sizes();
    files["/s/e"].mode = kDirectory;
    const Outcome outcome = run({"du", "x", "s"}, "", files);
    EXPECT_EQ(outcome.out, "0\ts/e\n1\ts\n");
    EXPECT_EQ(outcome.err,
              "du: x: file does not exist: '/x'\ndu: s/e: permission denied: '/s/e'\n");
    EXPECT_EQ(outcome.status, "errors");
    const Outcome quiet = run({"du", "-f", "x", "s"}, "", files);
    EXPECT_EQ(quiet.err + quiet.status, "");
    for (const std::vector<std::string>& argv : {std::vector<std::string>{"du", "-z"},
                                                 {"du", "-b"},
                                                 {"du", "-b", "0", "s"},
                                                 {"du", "-b", "4kk", "s"}}) {
        const Outcome refused = run(argv, "", files);
        EXPECT_EQ(refused.err, "usage: du [-afhnqstu] [-b size] [file ...]\n");
        EXPECT_EQ(refused.status, "usage");
    }
}

TEST(Bind, AsksForWhatItsFlagsSay) {
    const std::pair<std::vector<std::string>, int> rows[] = {
        {{"bind", "d", "d/e"}, 0},        {{"bind", "-b", "d", "d/e"}, 1},
        {{"bind", "-a", "d", "d/e"}, 2},  {{"bind", "-c", "d", "d/e"}, 4},
        {{"bind", "-bc", "d", "d/e"}, 5}, {{"bind", "-a", "-c", "d", "d/e"}, 6},
    };
    for (const auto& [argv, flags] : rows) {
        EXPECT_EQ(run(argv, "", tree()).mounts, "bind /d /d/e " + std::to_string(flags) + "\n");
    }
}

TEST(Bind, SaysWhichNameIsWrong) {
    const Outcome no_new = run({"bind", "x", "d"}, "", tree());
    EXPECT_EQ(no_new.err, "bind: x: file does not exist: '/x'\n");
    EXPECT_EQ(no_new.status, "bind");
    EXPECT_EQ(run({"bind", "d", "x"}, "", tree()).err, "bind: x: file does not exist: '/x'\n");
    EXPECT_EQ(run({"bind", "d", "f"}, "", tree()).err, "bind d f: inconsistent mount\n");
    const Outcome quiet = run({"bind", "-q", "x", "d"}, "", tree());
    EXPECT_EQ(quiet.err + quiet.status, "");
    for (const std::vector<std::string>& argv : {std::vector<std::string>{"bind"},
                                                 {"bind", "d"},
                                                 {"bind", "-ab", "d", "d/e"},
                                                 {"bind", "-z", "d", "d/e"},
                                                 {"bind", "d", "d/e", "f"}}) {
        const Outcome refused = run(argv, "", tree());
        EXPECT_EQ(refused.err, "usage: bind [-abcq] new old\n");
        EXPECT_EQ(refused.status, "usage");
        EXPECT_EQ(refused.mounts, "");
    }
}

TEST(Unmount, UndoesOneBindOrAll) {
    EXPECT_EQ(run({"unmount", "d"}, "", tree()).mounts, "unmount  /d\n");
    EXPECT_EQ(run({"unmount", "d/e", "d"}, "", tree()).mounts, "unmount /d/e /d\n");
    const Outcome outcome = run({"unmount", "d", "x"}, "", tree());
    EXPECT_EQ(outcome.err, "unmount: x: file does not exist: '/x'\n");
    EXPECT_EQ(outcome.status, "x: file does not exist: '/x'");
    for (const std::vector<std::string>& argv : {std::vector<std::string>{"unmount"},
                                                 {"unmount", "-z", "d"},
                                                 {"unmount", "d", "d", "d"}}) {
        EXPECT_EQ(run(argv, "", tree()).err, "usage: unmount [new] old\n");
        EXPECT_EQ(run(argv, "", tree()).status, "usage");
    }
}

TEST(Ns, PrintsANameSpace) {
    const Files files = {{"/proc/7/ns", {.data = "bind  '#c' /dev\ncd /\n"}},
                         {"/proc/12/ns", {.data = "cd /12\n"}}};
    EXPECT_EQ(run({"ns"}, "", files).out, "bind  '#c' /dev\ncd /\n");
    EXPECT_EQ(run({"ns", "12"}, "", files).out, "cd /12\n");
    EXPECT_EQ(run({"ns", "3"}, "", files).err,
              "ns: can't open /proc/3/ns: file does not exist: '/proc/3/ns'\n");
    EXPECT_EQ(run({"ns", "-z"}, "", files).err, "usage: ns [pid]\n");
    EXPECT_EQ(run({"ns", "7", "12"}, "", files).status, "usage");
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
