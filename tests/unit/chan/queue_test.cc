// Block queues: boundaries, limits, ends, interruption, and no lost wake-up under any schedule.
#include "chan/queue.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::outcome;
using test::run_world;
using test::run_world_seeds;
using test::World;

std::string take(BlockQueue& queue, usize size) {
    std::vector<std::byte> buffer(size);
    const Result<usize> count = queue.read(buffer);
    if (!count.ok()) return "<" + outcome(count) + ">";
    return std::string(as_text(Bytes(buffer).first(count.value())));
}

std::string put(BlockQueue& queue, std::string_view text) {
    const Result<usize> count = queue.write(as_bytes(text));
    return count.ok() ? std::to_string(count.value()) : outcome(count);
}

TEST(BlockQueue, AReadEndsWhereAWriteEnded) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1000);
        EXPECT_EQ(put(queue, "one"), "3");
        EXPECT_EQ(put(queue, "two two"), "7");
        EXPECT_EQ(queue.size(), 10u);
        EXPECT_EQ(take(queue, 100), "one");
        EXPECT_EQ(take(queue, 4), "two ");
        EXPECT_EQ(take(queue, 4), "two");
        EXPECT_EQ(queue.size(), 0u);
    });
}

TEST(BlockQueue, AnEmptyMessageIsReadAsNothing) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1000);
        EXPECT_EQ(put(queue, ""), "0");
        EXPECT_EQ(put(queue, "x"), "1");
        EXPECT_EQ(take(queue, 10), "");
        EXPECT_EQ(take(queue, 10), "x");
    });
}

TEST(BlockQueue, WithoutBoundariesWritesJoin) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kIgnored, 1000);
        EXPECT_EQ(put(queue, "one"), "3");
        EXPECT_EQ(put(queue, "two"), "3");
        EXPECT_EQ(take(queue, 5), "onetw");
        EXPECT_EQ(take(queue, 5), "o");
    });
}

TEST(BlockQueue, LargeMessagesComeWholeUpToTheLimit) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 10 * kMessageMax);
        std::string text(kMessageMax + 100, 'x');
        for (usize i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
        EXPECT_EQ(put(queue, text), std::to_string(text.size()));
        EXPECT_EQ(take(queue, 2 * kMessageMax), text.substr(0, kMessageMax));
        EXPECT_EQ(take(queue, 2 * kMessageMax), text.substr(kMessageMax));
    });
}

TEST(BlockQueue, HangingUpLetsReadersFinish) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1000);
        EXPECT_EQ(put(queue, "left"), "4");
        queue.hang_up();
        EXPECT_EQ(put(queue, "more"), "write on closed pipe");
        EXPECT_EQ(take(queue, 2), "le");
        EXPECT_EQ(take(queue, 100), "ft");
        EXPECT_EQ(take(queue, 100), "");
        EXPECT_EQ(take(queue, 100), "");
    });
}

TEST(BlockQueue, ClosingDiscards) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1000);
        EXPECT_EQ(put(queue, "left"), "4");
        queue.close();
        EXPECT_EQ(queue.size(), 0u);
        EXPECT_EQ(take(queue, 100), "");
        EXPECT_EQ(put(queue, "x"), "write on closed pipe");
    });
}

TEST(BlockQueue, ReadersWaitForWritersAndWritersForRoom) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1);
        fixture::Spawned writer = fixture::spawn([&] {
            for (int i = 0; i < 100; ++i) EXPECT_EQ(put(queue, std::to_string(i)).empty(), false);
            queue.hang_up();
        });
        for (int i = 0; i < 100; ++i) EXPECT_EQ(take(queue, 10), std::to_string(i));
        EXPECT_EQ(take(queue, 10), "");
        writer.join();
    });
}

TEST(BlockQueue, EmptyMessagesFillItToo) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 100);
        bool done = false;
        fixture::Spawned writer = fixture::spawn([&] {
            for (int i = 0; i < 1000; ++i) EXPECT_EQ(put(queue, ""), "0");
            done = true;
        });
        ASSERT(sched::sleep_for(nanos_from_millis(10)).ok());
        EXPECT_FALSE(done);
        for (int i = 0; i < 1000; ++i) EXPECT_EQ(take(queue, 1), "");
        writer.join();
        EXPECT_TRUE(done);
    });
}

TEST(BlockQueue, AnInterruptEndsTheWait) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1);
        std::string got;
        fixture::Spawned reader = fixture::spawn([&] { got = take(queue, 10); });
        reader.task().interrupt();
        reader.join();
        EXPECT_EQ(got, "<interrupted>");

        EXPECT_EQ(put(queue, "full"), "4");
        std::string wrote;
        fixture::Spawned writer = fixture::spawn([&] { wrote = put(queue, "more"); });
        writer.task().interrupt();
        writer.join();
        EXPECT_EQ(wrote, "interrupted");
        EXPECT_EQ(take(queue, 10), "full");
        EXPECT_EQ(queue.size(), 0u);
    });
}

