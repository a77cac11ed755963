// Oracle: Plan 9's own programs, as 9base brings them to the host.
#pragma once

#include "tests/user/personality.h"

namespace user_tests {

/// What 9base's program prints and whether it succeeds, in a fresh directory with the files of
/// `given` (in its root). The status is "" or "failed".
Outcome run_oracle(const Given& given);

}  // namespace user_tests
