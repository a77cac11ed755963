// What ASSERT and PANIC do in a checker that is built without kernel/base: say why, and abort.
#include <cstdio>
#include <cstdlib>

#include "base/assert.h"

namespace kernel {

void panic(SourcePlace place, std::string_view message) {
    std::fprintf(stderr, "%s:%u: %.*s\n", place.file, place.line, static_cast<int>(message.size()),
                 message.data());
    std::abort();
}

void detail::panic_formatted(SourcePlace place, std::string_view format,
                             std::span<const FormatArg>) {
    panic(place, format);
}

void detail::assertion_failed(SourcePlace place, const char* expression) {
    panic(place, expression);
}

}  // namespace kernel
