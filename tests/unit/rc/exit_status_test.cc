// Exit statuses: success in all its spellings, and statuses out of wait records.
#include "shell/rc/exit_status.h"

#include <gtest/gtest.h>

namespace kernel::shell::rc::test {
namespace {

TEST(ExitStatus, APipelineThatSucceededIsASuccess) {
    for (const char* success : {"", "|", "||", "0", "0|0"}) EXPECT_EQ(exit_status(success), "");
    for (const char* failure : {"1", "x", "|no matches|", "0|1"}) {
        EXPECT_EQ(exit_status(failure), failure);
    }
}

TEST(ExitStatus, ARecordsMessageNamesTheProcessFirst) {
    EXPECT_EQ(bare_status("rc 12: bad", 12), "bad");
    EXPECT_EQ(bare_status("a name 7: x 7: y", 7), "x 7: y");
    EXPECT_EQ(bare_status("rc 12: bad", 1), "rc 12: bad");
    EXPECT_EQ(bare_status("", 12), "");
}

}  // namespace
}  // namespace kernel::shell::rc::test
