// Choices: what decides where a program leaves something open: a search through all possibilities,
// a seeded random number generator, or a list to repeat.
#pragma once

#include <string>
#include <vector>

#include "tests/model/memory.h"

namespace model {

class Choices final : public Chooser {
public:
    /// Every possibility, depth first: begin with the first everywhere, then call next() until it
    /// says there are no more.
    static Choices all() { return Choices(Way::kAll); }
    /// At random; begin_walk() before each execution.
    static Choices random() { return Choices(Way::kRandom); }
    /// Those of `list`, as text() gave it; then the first everywhere.
    static Choices repeat(const std::string& list);

    u32 pick(u32 count) override;

    /// Goes on to the next execution; whether there is one.
    bool next();
    void begin_walk(u64 seed);

    bool random_walk() const { return way_ == Way::kRandom; }
    /// What was chosen since the execution began, for repeat().
    std::string text() const;

private:
    enum class Way : u8 { kAll, kRandom, kRepeat };
    struct Choice {
        u32 count;
        u32 chosen;
    };

    explicit Choices(Way way) : way_(way) {}

    Way way_;
    std::vector<Choice> made_;
    usize depth_ = 0;  // of made_, where this execution is
    u64 random_ = 0;
};

}  // namespace model
