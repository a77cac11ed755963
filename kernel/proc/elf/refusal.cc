// The table of reasons and their words.
#include "proc/elf/refusal.h"

#include "proc/elf/format.h"

namespace kernel::proc::elf {
namespace {

enum class About : u8 { kFile, kSegment };

struct Row {
    Reason reason;
    About about;
    std::string_view text;  // of a segment: what follows "segment N "
};

constexpr std::array kRows = {
    Row{Reason::kNotElf, About::kFile, "not an ELF file"},
    Row{Reason::kHeaderCutOff, About::kFile, "the ELF header is cut off"},
    Row{Reason::kClass, About::kFile, "not a 64-bit program"},
    Row{Reason::kByteOrder, About::kFile, "not a little-endian program"},
    Row{Reason::kVersion, About::kFile, "unknown version of ELF"},
    Row{Reason::kType, About::kFile, "not linked to a fixed address"},
    Row{Reason::kMachine, About::kFile, "not a RISC-V program"},
    Row{Reason::kSmallRegisterSet, About::kFile, "made for the small register set, RVE"},
    Row{Reason::kFloatAbi, About::kFile, "the floating-point ABI is neither soft nor double"},
    Row{Reason::kUnknownFlags, About::kFile, "flags of an unknown RISC-V extension"},
    Row{Reason::kEntrySize, About::kFile, "program headers of a wrong size"},
    Row{Reason::kNoHeaders, About::kFile, "no program headers"},
    Row{Reason::kTooManyHeaders, About::kFile, "too many program headers"},
    Row{Reason::kHeadersBeyondFile, About::kFile, "the program headers are cut off"},
    Row{Reason::kHeadersTooFar, About::kFile, "the program headers are too far into the file"},
    Row{Reason::kInterpreter, About::kFile, "needs a program interpreter"},
    Row{Reason::kDynamic, About::kFile, "linked dynamically"},
    Row{Reason::kBiggerInFile, About::kSegment, "has more bytes in the file than in memory"},
    Row{Reason::kBeyondFile, About::kSegment, "is beyond the end of the file"},
    Row{Reason::kAlignment, About::kSegment, "has an alignment that is no power of two"},
    Row{Reason::kMisaligned, About::kSegment, "is not aligned as it says"},
    Row{Reason::kOutsideMemory, About::kSegment, "is outside user memory"},
    Row{Reason::kUnreadable, About::kSegment, "is not readable"},
    Row{Reason::kWritableCode, About::kSegment, "is both writable and executable"},
    Row{Reason::kOverlap, About::kSegment, "shares a page with another"},
    Row{Reason::kTooManySegments, About::kFile, "too many segments"},
    Row{Reason::kNothingToLoad, About::kFile, "nothing to load"},
    Row{Reason::kEntryOdd, About::kFile, "the entry is at an odd address"},
    Row{Reason::kEntryOutside, About::kFile, "the entry is in no executable segment"},
    Row{Reason::kLineWithoutEnd, About::kFile, "the #! line is too long or has no end"},
    Row{Reason::kNoInterpreter, About::kFile, "the #! line names no interpreter"},
};

constexpr std::string_view kSegmentPrefix = "segment ";
constexpr usize kSegmentDigits = 2;
static_assert(kMaxProgramHeaders <= 100);

constexpr bool has_a_row_for_each_reason() {
    for (usize i = 0; i < kRows.size(); ++i) {
        if (kRows[i].reason != static_cast<Reason>(i)) return false;
    }
    return kRows.size() == kReasons;
}
static_assert(has_a_row_for_each_reason());

constexpr bool all_texts_fit() {
    constexpr std::string_view kBefore = "exec header invalid: ";
    for (const Row& row : kRows) {
        const usize prefix =
            row.about == About::kSegment ? kSegmentPrefix.size() + kSegmentDigits + 1 : 0;
        const usize size = prefix + row.text.size();
        if (size > RefusalText::kCapacity || kBefore.size() + size >= kErrorTextMax) return false;
    }
    return true;
}
static_assert(all_texts_fit());

}  // namespace

RefusalText describe(const Refusal& refusal) {
    const Row& row = kRows[static_cast<usize>(refusal.reason)];
    RefusalText text;
    if (row.about == About::kSegment) {
        text.format("{}{} {}", kSegmentPrefix, refusal.segment, row.text);
    } else {
        text.assign(row.text);
    }
    return text;
}

}  // namespace kernel::proc::elf
