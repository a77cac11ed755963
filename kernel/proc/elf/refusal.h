// Refusal: why a file cannot be run, as a value and as words for a person.
#pragma once

#include "base/fixed_string.h"
#include "base/std.h"

namespace kernel::proc::elf {

/// What can be wrong with a program or with a script's first line, in the order of the checks.
enum class Reason : u8 {
    // The file.
    kNotElf,
    kHeaderCutOff,
    kClass,
    kByteOrder,
    kVersion,
    kType,
    kMachine,
    kSmallRegisterSet,
    kFloatAbi,
    kUnknownFlags,
    // Its program headers.
    kEntrySize,
    kNoHeaders,
    kTooManyHeaders,
    kHeadersBeyondFile,
    kHeadersTooFar,
    kInterpreter,
    kDynamic,
    // One of its segments.
    kBiggerInFile,
    kBeyondFile,
    kAlignment,
    kMisaligned,
    kOutsideMemory,
    kUnreadable,
    kWritableCode,
    kOverlap,
    // All of its segments.
    kTooManySegments,
    kNothingToLoad,
    kEntryOdd,
    kEntryOutside,
    // A script.
    kLineWithoutEnd,
    kNoInterpreter,
};

/// How many reasons there are.
inline constexpr usize kReasons = static_cast<usize>(Reason::kNoInterpreter) + 1;

/// Filled by whoever returns kBadExec.
struct Refusal {
    Reason reason = Reason::kNotElf;
    u32 segment = 0;  // as `readelf -l` counts program headers; if the reason is about a segment

    constexpr bool operator==(const Refusal&) const = default;
};

/// Room for a refusal in words.
using RefusalText = FixedString<96>;

/// `refusal` in words, to follow the text of kBadExec after a colon: "segment 2 is outside user
/// memory". Both fit an error string, uncut. Any context.
RefusalText describe(const Refusal& refusal);

}  // namespace kernel::proc::elf
