// klog: one line of kernel log, to wherever the log goes at this stage of boot.
#pragma once

#include "base/format.h"
#include "base/std.h"

namespace kernel {

/// The longest log line, newline included; what exceeds it is cut.
inline constexpr usize kLogLineMax = 256;

/// Who takes log lines. `line` ends in a newline. Must be callable in any context, interrupts on or
/// off.
using LogWriter = void (*)(std::string_view line);

/// Sets who takes log lines from now on. Context: boot.
void set_log_writer(LogWriter writer);

namespace detail {
void log_erased(std::string_view format, std::span<const FormatArg> args);
}

/// Logs one line; a newline is added. Any context. Cost: formatting and the writer's.
template <class... Args>
void klog(FormatString<std::type_identity_t<Args>...> format, const Args&... args) {
    const std::array<FormatArg, sizeof...(Args)> erased{FormatArg(args)...};
    detail::log_erased(format.text(), erased);
}

}  // namespace kernel
