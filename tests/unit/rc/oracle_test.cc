// The oracle: every script of corpus/ does the same under our rc and under 9base's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "posix_host.h"

namespace kernel::shell::rc::test {
namespace {

namespace fs = std::filesystem;

constexpr char kOracle[] = "/usr/lib/plan9/bin/rc";
const fs::path kSource = RC_TEST_SOURCE;
constexpr std::size_t kShards = 4;

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A directory for one run: the script, and an empty directory to run it in.
class Sandbox {
public:
    explicit Sandbox(const std::string& text) {
        std::string name = "/tmp/rc_oracle.XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        root_ = name;
        fs::create_directory(work());
        std::ofstream(script(), std::ios::binary) << text;
    }
    ~Sandbox() { fs::remove_all(root_); }
    fs::path root() const { return root_; }
    fs::path work() const { return root_ / "run"; }
    fs::path script() const { return root_ / "script"; }
    /// `text` without what is different in every sandbox.
    std::string neutral(std::string text) const {
        for (std::size_t at; (at = text.find(root_.string())) != std::string::npos;) {
            text.replace(at, root_.string().size(), "SANDBOX");
        }
        return text;
    }

private:
    fs::path root_;
};

bool is_success(const std::string& status) {
    return status.find_first_not_of("|0") == std::string::npos;
}

/// What a script printed, and whether the shell's last word was success. Jobs of the oracle hand on
/// numbers, so that a subshell's status `|` arrives as success: in the last line, which the test
/// adds, all ways of writing success are one.
std::string result(std::string out, bool success) {
    constexpr std::string_view kLast = "\nstatus: ";
    const std::size_t last = ("\n" + out).rfind(kLast);
    if (last != std::string::npos) {
        std::string status = out.substr(last + kLast.size() - 1);
        if (status.ends_with('\n')) status.pop_back();
        if (is_success(status)) out.replace(last + kLast.size() - 1, std::string::npos, "\n");
    }
    return out + (success ? "succeeded\n" : "failed\n");
}

std::string script_text(const fs::path& path) {
    const std::string text = contents(path);
    // A script that is about its very end gets nothing added.
    return text.ends_with('\n') ? text + "echo status: $status\n" : text;
}

std::string run_oracle(const std::string& text) {
    const Sandbox sandbox(text);
    const std::string command =
        "cd " + sandbox.work().string() +
        " && env -i PATH=/bin:/usr/bin LC_ALL=C HOME=" + sandbox.work().string() +
        " timeout -s KILL 60 " + kOracle + " " + sandbox.script().string() +
        " a1 'a 2' a3 </dev/null >" + (sandbox.root() / "out").string() + " 2>/dev/null";
    const int code = std::system(command.c_str());
    return result(sandbox.neutral(contents(sandbox.root() / "out")), code == 0);
}

std::string run_ours(const std::string& text) {
    const Sandbox sandbox(text);
    World world;
    const std::string work = sandbox.work().string();
    const Outcome outcome = run_shell(world, text,
                                      {.name = sandbox.script().string(),
                                       .arguments = {"a1", "a 2", "a3"},
                                       .directory = work,
                                       .prepare = [&work](PosixHost&, Interpreter& shell) {
                                           const std::string_view home[] = {work};
                                           EXPECT_TRUE(shell.set_variable("home", home).ok());
                                       }});
    EXPECT_EQ(world.memory.outstanding(), 0u) << text;
    EXPECT_EQ(outcome.descriptors_left, 0u) << text;
    return result(sandbox.neutral(outcome.out), is_success(outcome.status));
}

std::vector<fs::path> corpus() {
    std::vector<fs::path> scripts;
    for (const auto& entry : fs::directory_iterator(kSource / "corpus")) {
        if (entry.path().extension() == ".rc") scripts.push_back(entry.path());
    }
    std::sort(scripts.begin(), scripts.end());
    return scripts;
}

std::map<std::string, std::string> differences() {
    std::map<std::string, std::string> reasons;
    std::ifstream file(kSource / "differences.txt");
    for (std::string line; std::getline(file, line);) {
        const std::size_t blank = line.find(' ');
        if (!line.starts_with('#') && blank != std::string::npos) {
            reasons[line.substr(0, blank)] = line.substr(line.find_first_not_of(' ', blank));
        }
    }
    return reasons;
}

class Oracle : public testing::TestWithParam<std::size_t> {};

TEST_P(Oracle, ScriptsOfTheCorpusDoTheSame) {
    ASSERT_TRUE(fs::exists(kOracle)) << "install the package 9base";
    const std::vector<fs::path> scripts = corpus();
    const std::map<std::string, std::string> reasons = differences();
    for (std::size_t i = GetParam(); i < scripts.size(); i += kShards) {
        const std::string name = scripts[i].stem().string();
        const std::string text = script_text(scripts[i]);
        const std::string ours = run_ours(text);
        const std::string theirs = run_oracle(text);
        if (!reasons.contains(name)) {
            EXPECT_EQ(ours, theirs) << "in " << name;
            continue;
        }
        EXPECT_EQ(ours, contents(kSource / "corpus" / (name + ".out"))) << "in " << name;
        EXPECT_NE(ours, theirs) << name << " does not differ any more: remove it from differences";
    }
}
INSTANTIATE_TEST_SUITE_P(Shards, Oracle, testing::Range(std::size_t{0}, kShards));

TEST(OracleCorpus, IsWholeAndEveryDifferenceHasAReason) {
    EXPECT_GE(corpus().size(), 350u);
    const std::map<std::string, std::string> reasons = differences();
    for (const auto& [name, reason] : reasons) {
        EXPECT_FALSE(reason.empty()) << name;
        EXPECT_TRUE(fs::exists(kSource / "corpus" / (name + ".rc"))) << name;
    }
    for (const auto& entry : fs::directory_iterator(kSource / "corpus")) {
        if (entry.path().extension() != ".out") continue;
        EXPECT_TRUE(reasons.contains(entry.path().stem().string())) << entry.path();
    }
}

}  // namespace
}  // namespace kernel::shell::rc::test
