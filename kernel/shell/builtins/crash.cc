// crash: a kernel bug on request, so that one can see (and tests can check) what a panic prints.
// Debug builds only.
#include "shell/builtins/builtins.h"

namespace kernel::shell::builtins {
namespace {

/// Writes through a null pointer that the compiler cannot see coming; UBSan would stop before the
/// hardware does.
__attribute__((noinline, no_sanitize("undefined"))) void write_through_null() {
    u32* volatile nowhere = nullptr;
    *const_cast<volatile u32*>(nowhere) = 1;
}

}  // namespace

Result<void> crash(Call& call) {
    TRY(call.flush());
    write_through_null();
    return call.fail("the null pointer was writable");
}

}  // namespace kernel::shell::builtins
