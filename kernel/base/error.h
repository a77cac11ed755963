// Error: a code for everything that can be expected to go wrong; its text is part of the user ABI.
#pragma once

#include "base/std.h"

namespace kernel {

/// What went wrong. One value per row of error.def.
enum class Error : u8 {
#define ERROR(name, text) name,
#include "base/error.def"
#undef ERROR
};

/// The user-visible string of `error`, at most kErrorTextMax - 1 bytes, never empty. Any context.
/// Cost: one load.
std::string_view error_text(Error error);

/// Room for an error string with its dynamic detail, NUL included (Plan 9: ERRMAX).
inline constexpr usize kErrorTextMax = 128;

}  // namespace kernel
