// The archive reader: right archives are read, wrong ones refused, and nothing outside is touched.
#include "dev/root/archive.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/fixture/seeds.h"
#include "tests/unit/dev/archive_builder.h"

namespace kernel::dev {
namespace {

using test::ArchiveBuilder;

/// What a reader makes of an archive: names with the sizes of their data, then how it ended.
std::string summary(const ArchiveBuilder& builder) {
    const std::vector<std::byte> bytes = builder.exact();
    ArchiveReader reader(bytes);
    ArchiveEntry entry;
    std::string text;
    for (;;) {
        const Result<bool> got = reader.next(entry);
        if (!got.ok()) {
            EXPECT_EQ(got.error(), Error::kBadArchive);
            EXPECT_LE(reader.offset(), bytes.size());
            return text + "! " + std::string(reader.problem());
        }
        if (!got.value()) return text + ".";
        text += std::string(entry.name) + "=" + std::to_string(entry.data.size()) + " ";
    }
}

TEST(Archive, EntriesComeWithTheirData) {
    ArchiveBuilder builder;
    builder.add_directory("dir").add("dir/file", "hello", ArchiveBuilder::kFile, 1234).end();
    const std::vector<std::byte> bytes = builder.exact();
    ArchiveReader reader(bytes);
    ArchiveEntry entry;
    ASSERT_TRUE(reader.next(entry).value());
    EXPECT_EQ(entry.name, "dir");
    EXPECT_TRUE(entry.is_dir());
    EXPECT_FALSE(entry.is_file());
    ASSERT_TRUE(reader.next(entry).value());
    EXPECT_EQ(entry.name, "dir/file");
    EXPECT_TRUE(entry.is_file());
    EXPECT_EQ(entry.mtime, 1234u);
    EXPECT_EQ(entry.mode, ArchiveBuilder::kFile);
    EXPECT_EQ(as_text(entry.data), "hello");
    EXPECT_FALSE(reader.next(entry).value());
    EXPECT_FALSE(reader.next(entry).value());
}

TEST(Archive, NothingIsAnArchiveWithoutEntries) {
    EXPECT_EQ(summary(ArchiveBuilder()), ".");
    EXPECT_EQ(summary(ArchiveBuilder().end()), ".");
    EXPECT_EQ(summary(ArchiveBuilder().end().zeros(512)), ".");
}

TEST(Archive, SeveralFollowEachOtherWithZerosBetween) {
    EXPECT_EQ(summary(ArchiveBuilder().add("a", "1").end().add("b", "22").end()), "a=1 b=2 .");
    EXPECT_EQ(
        summary(ArchiveBuilder().add("a", "1").end().zeros(400).add("b", "22").end().zeros(4)),
        "a=1 b=2 .");
    // Each is aligned by itself, wherever it begins.
    EXPECT_EQ(summary(ArchiveBuilder().add("a", "1").end().zeros(3).add("bc", "22").end()),
              "a=1 bc=2 .");
}

TEST(Archive, PaddingEntriesAreSkipped) {
    EXPECT_EQ(summary(ArchiveBuilder().add(".pad", "xxxxxxx", 0100000).add("b", "22").end()),
              "b=2 .");
}

TEST(Archive, AMissingTrailerIsAnEndToo) {
    EXPECT_EQ(summary(ArchiveBuilder().add("a", "1")), "a=1 .");
}

TEST(Archive, WhatIsNoArchiveIsRefused) {
    EXPECT_EQ(summary(ArchiveBuilder().raw(std::string(200, 'x'))), "! no cpio header");
    EXPECT_EQ(summary(ArchiveBuilder().raw("070701")), "! a header is cut off");
    // The old binary and the portable kinds.
    EXPECT_EQ(summary(ArchiveBuilder().raw("070707" + std::string(200, '0'))), "! no cpio header");
    EXPECT_EQ(summary(ArchiveBuilder().add("a", "1").end().zeros(8).raw("rubbish")),
              "a=1 ! a header is cut off");
    EXPECT_EQ(summary(ArchiveBuilder().add("a", "1").end().raw(std::string(120, 'r'))),
              "a=1 ! no cpio header");
}

/// The offset of field `index` in the first header.
usize field_at(usize index) { return 6 + 8 * index; }

std::string with_field(usize index, std::string_view digits) {
    ArchiveBuilder builder;
    builder.add("name", "data").end();
    builder.bytes().replace(field_at(index), 8, digits);
    return summary(builder);
}

TEST(Archive, AbsurdSizesAreRefused) {
    constexpr usize kFileSize = 6, kNameSize = 11;
    EXPECT_EQ(with_field(kFileSize, "FFFFFFFF"), "! the data of an entry are cut off");
    EXPECT_EQ(with_field(kFileSize, "00001000"), "! the data of an entry are cut off");
    EXPECT_EQ(with_field(kFileSize, "0000000G"), "! a header is garbled");
    EXPECT_EQ(with_field(kFileSize, "        "), "! a header is garbled");
    EXPECT_EQ(with_field(kNameSize, "00000000"), "! absurd length of a name");
    EXPECT_EQ(with_field(kNameSize, "00000001"), "! absurd length of a name");
    EXPECT_EQ(with_field(kNameSize, "FFFFFFFF"), "! absurd length of a name");
    EXPECT_EQ(with_field(kNameSize, "00001001"), "! absurd length of a name");
    EXPECT_EQ(with_field(kNameSize, "00001000"), "! a name is cut off");
    EXPECT_EQ(with_field(kNameSize, "00000006"), "! a name does not end where it should");
    EXPECT_EQ(with_field(kNameSize, "00000004"), "! a name does not end where it should");
}

TEST(Archive, TheKindWithChecksumsIsReadToo) {
    ArchiveBuilder builder;
    builder.add("name", "data").end();
    builder.bytes()[5] = '2';
    EXPECT_EQ(summary(builder), "name=4 .");
}

TEST(Archive, CutAnywhereItKeepsWhatCameBefore) {
    ArchiveBuilder whole;
    whole.add("first", "some data").add("second", std::string(100, 'x')).end().zeros(16);
    ArchiveBuilder first;
    first.add("first", "some data");
    for (usize size = 0; size < whole.bytes().size(); ++size) {
        ArchiveBuilder cut;
        cut.raw(std::string_view(whole.bytes()).substr(0, size));
        const std::string text = summary(cut);
        if (size >= first.bytes().size()) {
            EXPECT_TRUE(text.starts_with("first=9 ")) << size;
        }
    }
}

TEST(Archive, RandomDamageNeverLeadsOutside) {
    const u64 seed = fixture::wanted_seed().value_or(1);
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    ArchiveBuilder whole;
    whole.add_directory("d").add("d/first", "some data").add("d/second", std::string(300, 'x'));
    whole.end().zeros(64).add("third", "x").end();
    constexpr std::string_view kDigits = "0123456789ABCDEFf";
    for (int i = 0; i < 20000; ++i) {
        ArchiveBuilder damaged;
        damaged.raw(whole.bytes());
        const usize flips = 1 + random() % 6;
        for (usize f = 0; f < flips; ++f) {
            char& victim = damaged.bytes()[random() % damaged.bytes().size()];
            victim = random() % 2 == 0 ? kDigits[random() % kDigits.size()]
                                       : static_cast<char>(random());
        }
        damaged.bytes().resize(damaged.bytes().size() - random() % 16);
        const std::string text = summary(damaged);
        EXPECT_TRUE(text.ends_with(".") || text.find('!') != std::string::npos);
    }
}

}  // namespace
}  // namespace kernel::dev
