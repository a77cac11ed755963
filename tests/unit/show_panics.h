// show_panics(): lets death tests outside of a machine see what the kernel says when it stops.
#pragma once

#include <unistd.h>

#include <cstdlib>

#include "base/panic.h"

namespace kernel::testing {

/// Panics go to the test's error stream and end it.
inline void show_panics() {
    set_panic_hooks(
        {.begin = nullptr,
         .output =
             [](std::string_view text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); },
         .backtrace = nullptr,
         .report = nullptr,
         .halt = [] { std::abort(); }});
}

}  // namespace kernel::testing