TEST(BlockQueue, HangingUpWakesBothSides) {
    run_world_seeds(300, [](World&) {
        BlockQueue empty(Boundaries::kKept, 1);
        BlockQueue full(Boundaries::kKept, 1);
        EXPECT_EQ(put(full, "x"), "1");
        std::string got, wrote;
        fixture::Spawned reader = fixture::spawn([&] { got = take(empty, 10); });
        fixture::Spawned writer = fixture::spawn([&] { wrote = put(full, "y"); });
        empty.hang_up();
        full.close();
        reader.join();
        writer.join();
        EXPECT_EQ(got, "");
        EXPECT_EQ(wrote, "write on closed pipe");
    });
}

TEST(BlockQueue, NothingIsLostOrTornAmongManyWritersAndReaders) {
    run_world_seeds(
        200,
        [](World&) {
            BlockQueue queue(Boundaries::kKept, 64);
            constexpr u32 kWriters = 3, kReaders = 2, kEach = 8;
            std::array<std::array<int, kEach>, kWriters> seen{};
            Atomic<u32> writing{kWriters};
            fixture::in_parallel(kWriters + kReaders, [&](u32 index) {
                if (index < kWriters) {
                    for (u32 i = 0; i < kEach; ++i) {
                        const std::string text =
                            std::to_string(index) + ":" + std::to_string(i) + std::string(20, '.');
                        EXPECT_EQ(put(queue, text), std::to_string(text.size()));
                    }
                    if (writing.fetch_sub(1, std::memory_order_acq_rel) == 1) queue.hang_up();
                    return;
                }
                for (;;) {
                    const std::string text = take(queue, 100);
                    if (text.empty()) return;
                    ASSERT_EQ(text.size(), 3u + 20u) << text;
                    ++seen[static_cast<usize>(text[0] - '0')][static_cast<usize>(text[2] - '0')];
                }
            });
            for (const auto& writer : seen) {
                for (int count : writer) EXPECT_EQ(count, 1);
            }
        },
        {}, 3);
}

TEST(BlockQueue, AReaderAndAWriterWaitForEachOtherAtEverySize) {
    run_world_seeds(300, [](World&) {
        BlockQueue queue(Boundaries::kIgnored, 256);
        std::string all;
        for (usize i = 0; i < 40; ++i)
            all += std::string(i * 37 % 300, static_cast<char>('a' + i % 26));
        fixture::Spawned writer = fixture::spawn([&] {
            usize at = 0;
            for (usize i = 0; i < 40; at += i * 37 % 300, ++i) {
                const std::string part = all.substr(at, i * 37 % 300);
                EXPECT_EQ(put(queue, part), std::to_string(part.size()));
            }
            queue.hang_up();
        });
        std::string got;
        // A message of no bytes may be read as nothing, so the end is where all has come.
        for (usize i = 0; got.size() < all.size(); ++i) got += take(queue, 1 + i * 53 % 400);
        EXPECT_EQ(take(queue, 1), "");
        writer.join();
        EXPECT_EQ(got, all);
    });
}

TEST(BlockQueue, ASmallMessageThatWasReadMakesRoomForTheNext) {
    run_world([](World&) {
        BlockQueue queue(Boundaries::kKept, 1000);
        EXPECT_EQ(put(queue, "first"), "5");
        EXPECT_EQ(take(queue, 10), "first");
        mm::set_failure_hook([](usize) { return true; });
        EXPECT_EQ(put(queue, std::string(40, 'x')), "40");
        EXPECT_EQ(put(queue, "y"), outcome(Result<usize>(Error::kNoMemory)));
        EXPECT_EQ(take(queue, 100), std::string(40, 'x'));
        EXPECT_EQ(put(queue, std::string(41, 'x')), outcome(Result<usize>(Error::kNoMemory)));
        EXPECT_EQ(put(queue, ""), "0");
        mm::set_failure_hook(nullptr);
        EXPECT_EQ(take(queue, 10), "");
        EXPECT_EQ(queue.size(), 0u);
    });
}

TEST(BlockQueue, TheBlockThatIsKeptForTheNextHasForgottenWhatFollowedIt) {
    run_world([](World&) {
        // What followed is discarded with the queue, or was read before it.
        BlockQueue left(Boundaries::kKept, 1000);
        EXPECT_EQ(put(left, "first"), "5");
        EXPECT_EQ(put(left, "second"), "6");
        EXPECT_EQ(take(left, 10), "first");
        BlockQueue read(Boundaries::kKept, 1000);
        EXPECT_EQ(put(read, "small"), "5");
        EXPECT_EQ(put(read, std::string(200, 'x')), "200");
        EXPECT_EQ(take(read, 10), "small");
        EXPECT_EQ(take(read, 200), std::string(200, 'x'));
    });
}

}  // namespace
}  // namespace kernel::chan
