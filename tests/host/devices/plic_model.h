// PlicModel: the registers of a platform-level interrupt controller, with what it does to drivers
// that do not keep to its rules.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "base/std.h"
#include "tests/host/common/device.h"

namespace host {

/// After the RISC-V PLIC specification 1.0.0. Lines are levels. Any host thread may call.
class PlicModel final : public RegisterModel {
public:
    using u32 = kernel::u32;
    using u64 = kernel::u64;

    struct Options {
        u32 sources = 0;                  // lines are 1 .. sources
        u32 contexts = 0;                 // with M contexts
        std::set<u32> supervisor{};       // the contexts that a kernel in S-mode may touch
        u32 priority_mask = 7;            // bits of a priority that are there
        bool completes_disabled = false;  // QEMU's: also what is not enabled is completed
        bool gives_way = false;           // other threads get in between a hart's accesses
    };
    /// What a driver did that it must not; all zero is what it should reach.
    struct Violations {
        u32 outside = 0;  // accesses where no register is, or to the line 0
        u32 width = 0;    // accesses that are not whole aligned words
        u32 foreign = 0;  // claims, thresholds and enables of contexts that are not the kernel's
        u32 not_claimed = 0;  // completions of a line that this context has not claimed
        u32 lost = 0;         // completions that were ignored: the line is dead from then on
        bool operator==(const Violations&) const = default;
    };

    explicit PlicModel(Options options);

    /// A device raises or lowers its line.
    void set_level(u32 line, bool high);
    /// An earlier stage enabled every line in every context, set thresholds so that nothing comes
    /// through, and gave priorities.
    void leave_everything_on();

    /// Whether the context's hart is interrupted now.
    bool interrupts(u32 context) const;
    bool enabled(u32 context, u32 line) const;
    std::vector<u32> enabled_lines(u32 context) const;
    u32 threshold(u32 context) const;
    u32 priority(u32 line) const;
    /// How often the line was claimed, and completed in the context that had claimed it.
    u32 claims(u32 line) const;
    u32 completions(u32 line) const;
    Violations violations() const;

    u64 read(u64 offset, unsigned width) override;
    void write(u64 offset, unsigned width, u64 value) override;

private:
    static constexpr u32 kNobody = ~u32{0};

    /// A line and its gateway, which lets one request through until that is completed.
    struct Line {
        bool high = false;
        bool pending = false;
        u32 claimed_by = kNobody;
        u32 priority = 0;
        u32 claims = 0;
        u32 completions = 0;
    };
    struct Context {
        std::vector<u32> enables;
        u32 threshold = 0;
    };
    /// A register by its offset; null members where there is none.
    struct Place {
        enum class Kind { kNone, kPriority, kPending, kEnables, kThreshold, kClaim } kind;
        u32 context = 0;
        u32 index = 0;  // line, or word
    };

    void give_way() const;
    Place place(u64 offset);
    u32 words() const { return options_.sources / 32 + 1; }
    u32 valid_bits(u32 word) const;
    bool is_enabled(u32 context, u32 line) const;
    void look(Line& line);
    /// The line that `context` would be given; 0: none.
    u32 best(u32 context) const;
    u32 claim(u32 context);
    void complete(u32 context, u32 line);

    const Options options_;
    mutable std::mutex mutex_;  // all below
    std::vector<Line> lines_;
    std::vector<Context> contexts_;
    Violations violations_;
};

}  // namespace host
