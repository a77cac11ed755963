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

Report explore(const Maker& maker, const Bounds& bounds);
Report walk(const Maker& maker, const Walk& walk);
Report repeat(const Maker& maker, const Bounds& bounds, const std::string& choices);

/// Where a program is made again and again, from the same arguments.
template <class P, class Make>
struct Place {
    Make make;
    alignas(P) std::byte bytes[sizeof(P)];
};

template <class P, class Run, class... Args>
Report with_program(Run run, const Args&... args) {
    auto make = [&](std::byte* at) -> Program& { return *::new (at) P(args...); };
    using Here = Place<P, decltype(make)>;
    Here here{.make = make, .bytes = {}};
    const auto begin = [](void* argument) -> Program& {
        Here& place = *static_cast<Here*>(argument);
        return place.make(place.bytes);
    };
    const auto end = [](void* argument) {
        std::launder(reinterpret_cast<P*>(static_cast<Here*>(argument)->bytes))->~P();
    };
    return run(Maker{begin, end, &here});
}

}  // namespace detail

/// Explores every execution of the program P, made from `args` each time; stops at the first that
/// fails. PROCYON_REPLAY=list repeats the one execution that a failure printed.
template <class P, class... Args>
Report explore(const Bounds& bounds, const Args&... args) {
    return detail::with_program<P>(
        [&](const Maker& maker) { return detail::explore(maker, bounds); }, args...);
}

/// Explores executions at random; each has a seed, which a failure prints. PROCYON_SEED=N begins
/// with that seed.
template <class P, class... Args>
Report walk(const Walk& how, const Args&... args) {
    return detail::with_program<P>([&](const Maker& maker) { return detail::walk(maker, how); },
                                   args...);
}

/// The one execution that `choices` name.
template <class P, class... Args>
Report repeat(const Bounds& bounds, const std::string& choices, const Args&... args) {
    return detail::with_program<P>(
        [&](const Maker& maker) { return detail::repeat(maker, bounds, choices); }, args...);
}

}  // namespace model
