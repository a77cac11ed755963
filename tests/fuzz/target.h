// What a fuzz target defines besides LLVMFuzzerTestOneInput.
#pragma once

#include <string>
#include <vector>

#include "base/std.h"

namespace fuzz {

/// Inputs to begin with, made by code: right ones, so that wrong ones are found near them.
std::vector<std::string> seeds();

/// Ends the run with `what` when `holds` is false, so that the input is kept.
void check(bool holds, const char* what);

inline std::string_view text_of(const kernel::u8* data, kernel::usize size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace fuzz
