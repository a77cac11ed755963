// UserHost: processes: programs, jobs, waiting, notes.
#include "base/fixed_string.h"
#include "shell/rc/job.h"
#include "shell/rc/signals.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"
#include "user/programs/rc/library.h"
#include "user/programs/rc/records.h"
#include "user/programs/rc/unless_noted.h"
#include "user/programs/rc/user_host.h"

namespace kernel::shell::user {
namespace {

constexpr int kFork = RFPROC | RFFDG | RFREND;

// The note that the shell has not looked at yet. Written by the handler, which interrupts the shell
// between any two instructions.
constinit volatile bool note_pending = false;
constinit std::array<char, ERRMAX> pending_note{};

void on_note(Ureg* interrupted, char* text) {
    if (rc::signal_function(text).empty()) (void)::sys_noted(NDFLT);  // ignored: does not return
    // The later of two notes is the more pressing.
    const usize size = std::min(std::string_view(text).size(), pending_note.size() - 1);
    std::copy_n(text, size, pending_note.data());
    pending_note[size] = '\0';
    note_pending = true;
    move_on(*interrupted);
    (void)::sys_noted(NCONT);  // ignored: does not return
}

/// A program's name and words as exec() takes them, made before the fork: afterwards only calls are
/// left.
class ProgramWords : Pinned {
public:
    ProgramWords() : text_(memory()), words_(memory()) {}

    Result<void> set(std::string_view file, std::span<const std::string_view> argv) {
        const auto add = [this](std::string_view word) {
            text_.write(word);
            text_.put('\0');
        };
        add(file);
        for (const std::string_view word : argv) add(word);
        char* at = const_cast<char*>(TRY(text_.text()).data());
        TRY(words_.reserve(argv.size() + 2));
        for (usize i = 0; i < argv.size() + 1; ++i) {
            TRY(words_.push(at));
            at += (i == 0 ? file : argv[i - 1]).size() + 1;
        }
        return words_.push(nullptr);
    }
    const char* file() const { return words_[0]; }
    char* const* argv() const { return words_.begin() + 1; }

private:
    rc::TextBuffer text_;
    rc::Vector<char*> words_;
};

/// A fork of the shell, with `flags` more. A note that comes meanwhile, or that the shell has not
/// met yet, is the child's, too: it is pending in its copy of the memory. Errors: of rfork().
Result<int> fork_shell(int flags) {
    for (;;) {  // ends when no note comes meanwhile
        const int pid = ::sys_rfork(kFork | flags);
        if (pid >= 0) return pid;
        const Error error = last_error();
        if (error != Error::kInterrupted && error != Error::kForkAborted) return error;
    }
}

/// Ends the process because of `error`, which `what` could not do without.
[[noreturn]] void fail(std::string_view what, std::string_view error) {
    FixedString<2 * ERRMAX> line;
    line.format("{}: {}\n", what, error);
    // ignored: who cannot be told on this descriptor finds it in the status
    (void)::sys_pwrite(2, line.c_str(), static_cast<long>(line.size()), kOwnOffset);
    ::sys_exits(rc::StatusText(error).c_str());
}

/// The process becomes the program, with descriptors as `maps` say, or ends.
[[noreturn]] void become(const ProgramWords& words, std::span<const rc::FdMap> maps,
                         const rc::FdSet& leave_out) {
    const Result<void> ready = rc::apply_fd_maps(own_descriptors(), maps, leave_out);
    if (!ready.ok()) fail(words.file(), error_text(ready.error()));
    // exec() forgets notes. From here on one ends the process; one that came before ends it now.
    (void)::sys_notify(nullptr);  // ignored: taking the handler away cannot fail
    if (note_pending) ::sys_exits(pending_note.data());
    (void)::sys_exec(words.file(), words.argv());  // ignored: it returns only when it failed
    std::array<char, ERRMAX> why{};
    (void)::sys_errstr(why.data(), ERRMAX);  // ignored: an empty text is what there is then
    fail(words.file(), why.data());
}

}  // namespace

UserHost::UserHost() {
    (void)::sys_notify(on_note);  // ignored: fails for addresses that are not the program's only
}

bool UserHost::take_note(rc::StatusText& text) {
    if (!note_pending) return false;
    // First, so that a note that comes while this one is copied is seen the next time.
    note_pending = false;
    text.assign(pending_note.data());
    return true;
}

Result<i64> call_unless_noted(u64 call, const std::array<u64, 4>& arguments) {
    const auto [a0, a1, a2, a3] = arguments;
    const i64 result = rc_unless_noted(&note_pending, call, a0, a1, a2, a3);
    if (result == kNoteCame) return Error::kInterrupted;
    if (result < 0) return last_error();
    return result;
}

u64 UserHost::pid() { return static_cast<u64>(::sys_getpid()); }

Result<u64> UserHost::start(std::string_view file, std::span<const std::string_view> argv,
                            std::span<const rc::FdMap> maps) {
    ProgramWords words;
    TRY(words.set(file, argv));
    const int pid = TRY(fork_shell(0));
    if (pid == 0) become(words, maps, private_);
    return static_cast<u64>(pid);
}

Result<void> UserHost::exec(std::string_view file, std::span<const std::string_view> argv,
                            std::span<const rc::FdMap> maps, rc::StatusText&) {
    ProgramWords words;
    TRY(words.set(file, argv));
    // What cannot be run is the shell's to report. Beyond this there is no way back: the
    // descriptors are the program's.
    const int probe = ::sys_open(words.file(), OEXEC);
    if (probe < 0) return last_error();
    (void)::sys_close(probe);  // ignored: opened to look only
    become(words, maps, private_);
}

Result<u64> UserHost::spawn(rc::Owned<rc::Job>& job, std::span<const rc::FdMap> maps) {
    const int pid = TRY(fork_shell(job->background() ? RFNOTEG : 0));
    if (pid > 0) {
        job.reset();
        return static_cast<u64>(pid);
    }
    const Result<void> ready = rc::apply_fd_maps(own_descriptors(), maps, private_);
    if (!ready.ok()) fail("rc", error_text(ready.error()));
    rc::StatusText status;
    UserHost host;
    job->run(host, status);
    ::sys_exits(status.c_str());
}

Result<rc::WaitRecord> UserHost::wait() {
    std::array<char, WAITTEXT> text;
    const i64 size =
        TRY(call_unless_noted(CALL_await, {reinterpret_cast<u64>(text.data()), WAITTEXT, 0, 0}));
    return parse_wait_record({text.data(), static_cast<usize>(size)});
}

Result<void> UserHost::rfork(rc::RforkFlags flags) {
    int bits = 0;
    const auto add = [&](bool wanted, int bit) { bits |= wanted ? bit : 0; };
    add(flags.name_space, RFNAMEG);
    add(flags.clean_name_space, RFCNAMEG);
    add(flags.environment, RFENVG);
    add(flags.clean_environment, RFCENVG);
    add(flags.note_group, RFNOTEG);
    add(flags.descriptors, RFFDG);
    add(flags.clean_descriptors, RFCFDG);
    add(flags.no_mount, RFNOMNT);
    if (::sys_rfork(bits) < 0) return last_error();
    return {};
}

}  // namespace kernel::shell::user
