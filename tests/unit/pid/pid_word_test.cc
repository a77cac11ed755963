// PidWord: number, slot and references survive packing, and comparing costs no more than it says.
#include "pid/pid_word.h"

#include <gtest/gtest.h>

#include <random>

#include "pid/pid_options.h"

namespace kernel::pid {
namespace {

TEST(PidWord, HoldsWhatItWasMadeOfForEveryCellSize) {
    std::mt19937 random(1);
    for (u32 bits = kMinCellBits; bits <= kMaxCellBits; ++bits) {
        const u32 mask = (u32{1} << bits) - 1;
        for (int turn = 0; turn < 1000; ++turn) {
            const u32 number = random() & kMaxNumber;
            const u32 slot = random() & mask;
            const u32 references = random();
            const PidWord word = PidWord::of(number, slot, references, mask);
            ASSERT_EQ(word.number(number & mask), number);
            ASSERT_EQ(word.slot(), slot);
            ASSERT_EQ(word.references(), references);
            ASSERT_TRUE(word.names(number));
            ASSERT_EQ(PidWord::slot_of(word.bits(), number, number & mask), slot);
            ASSERT_EQ(word.bound(), slot != mask);
            const u32 other = number ^ (mask + 1);  // the neighbouring generation
            ASSERT_FALSE(word.names(other));
            ASSERT_GT(PidWord::slot_of(word.bits(), other, number & mask), mask);
        }
    }
}

TEST(PidWord, HoldsANumberWithAsManyReferencesAsItHasAndNoOther) {
    std::mt19937 random(2);
    for (u32 bits = kMinCellBits; bits <= kMaxCellBits; ++bits) {
        const u32 mask = (u32{1} << bits) - 1;
        for (int turn = 0; turn < 1000; ++turn) {
            const u32 number = random() & kMaxNumber;
            const u32 slot = random() & mask;
            const u32 references = 1 + random() % (PidWord::kMaxReferences - 1);
            const PidWord word = PidWord::of(number, slot, references, mask);
            ASSERT_TRUE(word.holds(number, 1));
            ASSERT_TRUE(word.holds(number, references));
            ASSERT_FALSE(word.holds(number, references + 1));
            ASSERT_FALSE(word.holds(number ^ (mask + 1), 1)) << "the neighbouring generation";
            ASSERT_FALSE(PidWord::of(number, mask, 0, mask).holds(number, 1)) << "dead";
            // More than can be counted, up to twice as many, are none.
            ASSERT_FALSE(PidWord::of(number, slot, ~references, mask).holds(number, 1));
        }
    }
}

TEST(PidWord, OfADeadCellKnowsTheNextGeneration) {
    for (const u32 bits : {kMinCellBits, u32{9}, kMaxCellBits}) {
        const u32 mask = (u32{1} << bits) - 1;
        const u32 index = mask / 3;
        for (const u32 number_bits : {bits + 3, kNumberBits}) {
            const u32 number_mask = (u32{1} << number_bits) - 1;
            const u32 last = (number_mask & ~mask) | index;
            const auto next = [&](u32 number) {
                return PidWord::of(number, mask, 0, mask).next_number(index, number_mask);
            };
            EXPECT_EQ(PidWord(0, mask).next_number(index, number_mask), index) << "never used";
            EXPECT_EQ(next(index), index + mask + 1);
            EXPECT_EQ(next(last), index) << "after the last comes the first";
            EXPECT_EQ(next(last - mask - 1), last);
        }
    }
}

TEST(PidWord, OfANeverUsedCellNamesNoNumber) {
    const u32 mask = 63;
    const PidWord word(0, mask);
    EXPECT_TRUE(word.never_used());
    for (const u32 number : {u32{0}, u32{1}, u32{63}, u32{64}, kMaxNumber}) {
        EXPECT_FALSE(word.names(number));
        EXPECT_FALSE(word.holds(number, 1));
        EXPECT_GE(PidWord::slot_of(word.bits(), number, number & mask), mask);
    }
}

TEST(PidWord, BindsAndUnbindsByOneAddition) {
    const u32 mask = 511;
    const u64 unbound = PidWord::of(1234, mask, 3, mask).bits();
    const PidWord bound(unbound - PidWord::slot_distance(77, mask), mask);
    EXPECT_EQ(bound.slot(), 77u);
    EXPECT_EQ(bound.references(), 3u);
    EXPECT_TRUE(bound.names(1234));
    EXPECT_EQ(bound.bits() + PidWord::slot_distance(77, mask), unbound);
}

TEST(PidSize, GrowsWithMemoryBetweenItsBounds) {
    EXPECT_EQ(PidSize::for_memory(0).cell_bits, 9u);
    EXPECT_EQ(PidSize::for_memory(8 * kMiB).cell_bits, 11u);
    EXPECT_EQ(PidSize::for_memory(128 * kMiB).cell_bits, 15u);
    EXPECT_EQ(PidSize::for_memory(4 * kGiB).cell_bits, 20u);
    EXPECT_EQ(PidSize::for_memory(1024 * kGiB).cell_bits, 22u);
    for (u64 memory = 8 * kMiB; memory <= 16 * kGiB; memory *= 2) {
        const PidSize size = PidSize::for_memory(memory);
        EXPECT_GE(size.cells(), 4 * (memory / (16 * kKiB)));
        EXPECT_LE(size.cell_bytes() + size.hint_bytes(), memory / 400);
    }
    // Whatever the machine has, at most 0.3 %, and three numbers for each 16 KiB.
    for (u64 memory = 8 * kMiB; memory <= 16 * kGiB; memory += memory / 100) {
        const PidSize size = PidSize::for_memory(memory);
        EXPECT_LE(size.cell_bytes() + size.hint_bytes(), memory * 3 / 1000) << memory;
        EXPECT_GE(size.cells(), 3 * (memory / (16 * kKiB))) << memory;
    }
}

}  // namespace
}  // namespace kernel::pid
