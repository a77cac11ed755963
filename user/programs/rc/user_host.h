// UserHost: the home of rc in a program: system calls, and processes that are forks of the shell.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/fd_plan.h"
#include "shell/rc/host.h"

namespace kernel::shell::user {

/// The program's memory.
rc::Memory& memory();
/// The process's descriptors.
rc::DescriptorCalls& own_descriptors();

/// The world of a shell that is a program. There is one in a process: it has the process's note
/// handler. A note that rc knows becomes a pending text for take_note(); any other ends the
/// process. A job is a fork, which finds the parsed text in its copy of the memory.
class UserHost final : public rc::Host {
public:
    UserHost();

    rc::Memory& memory() override { return user::memory(); }

    Result<rc::Fd> open(std::string_view path, rc::OpenMode mode) override;
    Result<rc::Fd> create(std::string_view path, rc::OpenMode mode) override;
    Result<rc::Fd> append(std::string_view path) override;
    Result<usize> read(rc::Fd fd, Bytes into) override;
    Result<usize> write(rc::Fd fd, ConstBytes from) override;
    void close(rc::Fd fd) override;
    Result<rc::Fd> dup(rc::Fd fd) override;
    Result<rc::PipeEnds> pipe() override;
    Result<void> remap(std::span<const rc::FdMap> maps) override;
    std::string_view fd_name(rc::Fd fd, std::span<char> buffer) override;

    Result<void> list(std::string_view directory, rc::DirectoryVisitor& visitor) override;
    Result<rc::FileKind> kind(std::string_view path) override;
    bool is_executable(std::string_view path) override;
    Result<void> chdir(std::string_view path) override;
    std::string_view error_detail(Error error) override;

    u64 pid() override;
    Result<u64> start(std::string_view file, std::span<const std::string_view> argv,
                      std::span<const rc::FdMap> maps) override;
    Result<void> exec(std::string_view file, std::span<const std::string_view> argv,
                      std::span<const rc::FdMap> maps, rc::StatusText& status) override;
    Result<u64> spawn(rc::Owned<rc::Job>& job, std::span<const rc::FdMap> maps) override;
    Result<rc::WaitRecord> wait() override;
    Result<void> rfork(rc::RforkFlags flags) override;
    bool take_note(rc::StatusText& text) override;

    Result<void> export_variable(std::string_view name,
                                 std::span<const std::string_view> values) override;
    Result<void> export_function(std::string_view name, std::string_view text) override;

    std::span<const rc::Builtin> builtins() override { return {}; }

    /// Keeps `fd`, which the home opened for itself, from children. Errors: kNoFd, and `fd` is
    /// closed.
    Result<void> keep_private(rc::Fd fd);
    /// The name under which descriptor `fd` was opened, put in `buffer`; empty if it has none.
    std::string_view path_of(rc::Fd fd, std::span<char> buffer);

private:
    /// Remembers that the shell made `fd` for itself; `fd` < 0 is the error of the last call.
    Result<rc::Fd> made(int fd);

    rc::FdSet private_;  // what a child does not get unless it is named
};

/// The error of the system call that has just failed.
Error last_error();

/// Makes a call that may wait, by its number in abi.h, unless a note has come that take_note() has
/// not given yet: what waits ends with a note, also one that comes just before. Errors: those of
/// the call; kInterrupted.
Result<i64> call_unless_noted(u64 call, const std::array<u64, 4>& arguments);

/// A text for system calls: with a NUL at its end.
class CallText : Pinned {
public:
    explicit CallText(std::string_view text);
    ~CallText();
    /// Errors: kNoMemory.
    Result<const char*> get() const;

private:
    const usize room_;
    char* const text_;
};

}  // namespace kernel::shell::user
