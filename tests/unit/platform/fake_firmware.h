// FakeFirmware: an SBI implementation whose extensions, version and moods the test chooses.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "arch/riscv64/platform/sbi.h"

namespace arch::riscv64::test {

/// Answers sbi::call() while it lives; one at a time. Public fields are for the test to set and
/// look at.
class FakeFirmware : kernel::Pinned {
public:
    using Extension = sbi::Extension;
    using Status = sbi::Status;

    /// What firmware of a version usually has.
    enum class Version { k0_2, k0_3, k1_0, k2_0 };

    explicit FakeFirmware(Version version);
    ~FakeFirmware();

    sbi::Reply call(Extension extension, u64 function, u64 a0, u64 a1, u64 a2, u64 a3);

    Version version;
    std::set<Extension> extensions;
    bool lists_legacy = true;  // whether the probe tells of the legacy calls

    // Leaving: what was tried, until something worked.
    std::set<sbi::ResetType> resets_that_work;
    bool legacy_shutdown_works = true;
    std::vector<std::string> ways_out;
    bool gone = false;
    /// Notes an attempt to leave, by firmware or else; `works` ends the machine.
    void leave(std::string way, bool works);

    // The console: what came out, and how each write is answered.
    std::string console;
    struct Take {
        Status status = Status::kSuccess;
        u64 bytes = ~u64{0};  // at most; more than was offered: a lie
    };
    std::deque<Take> takes;  // answers to the next writes
    Take usual_take{};       // to those after them
    u32 console_writes = 0;

    // Harts.
    struct Start {
        u64 hart;
        u64 entry;
        u64 opaque;
        bool operator==(const Start&) const = default;
    };
    std::set<u64> harts_that_refuse;
    std::vector<Start> starts;
    struct Fence {
        u64 function;
        u64 mask;
        u64 mask_base;
        u64 start;
        u64 size;
        bool operator==(const Fence&) const = default;
    };
    Status fence_answer = Status::kSuccess;
    std::vector<Fence> fences;
    std::vector<u64> interrupted;
    std::vector<u64> deadlines;

    /// Calls of an extension that is not there, the legacy ones aside.
    u32 calls_of_missing = 0;
    u32 probes = 0;

private:
    bool is_legacy(Extension extension) const;
    sbi::Reply base(u64 function, u64 which);
    sbi::Reply reset(u64 type, u64 reason);
    sbi::Reply write_console(u64 size, u64 at);
    sbi::Reply legacy(Extension extension, u64 argument);
};

}  // namespace arch::riscv64::test
