// What the kernel's ASSERT and PANIC do in explored code: they fail the execution, not the process.

#include "base/assert.h"
#include "tests/model/program.h"

namespace kernel {
namespace {

[[noreturn]] void stop(SourcePlace place, std::string_view reason) {
    model::fail(std::string(reason) + " (" + place.file + ":" + std::to_string(place.line) +
                " in " + place.function + ")");
}

}  // namespace

void panic(SourcePlace place, std::string_view message) { stop(place, message); }

namespace detail {

void panic_formatted(SourcePlace place, std::string_view format, std::span<const FormatArg>) {
    stop(place, format);
}

void assertion_failed(SourcePlace place, const char* expression) {
    stop(place, std::string("assertion failed: ") + expression);
}

}  // namespace detail
}  // namespace kernel
