// The scenarios of shared page tables, by name.
#pragma once

#include <span>

#include "tests/model/explore.h"

namespace model::sv39 {

struct Scenario {
    const char* name;
    u32 preemptions;  // that the default tier explores; the long one, one more
    Report (*explore)(u32 preemptions);
    Report (*walk)(u64 walks);
};

std::span<const Scenario> scenarios();

}  // namespace model::sv39
