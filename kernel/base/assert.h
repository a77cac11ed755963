// ASSERT, DEBUG_ASSERT and PANIC: how the kernel stops when it is wrong.
#pragma once

#include "base/format.h"
#include "base/std.h"

namespace kernel {

/// Whether DEBUG_ASSERT and the costlier self-checks are compiled in. Both arms of `if constexpr
/// (kDebug)` always compile.
#if defined(PROCYON_DEBUG)
inline constexpr bool kDebug = true;
#else
inline constexpr bool kDebug = false;
#endif

/// A place in the source.
struct SourcePlace {
    const char* file;
    u32 line;
    const char* function;
};

/// Prints `message`, the place, and whatever the panic hooks report, then stops the machine with
/// status 2. Any context.
[[noreturn]] void panic(SourcePlace place, std::string_view message);

namespace detail {

[[noreturn]] void panic_formatted(SourcePlace place, std::string_view format,
                                  std::span<const FormatArg> args);
[[noreturn]] void assertion_failed(SourcePlace place, const char* expression);

template <class... Args>
[[noreturn]] void panic_with(SourcePlace place, FormatString<std::type_identity_t<Args>...> format,
                             const Args&... args) {
    const std::array<FormatArg, sizeof...(Args)> erased{FormatArg(args)...};
    panic_formatted(place, format.text(), erased);
}

}  // namespace detail
}  // namespace kernel

#define KERNEL_SOURCE_PLACE() (::kernel::SourcePlace{__FILE__, __LINE__, __func__})

/// Stops with a formatted message: for what hardware, firmware or a broken invariant makes
/// impossible to go on from.
#define PANIC(...) ::kernel::detail::panic_with(KERNEL_SOURCE_PLACE(), __VA_ARGS__)

/// Stops unless `expression` holds; always compiled in. A failure is a bug in the kernel.
#define ASSERT(expression)                                                          \
    do {                                                                            \
        if (!(expression)) [[unlikely]] {                                           \
            ::kernel::detail::assertion_failed(KERNEL_SOURCE_PLACE(), #expression); \
        }                                                                           \
    } while (false)

/// As ASSERT, in debug builds only: for hot paths.
#define DEBUG_ASSERT(expression)                                                    \
    do {                                                                            \
        if (::kernel::kDebug && !(expression)) [[unlikely]] {                       \
            ::kernel::detail::assertion_failed(KERNEL_SOURCE_PLACE(), #expression); \
        }                                                                           \
    } while (false)
