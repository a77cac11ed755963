// Programs as they are read: their segments, their pages, and what decides nothing.
#include "proc/elf/program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/fixture/seeds.h"
#include "tests/unit/elf/image.h"
#include "tests/unit/elf/judge.h"
#include "tests/unit/elf/mutate.h"
#include "tests/unit/show_panics.h"

namespace kernel::proc::elf {
namespace {

using test::Image;
using test::kData;
using test::kUserMemory;
using test::load;
using test::small_program;
using test::verdict;
using Ehdr = Elf64_Ehdr;
using Phdr = Elf64_Phdr;

constexpr u64 kMemoryEnd = kUserMemory.end.value;

/// Whether the segments of a program that is about to vanish can be had.
template <class T>
concept LendsWhileVanishing = requires(T program) { std::move(program).segments(); };
static_assert(!LendsWhileVanishing<Program>);

Program read(const Image& image) {
    Refusal why;
    Result<Program> program = read_program(image.head(), image.file_size, kUserMemory, why);
    EXPECT_TRUE(program.ok()) << describe(why).view();
    return std::move(program).value();
}

Segment data_of(const Image& image) {
    const Program program = read(image);
    return program.segments()[kData];
}

TEST(ElfProgram, SegmentsComeByAddressWhateverTheOrderOfTheirHeaders) {
    Image image = small_program();
    std::vector<std::vector<Segment>> seen;
    std::ranges::sort(image.parts, {}, &Phdr::p_vaddr);
    do {
        const Program program = read(image);
        seen.emplace_back(program.segments().begin(), program.segments().end());
        EXPECT_EQ(program.entry().value, 0x11010u);
        EXPECT_EQ(program.end_of_data().value, 0x16000u);
    } while (std::ranges::next_permutation(image.parts, {}, &Phdr::p_vaddr).found);
    EXPECT_EQ(seen.size(), 6u);
    const std::vector<Segment> expected = {
        {{0x10000}, 0x800, 0, 0x800, Access::kRead},
        {{0x11000}, 0x1234, 0x1000, 0x1234, Access::kReadExecute},
        {{0x13100}, 0x2000, 0x3100, 0x700, Access::kReadWrite},
    };
    for (const std::vector<Segment>& segments : seen) EXPECT_EQ(segments, expected);
}

TEST(ElfProgram, ASegmentKnowsItsPages) {
    const Segment data = data_of(small_program());
    EXPECT_EQ(data.end().value, 0x15100u);
    EXPECT_EQ(data.first_page().value, 0x13000u);
    EXPECT_EQ(data.end_page().value, 0x16000u);
    const Segment exact{.start = {0x4000}, .memory_size = 0x1000};
    EXPECT_EQ(exact.first_page().value, 0x4000u);
    EXPECT_EQ(exact.end_page().value, 0x5000u);
}

TEST(ElfProgram, DataMayEndWhereUserMemoryEnds) {
    Image image = small_program();
    image.parts.push_back(load(kMemoryEnd - 1, 0, 0, 1, PF_R | PF_W));
    EXPECT_EQ(read(image.recount()).end_of_data().value, kMemoryEnd);
}

TEST(ElfProgram, PagesOfTheFileServeWhereOffsetAndAddressAgreeInThem) {
    Image image = small_program();
    const Program program = read(image);
    for (const Segment& segment : program.segments()) EXPECT_TRUE(segment.can_map_in_place());
    image.file_size += 1;
    image.parts[kData].p_align = 1;
    for (const u64 offset : {0x30ff, 0x3101, 0x0}) {
        image.parts[kData].p_offset = offset;
        EXPECT_FALSE(data_of(image).can_map_in_place()) << offset;
    }
    image.parts[kData].p_offset = 0x1100;
    EXPECT_TRUE(data_of(image).can_map_in_place());
    image.parts[kData].p_filesz = 0;
    EXPECT_FALSE(data_of(image).can_map_in_place()) << "there is nothing to map";
    EXPECT_EQ(data_of(image).file_offset, 0u);
}

TEST(ElfProgram, ProgramsStayInTheMemoryTheyAreGiven) {
    const std::vector<std::byte> head = small_program().head();
    const auto in = [&](u64 start, u64 end) {
        return verdict(head, 0x3800, {.start = {start}, .end = {end}});
    };
    EXPECT_EQ(in(0x10000, 0x16000), "");
    EXPECT_EQ(in(0x11000, 0x16000), "segment 0 is outside user memory");
    EXPECT_EQ(in(0x10000, 0x15000), "segment 2 is outside user memory");
    EXPECT_EQ(in(0x10000, 0x10000), "segment 0 is outside user memory");
    EXPECT_EQ(in(0, u64{0} - kPageSize), "");
}

TEST(ElfProgram, TheTopOfAllAddressesIsNoSpecialPlace) {
    Image image = small_program();
    const u64 end = u64{0} - kPageSize;
    image.parts.push_back(load(end - 1, 0, 0, 1, PF_R));
    image.recount();
    const UserMemory all{.start = {0}, .end = {end}};
    EXPECT_EQ(verdict(image.head(), image.file_size, all), "");
    image.parts.back().p_memsz = 2;
    EXPECT_EQ(verdict(image.head(), image.file_size, all), "segment 3 is outside user memory");
    image.parts.back().p_vaddr = ~u64{0};
    image.parts.back().p_memsz = 1;
    EXPECT_EQ(verdict(image.head(), image.file_size, all), "segment 3 is outside user memory");
}

TEST(ElfProgram, EachByteMissingFromTheHeadIsNoticed) {
    const Image image = small_program();
    const usize end = sizeof(Ehdr) + image.parts.size() * sizeof(Phdr);
    for (usize size = 0; size < end; ++size) {
        // Of a longer file, as a read cut short leaves it; and of a file no longer than that.
        const std::string cut_read = verdict(image.head(size), image.file_size);
        const std::string cut_file = verdict(image.head(size), size);
        if (size < SELFMAG) {
            EXPECT_EQ(cut_read, "not an ELF file");
            EXPECT_EQ(cut_file, cut_read);
        } else if (size < sizeof(Ehdr)) {
            EXPECT_EQ(cut_read, "the ELF header is cut off");
            EXPECT_EQ(cut_file, cut_read);
        } else {
            EXPECT_EQ(cut_read, "the program headers are too far into the file");
            EXPECT_EQ(cut_file, "the program headers are cut off");
        }
    }
    EXPECT_EQ(verdict(image.head(end), image.file_size), "");
}

TEST(ElfProgram, WhatIsBehindTheEndOfFileOrHeadDecidesNothing) {
    Image image = small_program();
    std::vector<std::byte> head = image.head(kHeadBytes);
    EXPECT_EQ(verdict(head, 3), "not an ELF file");
    EXPECT_EQ(verdict(head, 63), "the ELF header is cut off");
    EXPECT_EQ(verdict(head, 100), "the program headers are cut off");
    image.header.e_phoff = kHeadBytes;
    EXPECT_EQ(verdict(image.head(2 * kHeadBytes), image.file_size),
              "the program headers are too far into the file");
}

TEST(ElfProgram, ALongFileIsAsGoodAsAShortOne) {
    const Image image = small_program();
    EXPECT_EQ(verdict(image.head(), ~u64{0}), "");
}

TEST(ElfProgram, DamagedFilesAreJudgedAsASecondReaderJudgesThem) {
    const u64 seed = fixture::wanted_seed().value_or(1);
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    const std::vector<test::Case> samples = test::sample_cases();
    usize accepted = 0;
    for (int i = 0; i < 30000; ++i) {
        test::Case subject = samples[random() % samples.size()];
        const usize changes = 1 + random() % 4;
        for (usize c = 0; c < changes; ++c) test::mutate(subject, random);
        const std::string wrong = test::judge_program(subject.head, subject.file_size, kUserMemory);
        ASSERT_EQ(wrong, "") << "change " << i;
        Refusal why;
        accepted += read_program(subject.head, subject.file_size, kUserMemory, why).ok();
    }
    // Neither side is empty, or the comparison says little.
    EXPECT_GT(accepted, 3000u);
    EXPECT_LT(accepted, 27000u);
}

TEST(ElfProgram, EachSampleIsAProgram) {
    for (const test::Case& sample : test::sample_cases()) {
        EXPECT_EQ(verdict(sample.head, sample.file_size), "");
        const test::Case again = test::Case::from_bytes(as_bytes(sample.bytes()));
        EXPECT_EQ(again.head, sample.head);
        EXPECT_EQ(again.file_size, sample.file_size);
    }
}

TEST(ElfProgramDeathTest, UserMemoryBeginsAndEndsBetweenPages) {
    testing::show_panics();
    const Image image = small_program();
    Refusal why;
    const auto read_in = [&](u64 start, u64 end) {
        (void)read_program(image.head(), image.file_size, {{start}, {end}}, why);
    };
    EXPECT_DEATH(read_in(0x1001, 0x20000), "memory.start");
    EXPECT_DEATH(read_in(0x1000, 0x20001), "memory.end");
    EXPECT_DEATH(read_in(0x20000, 0x1000), "memory.start <= memory.end");
}

}  // namespace
}  // namespace kernel::proc::elf
