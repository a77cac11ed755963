// Runs the contract cases in the image procyon-test: lines of TAP on the firmware's console.
#include "base/log.h"
#include "machine/boot_info.h"
#include "machine/console.h"
#include "machine/power.h"
#include "tests/contract/contract.h"

namespace contract {
namespace {

constinit kernel::Atomic<u32> failures{0};  // atomic: a count

class ConsoleSink final : public kernel::Sink {
public:
    void write(std::string_view text) override { kernel::machine::early_console_write(text); }
};

/// Runs all cases in turn and prints a line for each; returns how many failed.
u32 run_cases(kernel::Sink& sink) {
    // With this boot argument the first case fails, to show that a failure is seen.
    const bool canary = kernel::machine::boot_arg("contract-canary").has_value();
    u32 failed = 0;
    u32 number = 0;
    format_to(sink, "1..{}\n", std::size(kCases));
    for (const Row& row : kCases) {
        // relaxed (both): all tasks of the case have been joined in between.
        const u32 before = failures.load(std::memory_order_relaxed);
        row.run();
        if (canary) CONTRACT_CHECK(number != 0);
        const bool good = failures.load(std::memory_order_relaxed) == before;
        failed += good ? 0 : 1;
        format_to(sink, "{} {} - {}\n", good ? std::string_view("ok") : std::string_view("not ok"),
                  ++number, row.name);
    }
    return failed;
}

}  // namespace

void report_failure(const char* expression, const char* file, u32 line) {
    // relaxed: a count; read after all tasks of a case have been joined.
    failures.fetch_add(1, std::memory_order_relaxed);
    ConsoleSink sink;
    format_to(sink, "# {}:{}: {}\n", file, line, expression);
}

void run() {
    kernel::set_log_writer(kernel::machine::early_console_write);
    ConsoleSink sink;
    const u32 failed = run_cases(sink);
    format_to(sink, "# contract: {} harts, {} cases, {} failed\n", kernel::machine::hart_count(),
              std::size(kCases), failed);
    kernel::machine::power_off(failed == 0 ? 0 : 1);
}

}  // namespace contract
