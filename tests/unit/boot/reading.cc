// The tree is opened and described, and the log kept.
#include "tests/unit/boot/reading.h"

#include <gtest/gtest.h>

#include "base/log.h"

namespace boot::test {
namespace {

std::string log_lines;

}  // namespace

Reading::Reading(Blob blob, const Handoff& handoff) : blob_(std::move(blob)) {
    log_lines.clear();
    kernel::set_log_writer([](std::string_view line) { log_lines += line; });
    Result<Fdt> tree = Fdt::open(blob_, complaint_);
    if (!tree.ok()) return;
    const Result<void> described = describe_machine(tree.value(), handoff, *machine_, complaint_);
    ok_ = described.ok();
    if (!ok_) {
        EXPECT_EQ(described.error(), Error::kBadFdt);
    }
    EXPECT_EQ(ok_, complaint_.empty());
    log_ = std::move(log_lines);
}

}  // namespace boot::test
