// KernelHost: the environment: variables and functions as files of /env, where other processes find
// them.
#include "base/fixed_string.h"
#include "shell/kernel_host.h"
#include "shell/output.h"
#include "shell/rc/import.h"

namespace kernel::shell {
namespace {

using EnvName = FixedString<64>;

/// "/env/NAME". Errors: kNameTooLong.
Result<EnvName> env_name(std::string_view prefix, std::string_view name) {
    if (name.size() + prefix.size() + 6 > EnvName::kCapacity) return Error::kNameTooLong;
    EnvName path;
    path.format("/env/{}{}", prefix, name);
    return path;
}

}  // namespace

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
    const EnvName path = TRY(env_name(rc::kFunctionPrefix, name));
    if (text.empty()) {
        (void)syscall::remove(path.view());  // ignored: it may never have been there
        return {};
    }
    const OpenFile file(TRY(syscall::create(path.view(), chan::kOWrite, 0666)));
    return write_all(file.fd(), text);
}

}  // namespace kernel::shell
