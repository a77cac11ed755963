// The identity of this build: version and commit date, so that the same source gives the same
// image.
#pragma once

#include "base/std.h"

namespace kernel {

/// "0.1.0": from the project() line of CMakeLists.txt.
std::string_view version();

/// The date of the commit built, seconds since 1970 UTC; also the time of day at boot on a machine
/// without a clock.
u64 build_time();

}  // namespace kernel
