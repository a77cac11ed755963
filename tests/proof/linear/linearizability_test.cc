// LinearizabilityChecker: histories of which one can see whether they are linearizable.
#include "tests/proof/linear/linearizability.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/proof/linear/cell_model.h"

namespace linear {
namespace {

/// A register: writes, and reads with what they saw.
struct Register {
    using State = u32;
    struct Operation {
        bool is_write;
        u32 value;
    };
    static std::optional<State> step(const State& value, const Operation& operation) {
        if (operation.is_write) return operation.value;
        return operation.value == value ? std::optional(value) : std::nullopt;
    }
};

using Calls = LinearizabilityChecker<Register>::History;

constexpr Register::Operation write(u32 value) { return {true, value}; }
constexpr Register::Operation read(u32 value) { return {false, value}; }

bool linearizable(const Calls& calls) { return !LinearizabilityChecker<Register>(0).check(calls); }

/// By definition: is there an order of all calls that keeps to time and explains the answers?
bool linearizable_by_definition(const Calls& calls) {
    std::vector<u32> order(calls.size());
    for (u32 i = 0; i < order.size(); ++i) order[i] = i;
    do {
        bool good = true;
        std::optional<u32> state = 0;
        for (u32 i = 0; i < order.size() && good; ++i) {
            for (u32 j = i + 1; j < order.size(); ++j) {
                good = good && calls[order[j]].returned > calls[order[i]].invoked;
            }
            if (state) state = Register::step(*state, calls[order[i]].operation);
            good = good && state.has_value();
        }
        if (good) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
}

TEST(Linearizability, WhatCameOneAfterTheOtherIsCheckedInThatOrder) {
    EXPECT_TRUE(linearizable({{0, 1, 2, write(7)}, {1, 3, 4, read(7)}}));
    EXPECT_FALSE(linearizable({{0, 1, 2, write(7)}, {1, 3, 4, read(0)}}));
}

TEST(Linearizability, WhatOverlapsMayBeInEitherOrder) {
    EXPECT_TRUE(linearizable({{0, 1, 4, write(7)}, {1, 2, 3, read(7)}}));
    EXPECT_TRUE(linearizable({{0, 1, 4, write(7)}, {1, 2, 3, read(0)}}));
    EXPECT_FALSE(linearizable({{0, 1, 4, write(7)}, {1, 2, 3, read(8)}}));
}

TEST(Linearizability, TimeDoesNotGoBackDuringALongCall) {
    EXPECT_TRUE(linearizable({{0, 1, 6, write(7)}, {1, 2, 3, read(0)}, {1, 4, 5, read(7)}}));
    EXPECT_FALSE(linearizable({{0, 1, 6, write(7)}, {1, 2, 3, read(7)}, {1, 4, 5, read(0)}}));
}

TEST(Linearizability, TellsWhichAnswerCannotBeExplained) {
    const auto wrong = LinearizabilityChecker<Register>(0).check(
        {{0, 1, 2, write(7)}, {1, 3, 4, read(7)}, {2, 5, 6, read(9)}, {3, 7, 8, read(7)}});
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(wrong->thread, 2u);
}

TEST(Linearizability, CountsCallsThatOverlap) {
    LinearizabilityChecker<Register> checker(0);
    EXPECT_FALSE(checker.check({{0, 1, 4, write(7)}, {1, 2, 3, read(0)}, {1, 5, 6, read(7)}}));
    EXPECT_EQ(checker.overlapping(), 1u);
}

TEST(Linearizability, AgreesWithTheDefinitionOnRandomHistories) {
    std::mt19937 random(11);
    u32 good = 0;
    constexpr u32 kHistories = 3000;
    for (u32 round = 0; round < kHistories; ++round) {
        // Three threads, two calls each, at random moments: a shuffle of beginnings and ends.
        std::vector<u32> turns{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2};
        std::shuffle(turns.begin(), turns.end(), random);
        Calls calls;
        std::array<std::optional<u64>, 3> begun;
        for (u64 stamp = 0; stamp < turns.size(); ++stamp) {
            const u32 thread = turns[stamp];
            if (!begun[thread]) {
                begun[thread] = stamp;
            } else {
                const u32 value = static_cast<u32>(random() % 3);
                calls.push_back({thread, *begun[thread], stamp,
                                 random() % 2 == 0 ? write(value) : read(value)});
                begun[thread].reset();
            }
        }
        ASSERT_EQ(linearizable(calls), linearizable_by_definition(calls)) << "history " << round;
        good += linearizable(calls) ? 1 : 0;
    }
    EXPECT_GT(good, kHistories / 10);
    EXPECT_LT(good, kHistories * 9 / 10);
}

using Kind = CellModel::Kind;
using CellCalls = LinearizabilityChecker<CellModel>::History;

bool cell_linearizable(const CellCalls& calls) {
    return !LinearizabilityChecker<CellModel>(CellModel::State{}).check(calls);
}

TEST(CellModel, ANumberLivesFromBindToExit) {
    constexpr u32 kNone = CellModel::kNone;
    const CellCalls life = {{0, 1, 2, {Kind::kAllocate, 5}},
                            {1, 3, 4, {Kind::kLookup, 5, kNone}},
                            {0, 5, 6, {Kind::kBind, 5, 9}},
                            {1, 7, 8, {Kind::kLookup, 5, 9}},
                            {1, 9, 10, {Kind::kAcquire, 5, kNone, 1}},
                            {0, 11, 12, {Kind::kExit, 5, 9}},
                            {0, 13, 14, {Kind::kLookup, 5, kNone}},
                            {1, 15, 16, {Kind::kReferences, 5, kNone, 1}},
                            {1, 17, 18, {Kind::kRelease, 5}},
                            {1, 19, 20, {Kind::kAcquire, 5, kNone, 0}},
                            {0, 21, 22, {Kind::kAllocate, 69}}};
    EXPECT_TRUE(cell_linearizable(life));
    // Each of these answers, changed, is wrong.
    for (const u32 wrong : {1u, 3u, 6u}) {
        CellCalls calls = life;
        calls[wrong].operation.slot = calls[wrong].operation.slot == kNone ? 9 : kNone;
        EXPECT_FALSE(cell_linearizable(calls)) << wrong;
    }
    for (const u32 wrong : {4u, 7u, 9u}) {
        CellCalls calls = life;
        calls[wrong].operation.answer ^= 1;
        EXPECT_FALSE(cell_linearizable(calls)) << wrong;
    }
    CellCalls calls = life;
    calls[10].operation.number = 5;  // the same number again
    EXPECT_FALSE(cell_linearizable(calls));
}

TEST(CellModel, ANumberIsNotGivenWhileItIsHeld) {
    EXPECT_FALSE(
        cell_linearizable({{0, 1, 2, {Kind::kAllocate, 5}}, {1, 3, 4, {Kind::kAllocate, 69}}}));
    EXPECT_TRUE(cell_linearizable({{0, 1, 2, {Kind::kAllocate, 5}},
                                   {0, 3, 6, {Kind::kRelease, 5}},
                                   {1, 4, 5, {Kind::kAllocate, 69}}}));
}

TEST(CellModel, WhoAcquiresDuringTheLastReleaseMayOrMayNotSucceed) {
    for (const u32 answer : {0u, 1u}) {
        EXPECT_TRUE(
            cell_linearizable({{0, 1, 2, {Kind::kAllocate, 5}},
                               {0, 3, 6, {Kind::kRelease, 5}},
                               {1, 4, 5, {Kind::kAcquire, 5, CellModel::kNone, answer}},
                               {1, 7, 8, {Kind::kReferences, 5, CellModel::kNone, answer}}}));
    }
}

}  // namespace
}  // namespace linear
