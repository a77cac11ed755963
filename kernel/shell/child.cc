// KernelHost: processes: jobs and scripts in new kernel-resident processes, and waiting for them.
#include "base/fixed_string.h"
#include "base/text.h"
#include "proc/exec.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "proc/spawn.h"
#include "shell/kernel_host.h"
#include "shell/output.h"
#include "shell/rc/exit_status.h"
#include "shell/rc/job.h"
#include "shell/script.h"
#include "syscall/call.h"
#include "syscall/calls.h"

namespace kernel::shell {
namespace {

/// Whether the file begins with the line that makes it a script of rc, which this shell runs
/// itself; all else is for exec. Errors: of opening it; kBadExec if it is nothing that can be run.
Result<bool> is_rc_script(std::string_view path) {
    constexpr std::string_view kMark = "#!/bin/rc";
    constexpr std::string_view kElf =
        "\x7f"
        "ELF";
    const OpenFile file(TRY(syscall::open(path, chan::kORead)));
    std::array<std::byte, kMark.size()> head;
    const usize got = TRY(syscall::read(file.fd(), head));
    const std::string_view begin = as_text({head.data(), got});
    if (begin == kMark) return true;
    if (!begin.starts_with("#!") && !begin.starts_with(kElf)) return Error::kBadExec;
    return false;
}

}  // namespace

/// What a new shell process is told: its descriptors, and a job, or a script or program with its
/// arguments. Lives in the shells' memory; made by the parent, used up by the child. What exec()
/// leaves to be run in the shell's own process is one, too.
class ChildStart : Pinned {
public:
    /// A script or program, for an Owned of the shells' memory. Errors: of opening it; kBadExec if
    /// it is nothing that can be run; of the functions below.
    static Result<ChildStart*> create(const KernelHost& maker, std::string_view file,
                                      std::span<const std::string_view> argv,
                                      std::span<const rc::FdMap> maps) {
        const bool script = TRY(is_rc_script(file));
        rc::Owned<ChildStart> start(shell_memory(), rc::make<ChildStart>(shell_memory()));
        if (!start) return Error::kNoMemory;
        TRY(start->set_descriptors(maker, maps));
        TRY(script ? start->set_script(file, argv) : start->set_program(file, argv));
        return start.release();
    }

    static constexpr usize kMapsMax = 32;
    static constexpr usize kWordsMax = 4096;
    static constexpr usize kArgumentsMax = 64;

    /// Copies the maps and the maker's private descriptors. Errors: kNoFd for too many maps.
    Result<void> set_descriptors(const KernelHost& maker, std::span<const rc::FdMap> maps) {
        if (maps.size() > kMapsMax) return Error::kNoFd;
        std::copy(maps.begin(), maps.end(), maps_.begin());
        map_count_ = maps.size();
        private_ = maker.private_;
        return {};
    }

    void set_job(rc::Owned<rc::Job> job) { job_ = std::move(job); }
    rc::Owned<rc::Job> take_job() { return std::move(job_); }

    /// Copies a script's name and arguments. Errors: kTooBig.
    Result<void> set_script(std::string_view file, std::span<const std::string_view> argv) {
        TRY(add_word(file));
        for (std::string_view word : argv.subspan(argv.empty() ? 0 : 1)) TRY(add_word(word));
        return {};
    }
    /// The same for a program, which is told also what it was called. Errors: as
    /// proc::Arguments::add().
    Result<void> set_program(std::string_view file, std::span<const std::string_view> argv) {
        is_program_ = true;
        TRY(add_word(file));
        for (std::string_view word : argv) TRY(arguments_of_program_.add(word));
        return {};
    }

    /// The body of the new process.
    static void run(void* argument);
    /// What end_shell() says.
    [[noreturn]] static void end(ChildStart* next, rc::StatusText& status);

private:
    Result<void> add_word(std::string_view word) {
        if (word.size() + 1 > kWordsMax - words_used_) return Error::kTooBig;
        std::copy_n(word.data(), word.size(), words_.data() + words_used_);
        words_[words_used_ + word.size()] = '\0';
        words_used_ += word.size() + 1;
        ++word_count_;
        return {};
    }
    /// What becomes of the process; its error is said on descriptor 2.
    std::optional<proc::PreparedProgram> prepare_program(rc::StatusText& status);
    /// Runs the script that the words name.
    void run_words(KernelHost& host, rc::StatusText& status);

