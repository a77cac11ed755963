// Stat records: what goes in comes out; what is malformed is refused, never misread.
#include "chan/stat.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/fixture/seeds.h"
#include "tests/fixture/stat_record.h"

namespace kernel::chan {
namespace {

Stat example() {
    Stat stat;
    stat.device = 'p';
    stat.device_number = 0x01020304;
    stat.qid = {0x1122334455667788, 0x99aabbcc, kQtDir};
    stat.mode = kDmDir | 0755;
    stat.atime = 1000000000;
    stat.mtime = 1000000001;
    stat.length = 0x123456789a;
    stat.name.assign("a name");
    stat.uid.assign("glenda");
    stat.gid.assign("sys");
    stat.muid.assign("none");
    return stat;
}

std::vector<std::byte> record_of(const Stat& stat) {
    std::vector<std::byte> record(stat_record_size(stat));
    const Result<usize> size = marshal_stat(stat, record);
    EXPECT_TRUE(size.ok());
    EXPECT_EQ(size.value(), record.size());
    return record;
}

TEST(Stat, ARecordHasTheLayoutOf9P) {
    Stat stat = example();
    stat.name.assign("n");
    stat.uid.assign("u");
    stat.gid.assign("g");
    stat.muid.assign("m");
    const std::vector<std::byte> record = record_of(stat);
    const std::vector<u8> expected = {
        0x33, 0,                                         // size, itself not counted
        'p',  0,                                         // type
        4,    3,    2,    1,                             // dev
        0x80,                                            // qid.type
        0xcc, 0xbb, 0xaa, 0x99,                          // qid.vers
        0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,  // qid.path
        0xed, 0x01, 0,    0x80,                          // mode
        0x00, 0xca, 0x9a, 0x3b,                          // atime
        0x01, 0xca, 0x9a, 0x3b,                          // mtime
        0x9a, 0x78, 0x56, 0x34, 0x12, 0,    0,    0,     // length
        1,    0,    'n',  1,    0,    'u',  1,    0,    'g', 1, 0, 'm',
    };
    ASSERT_EQ(record.size(), expected.size());
    for (usize i = 0; i < record.size(); ++i) {
        EXPECT_EQ(static_cast<u8>(record[i]), expected[i]) << "byte " << i;
    }
}

TEST(Stat, ARecordReadsBackAsItWas) {
    const Stat stat = example();
    const Result<Stat> back = fixture::stat_of_record(record_of(stat));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back.value().device, stat.device);
    EXPECT_EQ(back.value().device_number, stat.device_number);
    EXPECT_EQ(back.value().qid, stat.qid);
    EXPECT_EQ(back.value().mode, stat.mode);
    EXPECT_EQ(back.value().atime, stat.atime);
    EXPECT_EQ(back.value().mtime, stat.mtime);
    EXPECT_EQ(back.value().length, stat.length);
    EXPECT_EQ(back.value().name.view(), "a name");
    EXPECT_EQ(back.value().uid.view(), "glenda");
    EXPECT_EQ(back.value().gid.view(), "sys");
    EXPECT_EQ(back.value().muid.view(), "none");
}

TEST(Stat, TheLongestTextsFit) {
    Stat stat = example();
    stat.name.assign(std::string(kElementMax, 'n'));
    stat.uid.assign(std::string(kUserNameMax - 1, 'u'));
    stat.gid.assign(std::string(kUserNameMax - 1, 'g'));
    stat.muid.assign(std::string(kUserNameMax - 1, 'm'));
    EXPECT_EQ(stat_record_size(stat), kStatRecordMax);
    const Result<Stat> back = fixture::stat_of_record(record_of(stat));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back.value().name.size(), kElementMax);
}

TEST(Stat, TooSmallABufferGetsTheSizeToAskFor) {
    const Stat stat = example();
    std::array<std::byte, 2> two{};
    const Result<usize> size = marshal_stat(stat, two);
    ASSERT_TRUE(size.ok());
    EXPECT_EQ(size.value(), 2u);
    EXPECT_EQ(static_cast<u8>(two[0]) + 2u, stat_record_size(stat));

    std::vector<std::byte> almost(stat_record_size(stat) - 1);
    EXPECT_EQ(marshal_stat(stat, almost).value(), 2u);
    EXPECT_EQ(marshal_stat(stat, Bytes(two).first(1)).error(), Error::kShortStat);
    EXPECT_EQ(marshal_stat(stat, {}).error(), Error::kShortStat);
}

TEST(Stat, ARecordCutAnywhereIsRefused) {
    const std::vector<std::byte> record = record_of(example());
    for (usize size = 0; size < record.size(); ++size) {
        const Result<Stat> cut = fixture::stat_of_record(ConstBytes(record).first(size));
        ASSERT_FALSE(cut.ok()) << size;
        EXPECT_EQ(cut.error(), Error::kShortStat) << size;
    }
}

TEST(Stat, ARecordFollowedByMoreIsRefused) {
    std::vector<std::byte> record = record_of(example());
    record.push_back(std::byte{0});
    EXPECT_EQ(fixture::stat_of_record(record).error(), Error::kShortStat);
    // As the first of several it is found.
    EXPECT_EQ(next_stat_record(record).value(), record.size() - 1);
}

TEST(Stat, TextsThatDoNotFillTheRecordAreRefused) {
    std::vector<std::byte> record = record_of(example());
    record.push_back(std::byte{0});
    record[0] = static_cast<std::byte>(static_cast<u8>(record[0]) + 1);
    EXPECT_EQ(fixture::stat_of_record(record).error(), Error::kShortStat);
}

TEST(Stat, TextsLongerThanAStatHoldsAreRefused) {
    const std::string long_name(kElementMax + 1, 'n');
    std::vector<std::byte> by_hand = record_of(example());
    const usize name_at = kStatFixedSize - 8;
    std::vector<std::byte> made(by_hand.begin(), by_hand.begin() + static_cast<long>(name_at));
    made.push_back(static_cast<std::byte>(long_name.size() & 0xff));
    made.push_back(static_cast<std::byte>(long_name.size() >> 8));
    for (char c : long_name) made.push_back(static_cast<std::byte>(c));
    for (int i = 0; i < 6; ++i) made.push_back(std::byte{0});
    made[0] = static_cast<std::byte>((made.size() - 2) & 0xff);
    made[1] = static_cast<std::byte>((made.size() - 2) >> 8);
    EXPECT_EQ(fixture::stat_of_record(made).error(), Error::kNameTooLong);
}

TEST(Stat, RandomBytesNeverLeadOutsideTheRecord) {
    const u64 seed = fixture::wanted_seed().value_or(1);
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20000; ++i) {
        // A heap block of the exact size, so that the sanitizer sees each byte too far.
        std::vector<std::byte> record = record_of(example());
        const usize flips = 1 + random() % 4;
        for (usize f = 0; f < flips; ++f) {
            record[random() % record.size()] = static_cast<std::byte>(random());
        }
        record.resize(record.size() - random() % 8);
        record.shrink_to_fit();
        const Result<Stat> stat = fixture::stat_of_record(record);
        if (!stat.ok()) continue;
        EXPECT_EQ(stat_record_size(stat.value()), record.size());
    }
}

TEST(Stat, KeepingEverythingIsAllOnesAndEmptyTexts) {
    const std::vector<std::byte> record = record_of(keep_stat());
    ASSERT_EQ(record.size(), kStatFixedSize);
    for (usize i = 2; i < kStatFixedSize - 8; ++i) EXPECT_EQ(record[i], std::byte{0xff}) << i;
}

}  // namespace
}  // namespace kernel::chan
