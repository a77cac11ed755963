// PosixHost: rc's world made of POSIX calls.
#include "posix_host.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <future>

/// The thread sanitizer takes descriptors for the program's; here each thread has a table of its
/// own, and equal numbers are different descriptors. It asks for this by name.
extern "C" const char* __tsan_default_suppressions() {
    return "race:interceptor_close\nrace:interceptor_open\nrace:interceptor_dup2\n"
           "race:interceptor_pipe2\n";
}

namespace kernel::shell::rc::test {
namespace {

Error error_of(int code) {
    switch (code) {
        case ENOENT:
            return Error::kNotExist;
        case EACCES:
        case EPERM:
            return Error::kPermission;
        case EISDIR:
            return Error::kIsDir;
        case ENOTDIR:
            return Error::kNotDir;
        case EBADF:
            return Error::kBadFd;
        case EMFILE:
            return Error::kNoFd;
        case EINTR:
            return Error::kInterrupted;
        case EPIPE:
            return Error::kClosedPipe;
        case ENOEXEC:
            return Error::kBadExec;
        default:
            return Error::kIo;
    }
}

int flags_of(OpenMode mode) {
    switch (mode) {
        case OpenMode::kRead:
            return O_RDONLY;
        case OpenMode::kWrite:
            return O_WRONLY;
        case OpenMode::kReadWrite:
            return O_RDWR;
    }
    std::abort();
}

constexpr Fd kTemporary = 200;  // from here on: copies while descriptors are moved

/// Moves descriptors of the calling thread as `maps` say, at once.
Result<void> apply_maps(std::span<const FdMap> maps, const std::set<Fd>& private_fds) {
    std::vector<Fd> copies;
    Result<void> outcome;
    for (const FdMap& map : maps) {
        int copy = kNoFd;
        if (map.parent != kNoFd) copy = ::fcntl(map.parent, F_DUPFD_CLOEXEC, kTemporary);
        if (map.parent != kNoFd && copy < 0) outcome = error_of(errno);
        copies.push_back(copy);
    }
    for (Fd fd : private_fds) ::close(fd);
    for (std::size_t i = 0; i < maps.size(); ++i) {
        if (copies[i] == kNoFd) {
            ::close(maps[i].child);
        } else {
            ::dup2(copies[i], maps[i].child);
            ::close(copies[i]);
        }
    }
    return outcome;
}

std::string status_of(int wait_status) {
    if (WIFSIGNALED(wait_status)) return "signal " + std::to_string(WTERMSIG(wait_status));
    const int code = WEXITSTATUS(wait_status);
    return code == 0 ? "" : std::to_string(code);
}

/// A thread with descriptors and a directory of its own.
void become_process() {
    if (::unshare(CLONE_FILES | CLONE_FS) != 0) std::abort();
}

}  // namespace

void World::run(std::function<void()> body) {
    ::signal(SIGPIPE, SIG_IGN);
    const std::lock_guard guard(mutex_);
    threads_.emplace_back(std::move(body));
}

void World::join() {
    for (;;) {
        std::thread thread;
        {
            const std::lock_guard guard(mutex_);
            if (threads_.empty()) return;
            thread = std::move(threads_.front());
            threads_.pop_front();
        }
        thread.join();
    }
}

void Family::born() {
    const std::lock_guard guard(mutex_);
    ++living_;
}

void Family::unborn() {
    const std::lock_guard guard(mutex_);
    --living_;
}

void Family::died(const WaitRecord& record) {
    const std::lock_guard guard(mutex_);
    records_.push_back(record);
    --living_;
    changed_.notify_all();
}

Result<WaitRecord> Family::wait() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (ending_ || !notes_.empty()) return Error::kInterrupted;
        if (!records_.empty()) break;
        if (living_ == 0) return Error::kNoLivingChildren;
        changed_.wait(lock);
    }
    const WaitRecord record = records_.front();
    records_.pop_front();
    return record;
}

void Family::post(const std::string& note) {
    const std::lock_guard guard(mutex_);
    notes_.push_back(note);
    changed_.notify_all();
}

