// Host: everything rc does to the world. The in-kernel shell, the user program and the tests each
// implement it once; the language knows nothing else.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"

namespace kernel::shell::rc {

struct Builtin;
class Job;

/// A file descriptor of the calling shell's process.
using Fd = i32;
inline constexpr Fd kNoFd = -1;

/// One descriptor of a process to be started: there it is `child`; here it is `parent`, or kNoFd
/// for a descriptor that is closed there.
struct FdMap {
    Fd child;
    Fd parent;
};

enum class OpenMode : u8 { kRead, kWrite, kReadWrite };

/// What can be written to a new pipe before a write waits for a reader.
inline constexpr usize kPipeRoom = 4096;

/// The two ends of a pipe.
struct PipeEnds {
    Fd read;
    Fd write;
};

enum class FileKind : u8 { kFile, kDirectory };

/// How a process ended: empty for success.
using StatusText = FixedString<kErrorTextMax>;

/// A child that has ended.
struct WaitRecord {
    u64 pid;
    StatusText status;
};

/// Takes the entries of a directory, one by one.
class DirectoryVisitor {
public:
    /// One entry; `name` is gone afterwards. An error ends the listing and is its result.
    virtual Result<void> entry(std::string_view name, FileKind kind) = 0;

protected:
    ~DirectoryVisitor() = default;
};

/// What rfork is asked for, one bit per letter of `rfork nNeEsfFm`.
struct RforkFlags {
    bool name_space;         // n: a copy of the name space
    bool clean_name_space;   // N: an empty name space
    bool environment;        // e: a copy of the environment
    bool clean_environment;  // E: an empty environment
    bool note_group;         // s: a new note group
    bool descriptors;        // f: a copy of the descriptors
    bool clean_descriptors;  // F: no descriptors
    bool no_mount;           // m: mounting is refused from now on
};

/// The world of one shell process. Each shell instance has a Host of its own, used by that process
/// only; `memory()` is the same for all shells that spawn each other.
///
/// Descriptors: a process starts with descriptors from its parent. Those that a shell makes itself
/// (open, create, append, dup, pipe) are *private*: a started command or spawned job does not have
/// them unless they are named in its FdMap list. A child's descriptors are the shell's descriptors
/// that are not private, with all FdMaps applied at once (`parent` always means a descriptor of the
/// shell as it is now). What the child has is never private there.
///
/// Interrupts: a call that sleeps returns Error::kInterrupted when a note arrives; the shell then
/// calls take_note().
class Host {
public:
    virtual Memory& memory() = 0;

    // Descriptors. All new ones are private.
    virtual Result<Fd> open(std::string_view path, OpenMode mode) = 0;
    /// Makes the file, or empties it if it exists.
    virtual Result<Fd> create(std::string_view path, OpenMode mode) = 0;
    /// Opens for writing at the end; makes the file if there is none.
    virtual Result<Fd> append(std::string_view path) = 0;
    /// At most as much as there is; 0 at the end. May be short.
    virtual Result<usize> read(Fd fd, Bytes into) = 0;
    /// May be short, never 0 for a non-empty text.
    virtual Result<usize> write(Fd fd, ConstBytes from) = 0;
    virtual void close(Fd fd) = 0;
    virtual Result<Fd> dup(Fd fd) = 0;
    /// A pipe that takes kPipeRoom bytes although nobody reads.
    virtual Result<PipeEnds> pipe() = 0;
    /// Makes the shell's own descriptors as `maps` say, at once, and not private: for `exec >file`.
    virtual Result<void> remap(std::span<const FdMap> maps) = 0;
    /// The file name under which a process opens its own descriptor `fd`, put in `buffer`: for
    /// `<{...}`.
    virtual std::string_view fd_name(Fd fd, std::span<char> buffer) = 0;

    // Files.
    virtual Result<void> list(std::string_view directory, DirectoryVisitor& visitor) = 0;
    virtual Result<FileKind> kind(std::string_view path) = 0;
    /// Whether `path` names a file that start() would try to run.
    virtual bool is_executable(std::string_view path) = 0;
    virtual Result<void> chdir(std::string_view path) = 0;

    /// What the call that failed last, with `error`, says beyond the text of that (": '/proc/7'");
    /// it may be gone after the next call.
    virtual std::string_view error_detail(Error) { return {}; }

    // Processes.
    virtual u64 pid() = 0;
    /// Starts the program or script `file` with arguments `argv`; `maps` as said above. Returns the
    /// child's pid.
    virtual Result<u64> start(std::string_view file, std::span<const std::string_view> argv,
                              std::span<const FdMap> maps) = 0;
    /// Replaces this process by `file`. A home that returns does so as soon as the shell, which has
    /// nothing more to do, is gone, with the descriptors as they are now; or it has run `file` as a
    /// child to its end and put that into `status`, with which the shell exits. Returns an error if
    /// `file` could not be run.
    virtual Result<void> exec(std::string_view file, std::span<const std::string_view> argv,
                              std::span<const FdMap> maps, StatusText& status) = 0;
    /// Creates a process that calls `job->run(host, status)` with a Host of its own, drops the job
    /// and exits with the status. Takes the job over only on success. Returns the child's pid.
    /// If job->background(), the child is in a note group of its own.
    virtual Result<u64> spawn(Owned<Job>& job, std::span<const FdMap> maps) = 0;
    /// Waits for any child that start() or spawn() made and that was not waited for yet.
    /// Fails with kNoLivingChildren when there is none, kInterrupted when a note arrives first.
    virtual Result<WaitRecord> wait() = 0;
    virtual Result<void> rfork(RforkFlags flags) = 0;
    /// The next note posted to this process, put in `text`; false when there is none. Called
    /// between any two steps of the evaluator: cheap when there is none.
    virtual bool take_note(StatusText& text) = 0;
    /// Whether this process is being ended from outside: the shell then drops everything and its
    /// run() returns. Asked as often as take_note(). Calls that sleep fail with kInterrupted.
    virtual bool ending() { return false; }

    // Environment: what a started program finds in /env. Called before a start, spawn or exec for
    // what changed since the last one. No values: the variable is removed; no text: the function.
    virtual Result<void> export_variable(std::string_view name,
                                         std::span<const std::string_view> values) = 0;
    virtual Result<void> export_function(std::string_view name, std::string_view text) = 0;

    /// The home's own builtins, beside those of the language.
    virtual std::span<const Builtin> builtins() = 0;

protected:
    ~Host() = default;
};

}  // namespace kernel::shell::rc
