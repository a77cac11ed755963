// Entropy: what the machine can offer to seed the random generator.
#pragma once

#include "base/std.h"

namespace kernel::machine {

/// A raw sample of whatever jitters here (cycle counter, host entropy); a few bits at best. Any
/// context.
u64 jitter();

}  // namespace kernel::machine