    std::array<rc::FdMap, kMapsMax> maps_;
    usize map_count_ = 0;
    rc::FdSet private_;
    rc::Owned<rc::Job> job_;
    // The script's path and its arguments, each ended by NUL.
    usize words_used_ = 0;
    usize word_count_ = 0;
    std::array<char, kWordsMax> words_;
    std::array<std::string_view, kArgumentsMax> arguments_;
    bool is_program_ = false;
    proc::Arguments arguments_of_program_;
};

void ChildStart::run(void* argument) {
    rc::StatusText status;
    end(static_cast<ChildStart*>(argument), status);
}

namespace {

/// A function of its own, as g++ 12 believes in end() that what is empty is moved, too.
[[noreturn, gnu::noinline]] void become(proc::PreparedProgram& program) {
    proc::PreparedProgram::become(std::move(program));
}

}  // namespace

void ChildStart::end(ChildStart* next, rc::StatusText& status) {
    std::optional<proc::PreparedProgram> program;
    while (next != nullptr) {
        rc::Owned<ChildStart> start(shell_memory(), next);
        KernelHost host;
        const Result<void> ready =
            arrange_descriptors({start->maps_.data(), start->map_count_}, start->private_);
        if (!ready.ok()) {
            status.assign(syscall::error_string(ready.error()).view());
        } else if (start->job_) {
            rc::Owned<rc::Job> job = start->take_job();
            start.reset();
            job->run(host, status);
        } else if (start->is_program_) {
            program = start->prepare_program(status);
        } else {
            start->run_words(host, status);
        }
        next = host.take_next(status);
    }
    // Everything the shell owned is gone; what the process owns goes with it, or stays the
    // program's.
    if (program.has_value() && !proc::is_unwinding()) become(*program);
    proc::exits(status.view());
}

void end_shell(ChildStart* next, rc::StatusText& status) { ChildStart::end(next, status); }

std::optional<proc::PreparedProgram> ChildStart::prepare_program(rc::StatusText& status) {
    const std::string_view file(words_.data());
    Result<proc::PreparedProgram> prepared = syscall::call("Exec", [&](chan::Caller&) {
        return proc::PreparedProgram::prepare(file, std::move(arguments_of_program_));
    });
    // Who was told to end meanwhile must not begin.
    if (prepared.ok() && !proc::is_unwinding()) return std::move(prepared.value());
    if (prepared.ok()) return std::nullopt;
    const syscall::ErrorString why = syscall::error_string(prepared.error());
    status.assign(why.view());
    std::array<char, 2 * kErrorTextMax> line;
    // ignored: who cannot be told on this descriptor finds it in the status
    (void)write_all(2, format_into(line, "{}: {}\n", file, why.view()));
    return std::nullopt;
}

void ChildStart::run_words(KernelHost& host, rc::StatusText& status) {
    if (word_count_ > kArgumentsMax) return status.assign(error_text(Error::kTooBig));
    // The words point into this object, which outlives the shell.
    usize at = 0;
    for (usize i = 0; i < word_count_; ++i) {
        arguments_[i] = std::string_view(words_.data() + at);
        at += arguments_[i].size() + 1;
    }
    run_script(host, arguments_[0], std::span(arguments_).subspan(1, word_count_ - 1), status);
}

namespace {

/// The last element of a path: what a process running it is called.
std::string_view base_name(std::string_view path) {
    const usize slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// A name for a process that runs `command`: its first word, if that is a plain one, else rc.
std::string_view job_name(std::string_view command) {
    const std::string_view word = next_word(command);
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    const bool plain = !word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos;
    return plain ? base_name(word) : "rc";
}

/// Making a process is a call: a note that comes meanwhile is met at its end.
Result<proc::ProcId> make_process(const proc::SpawnOptions& options) {
    return syscall::call("Rfork", [&](chan::Caller&) { return proc::spawn(options); });
}

}  // namespace

Result<u64> KernelHost::start(std::string_view file, std::span<const std::string_view> argv,
                              std::span<const rc::FdMap> maps) {
    rc::Owned<ChildStart> start(memory(), TRY(ChildStart::create(*this, file, argv, maps)));
    std::array<char, 128> args;
    BufferSink sink(args);
    for (const std::string_view word : argv) {
        sink.write(word);
        sink.write({"", 1});  // its NUL
    }
    const proc::ProcId child = TRY(make_process({.name = base_name(file),
                                                 .args = sink.text(),
                                                 .body = ChildStart::run,
                                                 .argument = start.get()}));
    (void)start.release();  // ignored: the child has it
    return child.pid;
}

Result<void> KernelHost::exec(std::string_view file, std::span<const std::string_view> argv,
                              std::span<const rc::FdMap> maps, rc::StatusText&) {
    next_ = TRY(ChildStart::create(*this, file, argv, maps));
    return {};
}

ChildStart* KernelHost::take_next(rc::StatusText& status) {
    rc::Owned<ChildStart> next(memory(), std::exchange(next_, nullptr));
    // A note that the shell has not looked at ends what has no handler yet.
    if (next && take_note(status)) return nullptr;
    return next.release();
}

Result<u64> KernelHost::spawn(rc::Owned<rc::Job>& job, std::span<const rc::FdMap> maps) {
    rc::Owned<ChildStart> start(memory(), rc::make<ChildStart>(memory()));
    if (!start) return Error::kNoMemory;
    TRY(start->set_descriptors(*this, maps));
    std::array<char, 128> text;
    const std::string_view command = job->describe(text);
    const proc::GroupOf group = job->background() ? proc::GroupOf::kSelf : proc::GroupOf::kMaker;
    start->set_job(std::move(job));
    const Result<proc::ProcId> child = make_process({.name = job_name(command),
                                                     .args = command,
                                                     .body = ChildStart::run,
                                                     .argument = start.get(),
                                                     .group = group});
    if (!child.ok()) {
        job = start->take_job();
        return child.error();
    }
    (void)start.release();  // ignored: the child has it
    return child.value().pid;
}

Result<rc::WaitRecord> KernelHost::wait() {
    const proc::WaitRecord ended = TRY(syscall::wait());
    rc::WaitRecord record{.pid = ended.id.pid, .status = {}};
    record.status.assign(rc::bare_status(ended.message.view(), ended.id.pid));
    return record;
}

Result<void> KernelHost::rfork(rc::RforkFlags flags) {
    u32 bits = 0;
    const auto add = [&](bool wanted, u32 bit) { bits |= wanted ? bit : 0; };
    add(flags.name_space, syscall::kRfNameg);
    add(flags.clean_name_space, syscall::kRfCnameg);
    add(flags.environment, syscall::kRfEnvg);
    add(flags.clean_environment, syscall::kRfCenvg);
    add(flags.note_group, syscall::kRfNoteg);
    add(flags.descriptors, syscall::kRfFdg);
    add(flags.clean_descriptors, syscall::kRfCfdg);
    add(flags.no_mount, syscall::kRfNomnt);
    return syscall::rfork(bits);
}

}  // namespace kernel::shell
