// PosixHost: a home for rc in an ordinary process. A shell process is a thread with descriptors and
// a current directory of its own; programs are programs.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "counting_memory.h"
#include "shell/rc/builtin.h"
#include "shell/rc/host.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/job.h"

namespace kernel::shell::rc::test {

/// What all shells of a test share.
class World {
public:
    World() = default;
    ~World() { join(); }

    CountingMemory memory;
    std::vector<Builtin> builtins;
    /// Fails the n-th call of open, pipe or spawn; for tests of what then happens.
    std::atomic<std::int64_t> fail_call{-1};

    void run(std::function<void()> body);
    /// Waits for all threads.
    void join();
    std::uint64_t next_pid() { return ++last_pid_; }
    bool call_fails() { return fail_call.load() >= 0 && fail_call.fetch_sub(1) == 0; }

private:
    std::mutex mutex_;
    std::deque<std::thread> threads_;
    std::atomic<std::uint64_t> last_pid_{1'000'000};
};

/// The children of one shell process and the notes posted to it. Outlives the process while
/// children still run.
class Family {
public:
    void born();
    void unborn();
    void died(const WaitRecord& record);
    Result<WaitRecord> wait();
    void post(const std::string& note);
    bool take_note(StatusText& text);
    void end();
    bool ending();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<WaitRecord> records_;
    std::deque<std::string> notes_;
    std::size_t living_ = 0;
    bool ending_ = false;
};

class PosixHost final : public Host {
public:
    explicit PosixHost(World& world);
    ~PosixHost();

    Memory& memory() override { return world_.memory; }
    Result<Fd> open(std::string_view path, OpenMode mode) override;
    Result<Fd> create(std::string_view path, OpenMode mode) override;
    Result<Fd> append(std::string_view path) override;
    Result<usize> read(Fd fd, Bytes into) override;
    Result<usize> write(Fd fd, ConstBytes from) override;
    void close(Fd fd) override;
    Result<Fd> dup(Fd fd) override;
    Result<PipeEnds> pipe() override;
    Result<void> remap(std::span<const FdMap> maps) override;
    std::string_view fd_name(Fd fd, std::span<char> buffer) override;
    Result<void> list(std::string_view directory, DirectoryVisitor& visitor) override;
    Result<FileKind> kind(std::string_view path) override;
    bool is_executable(std::string_view path) override;
    Result<void> chdir(std::string_view path) override;
    u64 pid() override { return pid_; }
    Result<u64> start(std::string_view file, std::span<const std::string_view> argv,
                      std::span<const FdMap> maps) override;
    Result<void> exec(std::string_view file, std::span<const std::string_view> argv,
                      std::span<const FdMap> maps, StatusText& status) override;
    Result<u64> spawn(Owned<Job>& job, std::span<const FdMap> maps) override;
    Result<WaitRecord> wait() override { return family_->wait(); }
    Result<void> rfork(RforkFlags flags) override;
    bool take_note(StatusText& text) override { return family_->take_note(text); }
    bool ending() override { return family_->ending(); }
    Result<void> export_variable(std::string_view name,
                                 std::span<const std::string_view> values) override;
    Result<void> export_function(std::string_view name, std::string_view text) override;
    std::span<const Builtin> builtins() override { return world_.builtins; }

    Family& family() { return *family_; }
    World& world() { return world_; }
    /// What a started program would find.
    const std::map<std::string, std::string>& exported() const { return exported_; }
    const std::map<std::string, std::string>& exported_functions() const { return functions_; }
    std::string rforked;  // the letters of the last rfork
    /// Descriptors that the shell made and did not close.
    std::size_t private_descriptors() const { return private_.size(); }
    std::size_t live_children() const;

private:
    Result<Fd> made(int fd);

    World& world_;
    const u64 pid_;
    std::shared_ptr<Family> family_;
    std::set<Fd> private_;
    std::map<std::string, std::string> exported_;
    std::map<std::string, std::string> functions_;
};

/// What a script did.
struct Outcome {
    std::string out;
    std::string err;
    std::string status;
    std::size_t descriptors_left = 0;
};

/// How run_shell() runs it.
struct RunOptions {
    std::string name = "";  // of the script, for messages
    std::vector<std::string> arguments{};
    std::string directory = "";  // to run in
    std::string input = "";      // on descriptor 0
    std::function<void(PosixHost&, Interpreter&)> prepare{};
};

/// Runs `text` as a script in a new shell process, to its end. `*shell_made` says whether a shell
/// could be created at all.
Outcome run_shell(World& world, const std::string& text, const RunOptions& options = {});

/// Builtins `echo` (as everybody's), `args` (prints its arguments in brackets), `twice` (runs a
/// command two times), `full` (fails with an error).
std::vector<Builtin> test_builtins();

}  // namespace kernel::shell::rc::test
