// KernelHost: files and descriptors; what rc asks for, as the current process's calls.
#include "shell/kernel_host.h"

#include "chan/caller.h"
#include "mm/heap.h"
#include "shell/builtin_table.h"
#include "shell/directory.h"
#include "shell/output.h"
#include "shell/rc/signals.h"
#include "syscall/calls.h"

namespace kernel::shell {
namespace {

class KernelMemory final : public rc::Memory {
public:
    void* allocate(usize bytes) override {
        Result<Bytes> memory = mm::allocate(bytes);
        return memory.ok() ? memory.value().data() : nullptr;
    }
    void release(void* at, usize bytes) override { mm::deallocate(at, bytes); }
};

constinit KernelMemory kernel_memory;

class CurrentDescriptors final : public rc::DescriptorCalls {
public:
    Result<rc::Fd> dup(rc::Fd from, rc::Fd to) override { return syscall::dup(from, to); }
    Result<void> close(rc::Fd fd) override { return syscall::close(fd); }
};

chan::OpenMode chan_mode(rc::OpenMode mode) {
    switch (mode) {
        case rc::OpenMode::kRead:
            return chan::kORead;
        case rc::OpenMode::kWrite:
            return chan::kOWrite;
        case rc::OpenMode::kReadWrite:
            return chan::kORdWr;
    }
    return chan::kORead;
}

}  // namespace

rc::Memory& shell_memory() { return kernel_memory; }

void close_quietly(i32 fd) {
    FixedString<kErrorTextMax>& detail = chan::Caller::error_detail();
    const FixedString<kErrorTextMax> kept = detail;
    (void)syscall::close(fd);  // ignored: what a close could lose was said by a write
    detail = kept;
}

Result<void> arrange_descriptors(std::span<const rc::FdMap> maps, const rc::FdSet& leave_out) {
    CurrentDescriptors calls;
    return rc::apply_fd_maps(calls, maps, leave_out);
}

proc::NoteAnswer KernelHost::on_note(void* host, const proc::Note& note) {
    if (rc::signal_function(note.text.view()).empty()) return proc::NoteAnswer::kDefault;
    auto& self = *static_cast<KernelHost*>(host);
    // A note that the shell has not looked at yet is replaced: one interrupt is as good as two, and
    // the later one of different notes is the more pressing.
    self.note_.assign(note.text.view());
    self.note_pending_ = true;
    return proc::NoteAnswer::kRemembered;
}

KernelHost::KernelHost() { proc::set_note_handler(on_note, this, proc::OnEnd::kUnwinds); }
KernelHost::~KernelHost() { proc::set_note_handler(nullptr, nullptr); }

bool KernelHost::take_note(rc::StatusText& text) {
    if (!note_pending_) return false;
    note_pending_ = false;
    proc::see_notes();
    text.assign(note_.view());
    return true;
}

bool KernelHost::ending() {
    // A program that makes no calls is told here what others want of it.
    proc::end_of_call();
    return proc::is_unwinding();
}

Result<rc::Fd> KernelHost::make_private(Result<rc::Fd> fd) {
    if (!fd.ok()) return fd;
    const Result<void> added = private_.add(fd.value());
    if (added.ok()) return fd;
    close(fd.value());
    return added.error();
}

Result<void> KernelHost::keep_private(rc::Fd fd) {
    (void)TRY(make_private(fd));  // ignored: it is `fd`
    return {};
}

Result<rc::Fd> KernelHost::open(std::string_view path, rc::OpenMode mode) {
    return make_private(syscall::open(path, chan_mode(mode)));
}

Result<rc::Fd> KernelHost::create(std::string_view path, rc::OpenMode mode) {
    constexpr u32 kReadWriteAll = 0666;
    return make_private(syscall::create(path, chan_mode(mode), kReadWriteAll));
}

Result<rc::Fd> KernelHost::append(std::string_view path) {
    Result<rc::Fd> fd = open(path, rc::OpenMode::kWrite);
    if (!fd.ok()) return create(path, rc::OpenMode::kWrite);
    const Result<u64> end = syscall::seek(fd.value(), 0, chan::Whence::kEnd);
    if (end.ok()) return fd;
    close(fd.value());
    return end.error();
}

Result<usize> KernelHost::read(rc::Fd fd, Bytes into) { return syscall::read(fd, into); }
Result<usize> KernelHost::write(rc::Fd fd, ConstBytes from) { return syscall::write(fd, from); }

void KernelHost::close(rc::Fd fd) {
    // They are for what comes next, which leaves out those that are the shell's only.
    if (next_) return;
    close_quietly(fd);
    private_.remove(fd);
}

Result<rc::Fd> KernelHost::dup(rc::Fd fd) { return make_private(syscall::dup(fd, rc::kNoFd)); }

Result<rc::PipeEnds> KernelHost::pipe() {
    const std::array<i32, 2> ends = TRY(syscall::pipe());
    const Result<rc::Fd> read = make_private(ends[0]);
    const Result<rc::Fd> write = make_private(ends[1]);
    if (read.ok() && write.ok()) return rc::PipeEnds{.read = ends[0], .write = ends[1]};
    if (read.ok()) close(ends[0]);
    if (write.ok()) close(ends[1]);
    return Error::kNoFd;
}

Result<void> KernelHost::remap(std::span<const rc::FdMap> maps) {
    TRY(arrange_descriptors(maps, {}));
    for (const rc::FdMap& map : maps) private_.remove(map.child);
    return {};
}

std::string_view KernelHost::fd_name(rc::Fd fd, std::span<char> buffer) {
    return format_into(buffer, "/fd/{}", fd);
}

Result<void> KernelHost::list(std::string_view directory, rc::DirectoryVisitor& visitor) {
    const OpenFile opened(TRY(syscall::open(directory, chan::kORead)));
    DirReader reader(opened.fd());
    for (;;) {  // ends with the directory
        const chan::Stat* entry = TRY(reader.next());
        if (entry == nullptr) return {};
        TRY(visitor.entry(entry->name.view(),
                          entry->is_dir() ? rc::FileKind::kDirectory : rc::FileKind::kFile));
    }
}

Result<rc::FileKind> KernelHost::kind(std::string_view path) {
    chan::Stat stat;
    TRY(syscall::stat(path, stat));
    return stat.is_dir() ? rc::FileKind::kDirectory : rc::FileKind::kFile;
}

bool KernelHost::is_executable(std::string_view path) {
    const Result<rc::FileKind> found = kind(path);
    return found.ok() && found.value() == rc::FileKind::kFile;
}

Result<void> KernelHost::chdir(std::string_view path) { return syscall::chdir(path); }
std::string_view KernelHost::error_detail(Error) { return chan::Caller::error_detail().view(); }
u64 KernelHost::pid() { return syscall::getpid(); }
std::span<const rc::Builtin> KernelHost::builtins() { return builtin_table(); }

}  // namespace kernel::shell
