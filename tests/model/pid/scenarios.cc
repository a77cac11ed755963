// All scenarios of the Pid hash, in the order in which they are told.
#include "tests/model/pid/scenarios.h"

#include <cstdlib>

namespace model::pid {

const std::vector<Scenario>& scenarios() {
    static const std::vector<Scenario> all = [] {
        std::vector<Scenario> list;
        for (const auto part :
             {references_scenarios(), interrupts_scenarios(), claims_scenarios(),
              allocation_scenarios(), full_scenarios(), windows_scenarios(), laps_scenarios()}) {
            list.insert(list.end(), part.begin(), part.end());
        }
        return list;
    }();
    return all;
}

const Scenario& scenario(std::string_view name) {
    for (const Scenario& candidate : scenarios()) {
        if (candidate.name == name) return candidate;
    }
    std::abort();
}

}  // namespace model::pid
