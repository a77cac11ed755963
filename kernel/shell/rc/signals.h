// Signals: the notes that a script may handle, by functions of fixed names.
#pragma once

#include "base/std.h"

namespace kernel::shell::rc {

/// The name of the function that handles `note`; empty if rc knows no such note, and so ends by it.
std::string_view signal_function(std::string_view note);

}  // namespace kernel::shell::rc
