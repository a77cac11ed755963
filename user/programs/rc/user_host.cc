// UserHost: descriptors, files and the environment.
#include "user/programs/rc/user_host.h"

#include "shell/rc/import.h"
#include "shell/rc/word.h"
#include "user/programs/rc/library.h"
#include "user/programs/rc/records.h"

namespace kernel::shell::user {
namespace {

class ProgramMemory final : public rc::Memory {
public:
    void* allocate(usize bytes) override { return ::malloc(bytes); }
    void release(void* at, usize) override { ::free(at); }
};
constinit ProgramMemory program_memory;

class OwnDescriptors final : public rc::DescriptorCalls {
public:
    Result<rc::Fd> dup(rc::Fd from, rc::Fd to) override { return outcome(::sys_dup(from, to)); }
    Result<void> close(rc::Fd fd) override {
        (void)TRY(outcome(::sys_close(fd)));  // ignored: it is 0
        return {};
    }

private:
    static Result<rc::Fd> outcome(int result) {
        if (result < 0) return last_error();
        return result;
    }
};
constinit OwnDescriptors descriptors;

// What the call that failed last said.
constinit std::array<char, ERRMAX> last_text{};

constexpr u32 kReadWriteAll = 0666;

int mode_of(rc::OpenMode mode) {
    switch (mode) {
        case rc::OpenMode::kRead:
            return OREAD;
        case rc::OpenMode::kWrite:
            return OWRITE;
        case rc::OpenMode::kReadWrite:
            return ORDWR;
    }
    return OREAD;
}

/// The record of file `path`, in `buffer`.
Result<FileRecord> record_of(std::string_view path, Bytes buffer) {
    const CallText name(path);
    const int size = ::sys_stat(TRY(name.get()), reinterpret_cast<unsigned char*>(buffer.data()),
                                static_cast<int>(buffer.size()));
    if (size < 0) return last_error();
    return parse_file_record(buffer.first(static_cast<usize>(size)));
}
constexpr usize kRecordRoom = STATFIXED + 512;  // longer than any record of our kernel

/// Puts `texts` into the file of /env for `name`, each with `end` behind it; no texts: no file.
Result<void> put_in_environment(std::string_view prefix, std::string_view name,
                                std::span<const std::string_view> texts, std::string_view end) {
    rc::TextBuffer path(memory());
    format_to(path, "/env/{}{}", prefix, name);
    const CallText file(TRY(path.text()));
    if (texts.empty()) {
        (void)::sys_remove(TRY(file.get()));  // ignored: it may never have been there
        return {};
    }
    rc::TextBuffer value(memory());
    for (const std::string_view text : texts) {
        value.write(text);
        value.write(end);
    }
    const std::string_view all = TRY(value.text());
    const int fd = ::sys_create(TRY(file.get()), OWRITE, kReadWriteAll);
    if (fd < 0) return last_error();
    Result<void> outcome;
    for (usize at = 0; at < all.size();) {
        const long written =
            ::sys_pwrite(fd, all.data() + at, static_cast<long>(all.size() - at), kOwnOffset);
        if (written <= 0) {
            outcome = last_error();
            break;
        }
        at += static_cast<usize>(written);
    }
    (void)::sys_close(fd);  // ignored: what a close could lose was said by a write
    return outcome;
}

}  // namespace

rc::Memory& memory() { return program_memory; }
rc::DescriptorCalls& own_descriptors() { return descriptors; }

Error last_error() {
    last_text = {};
    (void)::sys_errstr(last_text.data(), ERRMAX);  // ignored: an empty text is an unknown error
    return error_named(last_text.data());
}

std::string_view UserHost::error_detail(Error error) {
    std::string_view text(last_text.data());
    if (!text.starts_with(error_text(error))) return {};
    text.remove_prefix(error_text(error).size());
    return text;
}

CallText::CallText(std::string_view text)
    : room_(text.size() + 1), text_(static_cast<char*>(memory().allocate(room_))) {
    if (text_ == nullptr) return;
    std::copy_n(text.data(), text.size(), text_);
    text_[text.size()] = '\0';
}

CallText::~CallText() {
    if (text_ != nullptr) memory().release(text_, room_);
}

Result<const char*> CallText::get() const {
    if (text_ == nullptr) return Error::kNoMemory;
    return static_cast<const char*>(text_);
}

Result<rc::Fd> UserHost::made(int fd) {
    if (fd < 0) return last_error();
    const Result<void> added = private_.add(fd);
    if (added.ok()) return fd;
    close(fd);
    return added.error();
}

Result<void> UserHost::keep_private(rc::Fd fd) {
    (void)TRY(made(fd));  // ignored: it is `fd`
    return {};
}

Result<rc::Fd> UserHost::open(std::string_view path, rc::OpenMode mode) {
    const CallText name(path);
    return made(::sys_open(TRY(name.get()), mode_of(mode)));
}

Result<rc::Fd> UserHost::create(std::string_view path, rc::OpenMode mode) {
    const CallText name(path);
    return made(::sys_create(TRY(name.get()), mode_of(mode), kReadWriteAll));
}

Result<rc::Fd> UserHost::append(std::string_view path) {
    const Result<rc::Fd> fd = open(path, rc::OpenMode::kWrite);
    if (!fd.ok()) return create(path, rc::OpenMode::kWrite);
    if (::sys_seek(fd.value(), 0, SEEKEND) >= 0) return fd.value();
    const Error error = last_error();
    close(fd.value());
    return error;
}

Result<usize> UserHost::read(rc::Fd fd, Bytes into) {
    const i64 got =
        TRY(call_unless_noted(CALL_pread, {static_cast<u64>(fd), reinterpret_cast<u64>(into.data()),
                                           into.size(), static_cast<u64>(kOwnOffset)}));
    return static_cast<usize>(got);
}

Result<usize> UserHost::write(rc::Fd fd, ConstBytes from) {
    const long put = ::sys_pwrite(fd, from.data(), static_cast<long>(from.size()), kOwnOffset);
    if (put < 0) return last_error();
    return static_cast<usize>(put);
}

void UserHost::close(rc::Fd fd) {
    (void)::sys_close(fd);  // ignored: closed is what is wanted
    private_.remove(fd);
}

Result<rc::Fd> UserHost::dup(rc::Fd fd) { return made(::sys_dup(fd, rc::kNoFd)); }

Result<rc::PipeEnds> UserHost::pipe() {
    int ends[2];
    if (::sys_pipe(ends) < 0) return last_error();
    const Result<rc::Fd> read = made(ends[0]);
    const Result<rc::Fd> write = made(ends[1]);
    if (read.ok() && write.ok()) return rc::PipeEnds{.read = ends[0], .write = ends[1]};
    if (read.ok()) close(ends[0]);
    if (write.ok()) close(ends[1]);
    return Error::kNoFd;
}

Result<void> UserHost::remap(std::span<const rc::FdMap> maps) {
    TRY(rc::apply_fd_maps(descriptors, maps, {}));
    for (const rc::FdMap& map : maps) private_.remove(map.child);
    return {};
}

std::string_view UserHost::fd_name(rc::Fd fd, std::span<char> buffer) {
    return format_into(buffer, "/fd/{}", fd);
}

std::string_view UserHost::path_of(rc::Fd fd, std::span<char> buffer) {
    const int done = ::sys_fd2path(fd, buffer.data(), static_cast<int>(buffer.size()));
    return done < 0 ? std::string_view() : std::string_view(buffer.data());
}

Result<void> UserHost::list(std::string_view directory, rc::DirectoryVisitor& visitor) {
    const rc::Fd fd = TRY(open(directory, rc::OpenMode::kRead));
    Result<void> outcome;
    std::array<std::byte, 4096> records;
    for (;;) {  // ends with the directory
        const Result<usize> got = read(fd, records);
        if (!got.ok()) outcome = got.error();
        if (!got.ok() || got.value() == 0) break;
        ConstBytes rest = ConstBytes(records).first(got.value());
        while (outcome.ok() && !rest.empty()) {
            const Result<FileRecord> file = parse_file_record(rest);
            if (!file.ok()) {
                outcome = file.error();
                break;
            }
            const bool is_directory = (file.value().mode & DMDIR) != 0;
            outcome = visitor.entry(file.value().name,
                                    is_directory ? rc::FileKind::kDirectory : rc::FileKind::kFile);
            rest = rest.subspan(file.value().size);
        }
        if (!outcome.ok()) break;
    }
    close(fd);
    return outcome;
}

Result<rc::FileKind> UserHost::kind(std::string_view path) {
    std::array<std::byte, kRecordRoom> buffer;
    const FileRecord file = TRY(record_of(path, buffer));
    return (file.mode & DMDIR) != 0 ? rc::FileKind::kDirectory : rc::FileKind::kFile;
}

bool UserHost::is_executable(std::string_view path) {
    constexpr u32 kAnybody = 0111;
    std::array<std::byte, kRecordRoom> buffer;
    const Result<FileRecord> file = record_of(path, buffer);
    return file.ok() && (file.value().mode & DMDIR) == 0 && (file.value().mode & kAnybody) != 0;
}

Result<void> UserHost::chdir(std::string_view path) {
    const CallText name(path);
    if (::sys_chdir(TRY(name.get())) < 0) return last_error();
    return {};
}

Result<void> UserHost::export_variable(std::string_view name,
                                       std::span<const std::string_view> values) {
    return put_in_environment({}, name, values, std::string_view("\0", 1));
}

Result<void> UserHost::export_function(std::string_view name, std::string_view text) {
    const std::string_view texts[] = {text};
    return put_in_environment(rc::kFunctionPrefix, name,
                              text.empty() ? std::span<const std::string_view>() : texts, {});
}

}  // namespace kernel::shell::user
