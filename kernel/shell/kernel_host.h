// KernelHost: the home of rc inside the kernel: each shell process makes the calls user programs
// make.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/note.h"
#include "proc/notes.h"
#include "shell/rc/fd_plan.h"
#include "shell/rc/host.h"

namespace kernel::shell {

/// The memory of all in-kernel shells: mm's general allocator.
rc::Memory& shell_memory();

class ChildStart;

/// The world of one shell process. Made in the process it belongs to, whose notes it handles from
/// then on: a note becomes a pending text for take_note(). When the process is told to end (a note
/// that rc does not know, or ctl `kill`), it unwinds (proc::is_unwinding()): every later call here
/// but close() fails with kInterrupted, ending() is true, the interpreter gives back what it has,
/// and the process ends with what it was told.
class KernelHost final : public rc::Host {
public:
    KernelHost();
    ~KernelHost();

    rc::Memory& memory() override { return shell_memory(); }

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
    std::string_view error_detail(Error) override;

    u64 pid() override;
    Result<u64> start(std::string_view file, std::span<const std::string_view> argv,
                      std::span<const rc::FdMap> maps) override;
    Result<void> exec(std::string_view file, std::span<const std::string_view> argv,
                      std::span<const rc::FdMap> maps, rc::StatusText& status) override;
    Result<u64> spawn(rc::Owned<rc::Job>& job, std::span<const rc::FdMap> maps) override;
    Result<rc::WaitRecord> wait() override;
    Result<void> rfork(rc::RforkFlags flags) override;
    bool take_note(rc::StatusText& text) override;
    bool ending() override;

    Result<void> export_variable(std::string_view name,
                                 std::span<const std::string_view> values) override;
    Result<void> export_function(std::string_view name, std::string_view text) override;

    std::span<const rc::Builtin> builtins() override;

    /// Keeps `fd`, which the home opened for itself, from children. Errors: kNoFd, and `fd` is
    /// closed.
    Result<void> keep_private(rc::Fd fd);

    /// What exec() has left for end_shell(); null if nothing, or if a note came before it, which is
    /// the status then. To be called when the shell is gone.
    [[nodiscard]] ChildStart* take_next(rc::StatusText& status);

private:
    friend class ChildStart;

    static proc::NoteAnswer on_note(void* host, const proc::Note& note);
    /// Remembers that the shell made `fd` for itself.
    Result<rc::Fd> make_private(Result<rc::Fd> fd);

    // All hart-local in the sense of a process: only the process the host belongs to touches them.
    rc::StatusText note_;
    bool note_pending_ = false;
    rc::FdSet private_;           // what a child does not get unless it is named
    ChildStart* next_ = nullptr;  // owned until take_next()
};

/// Ends a shell's process, whose host is gone, too: it goes on as `next`, which it owns, or, if
/// that is null or cannot be run, exits with `status`.
[[noreturn]] void end_shell(ChildStart* next, rc::StatusText& status);

/// Applies `maps` to the current process's descriptors and closes those in `leave_out`, as
/// rc::apply_fd_maps() says.
Result<void> arrange_descriptors(std::span<const rc::FdMap> maps, const rc::FdSet& leave_out);

}  // namespace kernel::shell
