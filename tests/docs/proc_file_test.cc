// docs/adding-a-proc-file.md: its function and its row, as the page gives them, compile against the kernel.
#include <gtest/gtest.h>

#include "chan/rendered_text.h"
#include "devproc/file_table.h"
#include "devproc/files.h"
#include "devproc/place.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

#include "function.inc"

constexpr File kRow =
#include "row.inc"
    ;

TEST(AddingAProcFile, TheRowOfThePageIsAWholeRow) {
    EXPECT_EQ(kRow.name, "pending");
    EXPECT_EQ(kRow.read, &read_pending);
    EXPECT_EQ(kRow.mode, 0444u);
    EXPECT_FALSE(kRow.help.empty());
}

}  // namespace
}  // namespace kernel::devproc
