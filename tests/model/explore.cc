// explore(), walk(): the loops around executions, and the account of a failure.
#include "tests/model/explore.h"

#include <cstdlib>

namespace model::detail {
namespace {

/// Stacks and histories are kept from program to program.
Execution& execution() {
    static Execution* const only = new Execution;
    return *only;
}

/// Runs the failed execution again and tells its story. `again` says how a person repeats it.
std::string story(const Maker& maker, const Bounds& bounds, const Choices& failed,
                  const std::string& again) {
    const std::string list = failed.text();
    Bounds same = bounds;
    // What a random walk chose from included sleeping threads.
    if (failed.random_walk()) same.sleep_sets = false;
    Choices choices = Choices::repeat(list);
    Trace trace;
    execution().run(maker, same, choices, &trace);
    return execution().failure() + "\n" + trace.text() + "  again: " + again + "\n";
}

}  // namespace

Report explore(const Maker& maker, const Bounds& bounds) {
    if (const char* list = std::getenv("PROCYON_REPLAY"); list != nullptr) {
        return repeat(maker, bounds, list);
    }
    Report report;
    Choices choices = Choices::all();
    do {
        const Ending ending = execution().run(maker, bounds, choices, nullptr);
        report.steps += execution().steps();
        ++(ending == Ending::kRedundant ? report.redundant : report.executions);
        if (ending == Ending::kFailed) {
            report.failure = story(maker, bounds, choices, "PROCYON_REPLAY=" + choices.text());
            return report;
        }
        if (bounds.max_executions != 0 && report.executions >= bounds.max_executions) return report;
    } while (choices.next());
    report.exhausted = true;
    return report;
}

Report walk(const Maker& maker, const Walk& how) {
    Report report;
    u64 seed = how.seed;
    if (const char* text = std::getenv("PROCYON_SEED"); text != nullptr) {
        seed = std::strtoull(text, nullptr, 0);
    }
    Choices choices = Choices::random();
    for (u64 i = 0; i < how.walks; ++i) {
        choices.begin_walk(seed + i);
        const Ending ending = execution().run(maker, how.bounds, choices, nullptr);
        report.steps += execution().steps();
        ++report.executions;
        if (ending == Ending::kFailed) {
            report.failure =
                story(maker, how.bounds, choices, "PROCYON_SEED=" + std::to_string(seed + i));
            return report;
        }
        if (how.steps != 0 && report.steps >= how.steps) break;
    }
    return report;
}

Report repeat(const Maker& maker, const Bounds& bounds, const std::string& choices) {
    Report report;
    Choices repeated = Choices::repeat(choices);
    Trace trace;
    const Ending ending = execution().run(maker, bounds, repeated, &trace);
    report.executions = 1;
    report.steps = execution().steps();
    report.failure = ending == Ending::kFailed ? execution().failure() + "\n" + trace.text()
                                               : "this execution does not fail:\n" + trace.text();
    return report;
}

}  // namespace model::detail