bool Family::take_note(StatusText& text) {
    const std::lock_guard guard(mutex_);
    if (notes_.empty()) return false;
    text.assign(notes_.front());
    notes_.pop_front();
    return true;
}

void Family::end() {
    const std::lock_guard guard(mutex_);
    ending_ = true;
    changed_.notify_all();
}

bool Family::ending() {
    const std::lock_guard guard(mutex_);
    return ending_;
}

PosixHost::PosixHost(World& world)
    : world_(world), pid_(world.next_pid()), family_(std::make_shared<Family>()) {}

PosixHost::~PosixHost() {
    for (Fd fd : private_) ::close(fd);
}

Result<Fd> PosixHost::made(int fd) {
    if (fd < 0) return error_of(errno);
    private_.insert(fd);
    return fd;
}

Result<Fd> PosixHost::open(std::string_view path, OpenMode mode) {
    if (world_.call_fails()) return Error::kIo;
    // /dev/fd is about the descriptors of the first thread; these are this thread's.
    constexpr std::string_view kDescriptors = "/dev/fd/";
    std::string name(path);
    if (name.starts_with(kDescriptors)) {
        name = "/proc/thread-self/fd/" + name.substr(kDescriptors.size());
    }
    return made(::open(name.c_str(), flags_of(mode) | O_CLOEXEC));
}

