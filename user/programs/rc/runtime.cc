// Runtime: what compiled C++ and kernel/base need of a program: an end for bugs.
#include "base/panic.h"

#include "base/assert.h"
#include "user/programs/rc/library.h"

namespace kernel::shell::user {
namespace {

void say(std::string_view text) {
    // ignored: there is no other place to say it
    (void)::sys_pwrite(2, text.data(), static_cast<long>(text.size()), kOwnOffset);
}

}  // namespace

void set_up_panics() {
    // It traps, so that the process stays as Broken for whoever wants to look at it.
    set_panic_hooks(
        {.begin = nullptr, .output = say, .backtrace = nullptr, .report = nullptr, .halt = [] {
             ::abort();
         }});
}

}  // namespace kernel::shell::user

extern "C" [[noreturn]] void __cxa_pure_virtual() { PANIC("a pure virtual function was called"); }

namespace std {

/// What libstdc++ calls for an index beyond a text's end.
[[noreturn]] void __throw_out_of_range_fmt(const char* format, ...) { PANIC("{}", format); }

}  // namespace std
