// KernelHost: the environment: variables and functions as files of /env, where other processes find
// them.
#include "base/text.h"
#include "shell/directory.h"
#include "shell/kernel_host.h"
#include "shell/output.h"

namespace kernel::shell {
namespace {

/// The longest value that is read from the environment; a longer one is skipped.
constexpr usize kValueMax = 8 * kKiB;
/// More values than any list in the environment has that a shell should start with.
constexpr usize kValuesMax = 64;
constexpr std::string_view kFunctionPrefix = "fn#";

using EnvName = FixedString<64>;

/// "/env/NAME". Errors: kNameTooLong.
Result<EnvName> env_name(std::string_view prefix, std::string_view name) {
    if (name.size() + prefix.size() + 6 > EnvName::kCapacity) return Error::kNameTooLong;
    EnvName path;
    path.format("/env/{}{}", prefix, name);
    return path;
}

/// What file `name` holds, read into `buffer`; an error also if it does not fit.
Result<std::string_view> read_file(std::string_view name, Bytes buffer) {
    const OpenFile file(TRY(syscall::open(name, chan::kORead)));
    usize size = 0;
    for (;;) {  // ends with the file or the buffer
        if (size == buffer.size()) return Error::kTooBig;
        const usize got = TRY(syscall::read(file.fd(), buffer.subspan(size)));
        if (got == 0) return as_text(buffer.first(size));
        size += got;
    }
}

// Not inlined: its list of values is a kilobyte of stack, which the loop around it need not have
// too.
[[gnu::noinline]] Result<void> import_one(rc::Interpreter& shell, std::string_view name,
                                          Bytes buffer) {
    const EnvName path = TRY(env_name({}, name));
    std::string_view text = TRY(read_file(path.view(), buffer));
    if (name.starts_with(kFunctionPrefix)) return shell.define_function(text);
    // Values are ended by NULs; the last may lack its own.
    std::array<std::string_view, kValuesMax> values;
    usize count = 0;
    while (!text.empty()) {
        if (count == kValuesMax) return Error::kTooBig;
        const usize end = std::min(text.find('\0'), text.size());
        values[count++] = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return shell.set_variable(name, {values.data(), count});
}

/// A buffer from the shells' memory.
class Buffer : Pinned {
public:
    Buffer() : data_(shell_memory().allocate(kValueMax)) {}
    ~Buffer() {
        if (data_ != nullptr) shell_memory().release(data_, kValueMax);
    }
    Bytes bytes() const {
        return {static_cast<std::byte*>(data_), data_ == nullptr ? 0 : kValueMax};
    }

private:
    void* data_;
};

}  // namespace

Result<void> import_environment(rc::Interpreter& shell) {
    const Buffer buffer;
    if (buffer.bytes().empty()) return Error::kNoMemory;
    const Result<i32> opened = syscall::open("/env", chan::kORead);
    if (!opened.ok()) return {};  // a process without environment starts with none
    const OpenFile directory(opened.value());
    DirReader reader(directory.fd());
    for (;;) {  // ends with the directory
        const Result<const chan::Stat*> entry = reader.next();
        if (!entry.ok() || entry.value() == nullptr) return {};
        const Result<void> one = import_one(shell, entry.value()->name.view(), buffer.bytes());
        if (!one.ok() && one.error() == Error::kNoMemory) return one;
    }
}

Result<void> KernelHost::export_variable(std::string_view name,
                                         std::span<const std::string_view> values) {
    const EnvName path = TRY(env_name({}, name));
    if (values.empty()) {
        (void)syscall::remove(path.view());  // ignored: it may never have been there
        return {};
    }
    const OpenFile file(TRY(syscall::create(path.view(), chan::kOWrite, 0666)));
    for (std::string_view value : values) {
        TRY(write_all(file.fd(), value));
        TRY(write_all(file.fd(), std::string_view("\0", 1)));
    }
    return {};
}

Result<void> KernelHost::export_function(std::string_view name, std::string_view text) {
    const EnvName path = TRY(env_name(kFunctionPrefix, name));
    if (text.empty()) {
        (void)syscall::remove(path.view());  // ignored: it may never have been there
        return {};
    }
    const OpenFile file(TRY(syscall::create(path.view(), chan::kOWrite, 0666)));
    return write_all(file.fd(), text);
}

}  // namespace kernel::shell
