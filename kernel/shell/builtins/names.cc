// Builtins about the name space: bind, unmount, ns.
#include "shell/builtins/builtins.h"
#include "shell/output.h"

namespace kernel::shell::builtins {

Result<void> bind(Call& call) {
    const auto args = call.arguments();
    u32 flags = 0;
    usize first = 1;
    for (; first < args.size() && args[first].size() > 1 && args[first][0] == '-'; ++first) {
        for (char flag : args[first].substr(1)) {
            if (flag == 'a') {
                flags |= chan::kMAfter;
            } else if (flag == 'b') {
                flags |= chan::kMBefore;
            } else if (flag == 'c') {
                flags |= chan::kMCreate;
            } else {
                return call.usage();
            }
        }
    }
    const bool both = (flags & chan::kMAfter) != 0 && (flags & chan::kMBefore) != 0;
    if (args.size() - first != 2 || both) return call.usage();
    const Result<u64> bound = syscall::bind(args[first], args[first + 1], flags);
    return bound.ok() ? Result<void>() : fail_with(call, bound.error());
}

Result<void> unmount(Call& call) {
    const auto args = call.arguments();
    if (args.size() != 2 && args.size() != 3) return call.usage();
    const std::string_view from = args.size() == 3 ? args[1] : std::string_view{};
    const Result<void> unmounted = syscall::unmount(from, args.back());
    return unmounted.ok() ? unmounted : fail_with(call, unmounted.error());
}

Result<void> ns(Call& call) {
    const auto args = call.arguments();
    if (args.size() > 2) return call.usage();
    std::array<char, 40> name;
    const std::string_view path = args.size() == 2
                                      ? format_into(name, "/proc/{}/ns", args[1])
                                      : format_into(name, "/proc/{}/ns", syscall::getpid());
    const Result<i32> opened = syscall::open(path, chan::kORead);
    if (!opened.ok()) return fail_with(call, opened.error());
    const OpenFile file(opened.value());
    std::array<std::byte, 512> record;
    for (;;) {  // ends with the file: one record per read
        const Result<usize> got = syscall::read(file.fd(), record);
        if (!got.ok()) return fail_with(call, got.error());
        if (got.value() == 0) return {};
        call.out().write(as_text({record.data(), got.value()}));
    }
}

}  // namespace kernel::shell::builtins
