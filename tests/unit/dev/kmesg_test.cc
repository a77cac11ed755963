// The message ring: reading from the start, wrapping, what is lost.
#include "dev/kmesg.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace kernel::dev {
namespace {

std::string read_all(const MessageRing& ring, u64 position, u64* lost = nullptr) {
    std::string text;
    std::array<char, 100> out;
    for (;;) {
        const MessageRing::Piece piece = ring.read(position, out);
        if (lost != nullptr) *lost += piece.start - position;
        if (piece.size == 0) return text;
        text.append(out.data(), piece.size);
        position = piece.start + piece.size;
    }
}

TEST(MessageRing, IsReadFromTheStart) {
    std::vector<char> room(MessageRing::kBytes);
    const auto ring = std::make_unique<MessageRing>(std::span<char, MessageRing::kBytes>(room));
    EXPECT_EQ(read_all(*ring, 0), "");
    ring->append("one\n");
    ring->append("two\n");
    EXPECT_EQ(read_all(*ring, 0), "one\ntwo\n");
    EXPECT_EQ(read_all(*ring, 4), "two\n");
    EXPECT_EQ(ring->oldest(), 0u);
    EXPECT_EQ(ring->end(), 8u);
}

TEST(MessageRing, KeepsExactlyItsSizeWhenItWraps) {
    std::vector<char> room(MessageRing::kBytes);
    const auto ring = std::make_unique<MessageRing>(std::span<char, MessageRing::kBytes>(room));
    std::string all;
    for (int i = 0; all.size() < 2 * MessageRing::kBytes + 77; ++i) {
        const std::string line = "line " + std::to_string(i) + "\n";
        ring->append(line);
        all += line;
    }
    u64 lost = 0;
    EXPECT_EQ(read_all(*ring, 0, &lost), all.substr(all.size() - MessageRing::kBytes));
    EXPECT_EQ(lost, all.size() - MessageRing::kBytes);
    EXPECT_EQ(ring->oldest(), lost);
}

TEST(MessageRing, AReaderThatIsOvertakenLearnsWhereItGoesOn) {
    std::vector<char> room(MessageRing::kBytes);
    const auto ring = std::make_unique<MessageRing>(std::span<char, MessageRing::kBytes>(room));
    ring->append("early");
    std::array<char, 3> out;
    EXPECT_EQ(ring->read(0, out).size, 3u);
    ring->append(std::string(MessageRing::kBytes, 'x'));
    const MessageRing::Piece piece = ring->read(3, out);
    EXPECT_EQ(piece.start, 5u);
    EXPECT_EQ(std::string(out.data(), piece.size), "xxx");
}

TEST(MessageRing, TakesATextLongerThanItselfAndKeepsTheEnd) {
    std::vector<char> room(MessageRing::kBytes);
    const auto ring = std::make_unique<MessageRing>(std::span<char, MessageRing::kBytes>(room));
    std::string text;
    while (text.size() < MessageRing::kBytes + 1000) text += std::to_string(text.size()) + " ";
    ring->append(text);
    EXPECT_EQ(read_all(*ring, 0), text.substr(text.size() - MessageRing::kBytes));
}

}  // namespace
}  // namespace kernel::dev
