// Rendered texts: short reads agree with long ones, reading at 0 renders anew, records come singly.
#include "chan/rendered_text.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::must_open;
using test::outcome;
using test::run_world;
using test::World;

template <class Read>
std::string take(usize size, Read read) {
    std::vector<std::byte> buffer(size);
    const Result<usize> count = read(Bytes(buffer));
    if (!count.ok()) return "<" + outcome(count) + ">";
    return std::string(as_text(Bytes(buffer).first(count.value())));
}

/// A file that shows how often it was rendered.
struct Counting {
    int rendered = 0;
    std::optional<Error> fault;
    usize padding = 0;

    Result<void> operator()(Sink& sink) {
        format_to(sink, "rendered {} times", ++rendered);
        for (usize i = 0; i < padding; ++i) sink.write("x");
        if (fault.has_value()) return *fault;
        return {};
    }
};

TEST(RenderedText, AnySequenceOfShortReadsGivesOneText) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        Counting file;
        const auto read_at = [&](usize size, u64 offset) {
            return take(size, [&](Bytes out) { return read_rendered(*chan, out, offset, file); });
        };
        std::string all;
        for (;;) {
            const std::string part = read_at(1, all.size());
            if (part.empty()) break;
            all += part;
        }
        EXPECT_EQ(all, "rendered 1 times");
        EXPECT_EQ(read_at(100, 9), "1 times");
        EXPECT_EQ(read_at(100, 16), "");
        EXPECT_EQ(read_at(100, 1000), "");
        EXPECT_EQ(file.rendered, 1);
    });
}

TEST(RenderedText, ReadingAtTheStartRendersAnew) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        const Ref<Chan> other = must_open(world.caller, "/f", kORead);
        Counting file;
        const auto read_at = [&](Chan& from, u64 offset) {
            return take(100, [&](Bytes out) { return read_rendered(from, out, offset, file); });
        };
        EXPECT_EQ(read_at(*chan, 0), "rendered 1 times");
        EXPECT_EQ(read_at(*chan, 0), "rendered 2 times");
        EXPECT_EQ(read_at(*other, 9), "3 times");
        EXPECT_EQ(read_at(*chan, 9), "2 times");
    });
}

TEST(RenderedText, AFailureIsReportedAndNothingKept) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        Counting file;
        const auto read_at = [&](u64 offset) {
            return take(100, [&](Bytes out) { return read_rendered(*chan, out, offset, file); });
        };
        EXPECT_EQ(read_at(0), "rendered 1 times");
        file.fault = Error::kProcessExited;
        EXPECT_EQ(read_at(0), "<process exited>");
        file.fault.reset();
        EXPECT_EQ(read_at(9), "3 times");
    });
}

TEST(RenderedText, LongTextsGrowAndShortOnesReplaceThem) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        Counting file;
        file.padding = 100000;
        const auto read_at = [&](usize size, u64 offset) {
            return take(size, [&](Bytes out) { return read_rendered(*chan, out, offset, file); });
        };
        EXPECT_EQ(read_at(200000, 0).size(), 16u + 100000u);
        EXPECT_EQ(read_at(10, 16 + 100000 - 3), "xxx");
        file.padding = 0;
        EXPECT_EQ(read_at(200000, 0), "rendered 2 times");
    });
}

TEST(RenderedText, ReadersOfOneChannelAndOfAnotherDoNotDisturbEachOther) {
    run_world(
        [](World& world) {
            const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
            fixture::in_parallel(4, [&](u32) {
                for (int i = 0; i < 200; ++i) {
                    std::array<std::byte, 64> buffer;
                    const Result<usize> count =
                        read_rendered(*chan, buffer, 0, [](Sink& sink) -> Result<void> {
                            sink.write("one ");
                            sink.write("text");
                            return {};
                        });
                    ASSERT_TRUE(count.ok());
                    EXPECT_EQ(as_text(Bytes(buffer).first(count.value())), "one text");
                }
            });
        },
        {}, 4);
}

/// Three records.
constexpr auto three = [](u64 cursor, Sink& sink) -> Result<u64> {
    constexpr std::array<std::string_view, 3> kRecords = {"first\n", "second one\n", "3\n"};
    if (cursor >= kRecords.size()) return cursor;
    sink.write(kRecords[cursor]);
    return cursor + 1;
};

TEST(Records, EachReadGivesOneAtMost) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        const auto read_at = [&](usize size, u64 offset) {
            return take(size, [&](Bytes out) { return read_records(*chan, out, offset, three); });
        };
        EXPECT_EQ(read_at(100, 0), "first\n");
        EXPECT_EQ(read_at(100, 6), "second one\n");
        EXPECT_EQ(read_at(100, 17), "3\n");
        EXPECT_EQ(read_at(100, 19), "");
        EXPECT_EQ(read_at(100, 19), "");
        EXPECT_EQ(read_at(100, 0), "first\n");
        // Small buffers get the rest with the next read.
        EXPECT_EQ(read_at(4, 0), "firs");
        EXPECT_EQ(read_at(4, 4), "t\n");
        EXPECT_EQ(read_at(4, 6), "seco");
        EXPECT_EQ(read_at(100, 10), "nd one\n");
        // Anywhere else starts over and skips.
        EXPECT_EQ(read_at(100, 2), "rst\n");
        EXPECT_EQ(read_at(100, 18), "\n");
        EXPECT_EQ(read_at(100, 8), "cond one\n");
        EXPECT_EQ(read_at(100, 1000000), "");
        EXPECT_EQ(read_at(100, 6), "second one\n");
    });
}

TEST(Records, WhatIsAddedAfterTheEndIsSeen) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        u64 last = 1;
        const auto growing = [&](u64 cursor, Sink& sink) -> Result<u64> {
            if (cursor >= last) return cursor;
            format_to(sink, "{}\n", cursor);
            return cursor + 1;
        };
        const auto read_at = [&](u64 offset) {
            return take(10, [&](Bytes out) { return read_records(*chan, out, offset, growing); });
        };
        EXPECT_EQ(read_at(0), "0\n");
        EXPECT_EQ(read_at(2), "");
        last = 2;
        EXPECT_EQ(read_at(2), "1\n");
    });
}

TEST(Records, AFailureStartsOver) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        bool fails = false;
        const auto source = [&](u64 cursor, Sink& sink) -> Result<u64> {
            if (fails) return Error::kProcessExited;
            return three(cursor, sink);
        };
        const auto read_at = [&](u64 offset) {
            return take(100, [&](Bytes out) { return read_records(*chan, out, offset, source); });
        };
        EXPECT_EQ(read_at(0), "first\n");
        fails = true;
        EXPECT_EQ(read_at(6), "<process exited>");
        fails = false;
        EXPECT_EQ(read_at(6), "second one\n");
    });
}

}  // namespace
}  // namespace kernel::chan