Result<Fd> PosixHost::create(std::string_view path, OpenMode mode) {
    if (world_.call_fails()) return Error::kIo;
    return made(
        ::open(std::string(path).c_str(), flags_of(mode) | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
}

Result<Fd> PosixHost::append(std::string_view path) {
    if (world_.call_fails()) return Error::kIo;
    return made(::open(std::string(path).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
}

Result<usize> PosixHost::read(Fd fd, Bytes into) {
    const ssize_t count = ::read(fd, into.data(), into.size());
    if (count < 0) return error_of(errno);
    return static_cast<usize>(count);
}

Result<usize> PosixHost::write(Fd fd, ConstBytes from) {
    const ssize_t count = ::write(fd, from.data(), from.size());
    if (count < 0) return error_of(errno);
    return static_cast<usize>(count);
}

void PosixHost::close(Fd fd) {
    if (private_.erase(fd) == 0) {
        std::fprintf(stderr, "rc closed descriptor %d, which it does not own\n", fd);
        std::abort();
    }
    ::close(fd);
}

Result<Fd> PosixHost::dup(Fd fd) { return made(::fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

Result<PipeEnds> PosixHost::pipe() {
    if (world_.call_fails()) return Error::kNoFd;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return error_of(errno);
    private_.insert(ends[0]);
    private_.insert(ends[1]);
    return PipeEnds{ends[0], ends[1]};
}

Result<void> PosixHost::remap(std::span<const FdMap> maps) {
    TRY(apply_maps(maps, {}));
    for (const FdMap& map : maps) private_.erase(map.child);
    return {};
}

std::string_view PosixHost::fd_name(Fd fd, std::span<char> buffer) {
    return format_into(buffer, "/dev/fd/{}", fd);
}

Result<void> PosixHost::list(std::string_view directory, DirectoryVisitor& visitor) {
    DIR* dir = ::opendir(std::string(directory).c_str());
    if (dir == nullptr) return error_of(errno);
    Result<void> outcome;
    while (const dirent* entry = ::readdir(dir)) {
        const std::string path = std::string(directory) + "/" + entry->d_name;
        struct stat info{};
        const bool is_directory = ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
        outcome =
            visitor.entry(entry->d_name, is_directory ? FileKind::kDirectory : FileKind::kFile);
        if (!outcome.ok()) break;
    }
    ::closedir(dir);
    return outcome;
}

Result<FileKind> PosixHost::kind(std::string_view path) {
    struct stat info{};
    if (::stat(std::string(path).c_str(), &info) != 0) return error_of(errno);
    return S_ISDIR(info.st_mode) ? FileKind::kDirectory : FileKind::kFile;
}

bool PosixHost::is_executable(std::string_view path) {
    const Result<FileKind> found = kind(path);
    return found.ok() && found.value() == FileKind::kFile &&
           ::access(std::string(path).c_str(), X_OK) == 0;
}

Result<void> PosixHost::chdir(std::string_view path) {
    if (::chdir(std::string(path).c_str()) != 0) return error_of(errno);
    return {};
}

Result<u64> PosixHost::start(std::string_view file, std::span<const std::string_view> argv,
                             std::span<const FdMap> maps) {
    if (world_.call_fails()) return Error::kNoProcs;
    std::vector<std::string> words(argv.begin(), argv.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::vector<std::string> variables = {"PATH=/bin:/usr/bin", "LC_ALL=C"};
    for (const auto& [name, value] : exported_) variables.push_back(name + "=" + value);
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    std::vector<Fd> copies;
    Result<void> ready;
    for (const FdMap& map : maps) {
        if (map.parent == kNoFd) {
            ::posix_spawn_file_actions_addclose(&actions, map.child);
            continue;
        }
        const int copy = ::fcntl(map.parent, F_DUPFD_CLOEXEC, kTemporary);
        if (copy < 0) {
            ready = error_of(errno);
            continue;
        }
        copies.push_back(copy);
        ::posix_spawn_file_actions_adddup2(&actions, copy, map.child);
    }
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    if (ready.ok()) {
        const int code = ::posix_spawn(&child, std::string(file).c_str(), &actions, &attributes,
                                       pointers.data(), environment.data());
        if (code != 0) ready = error_of(code);
    }
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    for (Fd copy : copies) ::close(copy);
    if (!ready.ok()) return ready.error();

    family_->born();
    world_.run([family = family_, child] {
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        WaitRecord record{static_cast<u64>(child), {}};
        record.status.assign(status_of(status));
        family->died(record);
    });
    return static_cast<u64>(child);
}

Result<void> PosixHost::exec(std::string_view file, std::span<const std::string_view> argv,
                             std::span<const FdMap> maps, StatusText& status) {
    const u64 child = TRY(start(file, argv, maps));
    for (;;) {
        const WaitRecord record = TRY(wait());
        if (record.pid != child) continue;
        status = record.status;
        return {};
    }
}

Result<u64> PosixHost::spawn(Owned<Job>& job, std::span<const FdMap> maps) {
    if (world_.call_fails()) return Error::kNoProcs;
    struct Start {
        Owned<Job> job;
        std::vector<FdMap> maps;
        std::promise<u64> begun;
    };
    auto start = std::make_shared<Start>();
    start->job = std::move(job);
    start->maps.assign(maps.begin(), maps.end());
    std::future<u64> begun = start->begun.get_future();
    family_->born();
    world_.run([this, start, family = family_] {
        become_process();
        World& world = world_;
        WaitRecord record{0, {}};
        {
            PosixHost host(world);
            host.exported_ = exported_;
            host.functions_ = functions_;
            record.pid = host.pid();
            const Result<void> ready = apply_maps(start->maps, private_);
            // From here on the parent goes on, and nothing of it is touched any more.
            start->begun.set_value(host.pid());
            if (ready.ok()) {
                start->job->run(host, record.status);
            } else {
                record.status.assign(error_text(ready.error()));
            }
            start->job.reset();
            if (host.private_descriptors() != 0) {
                std::fprintf(stderr, "a job left %zu descriptors\n", host.private_descriptors());
                std::abort();
            }
        }
        // The process is gone, and its descriptors with it.
        ::close_range(0, ~0u, 0);
        family->died(record);
    });
    return begun.get();
}

Result<void> PosixHost::rfork(RforkFlags flags) {
    rforked.clear();
    if (flags.name_space) rforked += 'n';
    if (flags.clean_name_space) rforked += 'N';
    if (flags.environment) rforked += 'e';
    if (flags.clean_environment) rforked += 'E';
    if (flags.note_group) rforked += 's';
    if (flags.descriptors) rforked += 'f';
    if (flags.clean_descriptors) rforked += 'F';
    if (flags.no_mount) rforked += 'm';
    return {};
}

Result<void> PosixHost::export_variable(std::string_view name,
                                        std::span<const std::string_view> values) {
    if (values.empty()) {
        exported_.erase(std::string(name));
        return {};
    }
    std::string text;
    for (std::string_view value : values) {
        if (!text.empty()) text += '\1';
        text += value;
    }
    exported_[std::string(name)] = text;
    return {};
}

Result<void> PosixHost::export_function(std::string_view name, std::string_view text) {
    if (text.empty()) {
        functions_.erase(std::string(name));
    } else {
        functions_[std::string(name)] = text;
    }
    return {};
}

namespace {

std::string contents(int fd) {
    std::string text;
    char buffer[4096];
    ::lseek(fd, 0, SEEK_SET);
    for (;;) {
        const ssize_t count = ::read(fd, buffer, sizeof buffer);
        if (count <= 0) return text;
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

int temporary_file() {
    char name[] = "/tmp/rc_test.XXXXXX";
    const int fd = ::mkostemp(name, O_CLOEXEC);
    if (fd < 0) std::abort();
    ::unlink(name);
    return fd;
}

Result<void> run_in(PosixHost& host, const std::string& text, const RunOptions& options,
                    Outcome& outcome) {
    const Owned<Interpreter> shell = TRY(Interpreter::create(host));
    const std::string_view path[] = {"/bin", "/usr/bin"};
    TRY(shell->set_variable("path", path));
    std::vector<std::string_view> arguments(options.arguments.begin(), options.arguments.end());
    TRY(shell->set_arguments(options.name, arguments));
    if (options.prepare) options.prepare(host, *shell);
    (void)shell->run_text(text, options.name);
    outcome.status = shell->finish();
    return {};
}

}  // namespace

Outcome run_shell(World& world, const std::string& text, const RunOptions& options) {
    Outcome outcome;
    const int in = temporary_file();
    const int out = temporary_file();
    const int err = temporary_file();
    if (::write(in, options.input.data(), options.input.size()) < 0) std::abort();
    ::lseek(in, 0, SEEK_SET);
    world.run([&] {
        become_process();
        ::dup2(in, 0);
        ::dup2(out, 1);
        ::dup2(err, 2);
        if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) std::abort();
        PosixHost host(world);
        const Result<void> done = run_in(host, text, options, outcome);
        if (!done.ok()) outcome.status = error_text(done.error());
        outcome.descriptors_left = host.private_descriptors();
        ::close_range(0, ~0u, 0);
    });
    world.join();
    outcome.out = contents(out);
    outcome.err = contents(err);
    ::close(in);
    ::close(out);
    ::close(err);
    return outcome;
}

namespace {

Result<void> echo(Call& call) {
    bool first = true;
    for (std::string_view word : call.arguments().subspan(1)) {
        if (!first) call.out().write(" ");
        call.out().write(word);
        first = false;
    }
    call.out().write("\n");
    return {};
}

Result<void> args(Call& call) {
    for (std::string_view word : call.arguments().subspan(1)) {
        format_to(call.out(), "[{}]", word);
    }
    call.out().write("\n");
    return {};
}

Result<void> second_time(Call& call) {
    if (++call.scratch()[0] == 2) {
        format_to(call.out(), "done: {}\n", call.shell().status());
        return {};
    }
    call.run_then(call.arguments().subspan(1), second_time);
    return {};
}

Result<void> twice(Call& call) {
    if (call.arguments().size() == 1) return call.usage();
    call.run_then(call.arguments().subspan(1), second_time);
    return {};
}

Result<void> full(Call&) { return Error::kNoProcs; }

Result<void> interrupt(Call& call) {
    static_cast<PosixHost&>(call.host())
        .family()
        .post(call.arguments().size() > 1 ? std::string(call.arguments()[1]) : "interrupt");
    return {};
}

}  // namespace

std::vector<Builtin> test_builtins() {
    return {
        {"echo", "echo [word ...]", "print words", echo},
        {"args", "args [word ...]", "print words in brackets", args},
        {"twice", "twice command", "run a command two times", twice},
        {"full", "full", "fail", full},
        {"interrupt", "interrupt [note]", "post a note to oneself", interrupt},
    };
}

}  // namespace kernel::shell::rc::test
