// What rc as a program makes of the kernel's bytes, and of its own command line.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "user/include/abi.h"
#include "user/programs/rc/options.h"
#include "user/programs/rc/records.h"

namespace kernel::shell::user {
namespace {

TEST(RcErrors, EveryTextOfTheKernelIsItsError) {
    int errors = 0;
#define ERROR(name, text)                                            \
    EXPECT_EQ(error_named(text), Error::name) << text;               \
    EXPECT_EQ(error_named(text ": 'detail'"), Error::name) << text;  \
    EXPECT_EQ(error_named(text " \"detail\""), Error::name) << text; \
    ++errors;
#include "base/error.def"
#undef ERROR
    EXPECT_GT(errors, 40);
}

TEST(RcErrors, ATextOfNobodysIsGeneric) {
    for (const char* text : {"", "file does not exist!", "file", "permission deniedx"}) {
        EXPECT_EQ(error_named(text), Error::kGeneric) << text;
    }
}

TEST(RcWaitRecords, PidAndStatusAreTaken) {
    Result<rc::WaitRecord> record = parse_wait_record("12 0 10 250 ''");
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record.value().pid, 12u);
    EXPECT_EQ(record.value().status.view(), "");
    record = parse_wait_record("4294967295 1 2 3 'rc 4294967295: it''s bad'");
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record.value().pid, 4294967295u);
    EXPECT_EQ(record.value().status.view(), "it's bad");
}

TEST(RcWaitRecords, AnythingElseIsRefused) {
    for (const char* text : {"", "12", "12 0 0 0", "x 0 0 0 ''", "12 0 x 0 ''", "01 0 0 0 ''"}) {
        EXPECT_EQ(parse_wait_record(text).error(), Error::kBadArg) << text;
    }
}

/// A stat record of a file `name`.
std::string file_record(const std::string& name, std::uint32_t mode) {
    const auto number = [](std::uint64_t value, int size) {
        std::string bytes;
        for (int i = 0; i < size; ++i) {
            bytes += static_cast<char>(i < 8 ? value >> 8 * i : 0);
        }
        return bytes;
    };
    std::string rest = number('M', 2) + number(1, 4) + number(0, 13) + number(mode, 4) +
                       number(0, 4) + number(0, 4) + number(123, 8);
    for (const std::string& text : {name, std::string("eve"), std::string("eve"), std::string()}) {
        rest += number(text.size(), 2) + text;
    }
    return number(rest.size(), 2) + rest;
}

TEST(RcFileRecords, OneAfterTheOther) {
    const std::string both = file_record("bin", DMDIR | 0755) + file_record("", 0644);
    ConstBytes rest = as_bytes(both);
    Result<FileRecord> record = parse_file_record(rest);
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record.value().name, "bin");
    EXPECT_EQ(record.value().mode, DMDIR | 0755);
    rest = rest.subspan(record.value().size);
    record = parse_file_record(rest);
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record.value().name, "");
    EXPECT_EQ(record.value().mode, 0644u);
    EXPECT_EQ(record.value().size, rest.size());
}

TEST(RcFileRecords, APartOfOneIsRefused) {
    const std::string whole = file_record("name", 0644);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(parse_file_record(as_bytes(whole).first(size)).error(), Error::kShortStat)
            << size;
    }
    std::string liar = whole;
    liar[41] = '\x7f';
    EXPECT_EQ(parse_file_record(as_bytes(liar)).error(), Error::kShortStat);
}

/// parse_options() of `rc` and these words; kBadArg as nothing.
std::optional<Options> options_of(std::vector<std::string> words, const char* name = "rc") {
    std::vector<char*> pointers;
    std::string zero = name;
    pointers.push_back(zero.data());
    for (std::string& word : words) pointers.push_back(word.data());
    const Result<Options> parsed = parse_options(pointers);
    if (!parsed.ok()) return std::nullopt;
    Options options = parsed.value();
    static std::string commands;  // outlives the words
    if (options.commands.has_value()) options.commands = commands = *options.commands;
    return options;
}

TEST(RcOptions, LettersInAnyGrouping) {
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"-el", "-x"}, {"-e", "-l", "-x"}, {"-dexlp"}}) {
        const auto options = options_of(words);
        ASSERT_TRUE(options.has_value());
        EXPECT_TRUE(options->exit_on_failure && options->login && options->print_commands);
        EXPECT_FALSE(options->interactive || options->never_interactive || options->report_status);
        EXPECT_FALSE(options->commands.has_value());
        EXPECT_EQ(options->first, words.size() + 1);
    }
    EXPECT_TRUE(options_of({"-i"})->interactive);
    EXPECT_TRUE(options_of({"-I"})->never_interactive);
    EXPECT_TRUE(options_of({"-s"})->report_status);
    EXPECT_TRUE(options_of({}, "-rc")->login);
    EXPECT_FALSE(options_of({})->login);
}

TEST(RcOptions, CommandsEndTheOptions) {
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"-c", "echo"}, {"-cecho"}, {"-lcecho"}}) {
        auto all = words;
        all.push_back("-x");
        const auto options = options_of(all);
        ASSERT_TRUE(options.has_value());
        EXPECT_EQ(options->commands, "echo");
        EXPECT_FALSE(options->print_commands);
        EXPECT_EQ(options->first, words.size() + 1);
    }
    EXPECT_EQ(options_of({"-c", ""})->commands, "");
}

TEST(RcOptions, AFileEndsTheOptions) {
    for (const char* file : {"file", "-", ""}) {
        const auto options = options_of({"-e", file, "-x"});
        ASSERT_TRUE(options.has_value());
        EXPECT_FALSE(options->print_commands);
        EXPECT_EQ(options->first, 2u);
    }
}

TEST(RcOptions, WhatIsNoOptionIsRefused) {
    EXPECT_FALSE(options_of({"-z"}).has_value());
    EXPECT_FALSE(options_of({"-ez"}).has_value());
    EXPECT_FALSE(options_of({"-c"}).has_value());
    EXPECT_FALSE(options_of({"--"}).has_value());
}

}  // namespace
}  // namespace kernel::shell::user
