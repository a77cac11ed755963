// The scenarios of shared page tables, by name.
#pragma once

#include <span>
#include <string_view>

#include "tests/model/explore.h"

namespace model::sv39 {

struct Scenario {
    std::string_view name;
    u32 preemptions;  // that the default tier explores; the long one, one more
    Report (*explore)(u32 preemptions);
    Report (*walk)(u64 walks);
};

std::span<const Scenario> scenarios();
const Scenario& scenario(std::string_view name);

}  // namespace model::sv39
