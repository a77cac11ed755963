// Physical segments: what the boot argument may say, and what is left out.
#include "mm/physical_segments.h"

#include <gtest/gtest.h>

#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

class PhysicalSegmentsTest : public ::testing::Test {
protected:
    PhysicalSegmentsTest() { ram_.reserved.push_back({PhysAddr{0x4000'0000}, kPageSize}); }
    ~PhysicalSegmentsTest() override { add(""); }

    void add(std::string_view list) { add_physical_segments(list, ram_.boot_info()); }

private:
    testing::Ram ram_{16 * kMiB};
};

TEST_F(PhysicalSegmentsTest, AreFoundByName) {
    add("clock:0x101000:0x1000:r,gpio:0x13040000:65536");
    const PhysicalSegment* clock = find_physical_segment("clock");
    ASSERT_NE(clock, nullptr);
    EXPECT_EQ(clock->range.start, PhysAddr{0x10'1000});
    EXPECT_EQ(clock->range.size, kPageSize);
    EXPECT_EQ(clock->access, machine::UserAccess::kRead);
    const PhysicalSegment* gpio = find_physical_segment("gpio");
    ASSERT_NE(gpio, nullptr);
    EXPECT_EQ(gpio->range.size, 65536u);
    EXPECT_EQ(gpio->access, machine::UserAccess::kReadWrite);
    EXPECT_EQ(find_physical_segment("gpi"), nullptr);
    EXPECT_EQ(find_physical_segment(""), nullptr);
}

TEST_F(PhysicalSegmentsTest, WhatIsWrongIsLeftOutAlone) {
    for (const std::string text : {"x",
                                   "x:",
                                   "x:0x1000",
                                   "x:0x1000:",
                                   "x:0x1000:0",
                                   "x:0x1000:0x1001",
                                   "x:0x1001:0x1000",
                                   "x:y:0x1000",
                                   "x:0x1000:0x1000:w",
                                   "x:0x1000:0x1000:r:r",
                                   ":0x1000:0x1000",
                                   "memory:0x1000:0x1000",
                                   "shared:0x1000:0x1000",
                                   "x:0x80000000:0x1000",
                                   "x:0x7ffff000:0x2000",
                                   "x:0x0:0x100000000",
                                   "x:0x40000000:0x1000",
                                   "x:0xfffffffffffff000:0x1000",
                                   "x:0x100000000000000:0x1000",
                                   "x:0x1000:0xfffffffffffff000",
                                   "a-name-that-is-longer-than-any-may-be:0x1000:0x1000",
                                   ""}) {
        add(text + ",good:0x1000:0x1000");
        EXPECT_EQ(find_physical_segment(text.substr(0, text.find(':'))), nullptr) << text;
        EXPECT_NE(find_physical_segment("good"), nullptr) << text;
    }
}

TEST_F(PhysicalSegmentsTest, TheFirstOfANameCountsAndTooManyAreLeftOut) {
    std::string list = "n0:0x1000:0x1000,n0:0x2000:0x1000";
    for (usize i = 1; i <= kPhysicalSegmentsMax; ++i) {
        list += ",n" + std::to_string(i) + ":0x3000:0x1000";
    }
    add(list);
    EXPECT_EQ(find_physical_segment("n0")->range.start, PhysAddr{0x1000});
    EXPECT_NE(find_physical_segment("n" + std::to_string(kPhysicalSegmentsMax - 1)), nullptr);
    EXPECT_EQ(find_physical_segment("n" + std::to_string(kPhysicalSegmentsMax)), nullptr);
}

}  // namespace
}  // namespace kernel::mm
