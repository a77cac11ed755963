// explore(), walk(): runs a program in every way, or in many ways at random, and says what was
// seen.
#pragma once

#include <optional>
#include <string>

#include "tests/model/atomic.h"
#include "tests/model/execution.h"
#include "tests/model/var.h"

namespace model {

struct Report {
    u64 executions = 0;      // that came to their end
    u64 redundant = 0;       // that were given up because what followed had been explored
    u64 steps = 0;           // operations done in all
    bool exhausted = false;  // whether nothing was left out, given the bounds
    /// What failed, the interleaving that led to it, and how to see it again; empty if nothing did.
    std::string failure;

    bool ok() const { return failure.empty(); }
};

/// How far to walk at random.
struct Walk {
    u64 walks = 1000;
    u64 seed = 1;
    /// No more walks are begun after so many steps in all; 0: no limit.
    u64 steps = 0;
    Bounds bounds = {};
};

namespace detail {

/// A program that can be made again and again.
struct Maker {
    Program& (*make)(void* maker);
    void* argument;
};
Report explore(const Maker& maker, const Bounds& bounds);
Report walk(const Maker& maker, const Walk& walk);
Report repeat(const Maker& maker, const Bounds& bounds, const std::string& choices);

template <class P, class Run, class... Args>
Report with_program(Run run, const Args&... args) {
    std::optional<P> program;
    auto make_program = [&]() -> Program& { return program.emplace(args...); };
    using Make = decltype(make_program);
    const Maker maker{[](void* make) -> Program& { return (*static_cast<Make*>(make))(); },
                      &make_program};
    return run(maker);
}

}  // namespace detail

/// Explores every execution of the program P, made from `args` each time; stops at the first that
/// fails. PROCYON_REPLAY=list repeats the one execution that a failure printed.
template <class P, class... Args>
Report explore(const Bounds& bounds, const Args&... args) {
    return detail::with_program<P>(
        [&](const detail::Maker& maker) { return detail::explore(maker, bounds); }, args...);
}

/// Explores executions at random; each has a seed, which a failure prints. PROCYON_SEED=N begins
/// with that seed.
template <class P, class... Args>
Report walk(const Walk& how, const Args&... args) {
    return detail::with_program<P>(
        [&](const detail::Maker& maker) { return detail::walk(maker, how); }, args...);
}

/// The one execution that `choices` name.
template <class P, class... Args>
Report repeat(const Bounds& bounds, const std::string& choices, const Args&... args) {
    return detail::with_program<P>(
        [&](const detail::Maker& maker) { return detail::repeat(maker, bounds, choices); },
        args...);
}

}  // namespace model
