// Changes to device trees, such that much of what comes out still is one.
#pragma once

#include <cstddef>
#include <random>

#include "tests/unit/boot/tree_builder.h"

namespace boot::test {

/// Changes `blob` in one place: a byte, a word, a header field, or tokens put in, taken out or
/// doubled with the header kept in step.
void mutate(Blob& blob, std::mt19937& random);

}  // namespace boot::test
