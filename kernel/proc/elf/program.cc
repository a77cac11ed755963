// Reading programs: the file, its program headers one by one, then what they make together.
#include "proc/elf/program.h"

#include "proc/elf/format.h"

namespace kernel::proc::elf {
namespace {

/// The `T` at `offset` of `head`, in which it lies.
template <class T>
T copy_out(ConstBytes head, usize offset) {
    T value;
    std::memcpy(&value, head.subspan(offset, sizeof(T)).data(), sizeof(T));
    return value;
}

/// What is wrong with the ELF header alone.
std::optional<Reason> problem_of(const FileHeader& header) {
    if (header.identity.word_size != kClass64) return Reason::kClass;
    if (header.identity.byte_order != kLittleEndian) return Reason::kByteOrder;
    if (header.identity.version != kCurrentVersion || header.version != kCurrentVersion) {
        return Reason::kVersion;
    }
    if (header.type != kTypeExecutable) return Reason::kType;
    if (header.machine != kMachineRiscv) return Reason::kMachine;
    if ((header.flags & kFlagSmallRegisterSet) != 0) return Reason::kSmallRegisterSet;
    const u32 float_abi = header.flags & kFloatAbiMask;
    if (float_abi != kFloatAbiSoft && float_abi != kFloatAbiDouble) return Reason::kFloatAbi;
    if ((header.flags & ~(kFlagCompressed | kFloatAbiMask)) != 0) return Reason::kUnknownFlags;
    if (header.program_header_size != sizeof(ProgramHeader)) return Reason::kEntrySize;
    if (header.program_header_count == 0) return Reason::kNoHeaders;
    if (header.program_header_count > kMaxProgramHeaders) return Reason::kTooManyHeaders;
    return {};
}

/// What is wrong with one PT_LOAD alone that takes memory.
std::optional<Reason> problem_of(const ProgramHeader& header, u64 file_size,
                                 const UserMemory& memory) {
    if (header.file_size > 0) {
        if (header.offset > file_size || header.file_size > file_size - header.offset) {
            return Reason::kBeyondFile;
        }
    }
    // 0 and 1 both say that nothing is asked for.
    const u64 alignment = std::max(header.alignment, u64{1});
    if (!std::has_single_bit(alignment)) return Reason::kAlignment;
    if (header.file_size > 0 && !is_aligned(header.address - header.offset, alignment)) {
        return Reason::kMisaligned;
    }
    if (header.address < memory.start.value || header.address > memory.end.value ||
        header.memory_size > memory.end.value - header.address) {
        return Reason::kOutsideMemory;
    }
    if ((header.flags & kReadable) == 0) return Reason::kUnreadable;
    if ((header.flags & kWritable) != 0 && (header.flags & kExecutable) != 0) {
        return Reason::kWritableCode;
    }
    return {};
}

Access access_of(const ProgramHeader& header) {
    if ((header.flags & kExecutable) != 0) return Access::kReadExecute;
    return (header.flags & kWritable) != 0 ? Access::kReadWrite : Access::kRead;
}

}  // namespace

/// One reading: the Program grows by a segment at a time.
class ProgramReader {
public:
    ProgramReader(ConstBytes head, u64 file_size, const UserMemory& memory, Refusal& why)
        : head_(head), file_size_(file_size), memory_(memory), why_(why) {}

    Result<Program> read();

private:
    Result<void> read_header(FileHeader& header);
    Result<void> take(const ProgramHeader& header, u32 number);
    Result<void> add(const Segment& segment, u32 number);
    Result<void> check_entry() const;

    Error refuse(Reason reason, u32 number = 0) const {
        why_ = {reason, number};
        return Error::kBadExec;
    }

    const ConstBytes head_;
    const u64 file_size_;
    const UserMemory memory_;
    Refusal& why_;
    Program program_;
};

Result<Program> ProgramReader::read() {
    FileHeader header;
    TRY(read_header(header));
    for (u32 number = 0; number < header.program_header_count; ++number) {
        const u64 offset = header.program_headers + number * sizeof(ProgramHeader);
        TRY(take(copy_out<ProgramHeader>(head_, offset), number));
    }
    if (program_.count_ == 0) return refuse(Reason::kNothingToLoad);
    program_.entry_ = {header.entry};
    TRY(check_entry());
    return program_;
}

/// Fills `header`; then all program headers that it speaks of lie in head_.
Result<void> ProgramReader::read_header(FileHeader& header) {
    if (!as_text(head_).starts_with(kMagic)) return refuse(Reason::kNotElf);
    if (head_.size() < sizeof(FileHeader)) return refuse(Reason::kHeaderCutOff);
    header = copy_out<FileHeader>(head_, 0);
    if (const std::optional<Reason> problem = problem_of(header)) return refuse(*problem);
    const usize size = header.program_header_count * sizeof(ProgramHeader);
    const auto holds_headers = [&](u64 bytes) {
        return header.program_headers <= bytes && size <= bytes - header.program_headers;
    };
    if (!holds_headers(file_size_)) return refuse(Reason::kHeadersBeyondFile);
    if (!holds_headers(head_.size())) return refuse(Reason::kHeadersTooFar);
    return {};
}

Result<void> ProgramReader::take(const ProgramHeader& header, u32 number) {
    if (header.type == kInterpreterName) return refuse(Reason::kInterpreter);
    if (header.type == kDynamicSection) return refuse(Reason::kDynamic);
    if (header.type != kLoad) return {};
    if (header.file_size > header.memory_size) return refuse(Reason::kBiggerInFile, number);
    if (header.memory_size == 0) return {};
    if (const std::optional<Reason> problem = problem_of(header, file_size_, memory_)) {
        return refuse(*problem, number);
    }
    return add({.start = {header.address},
                .memory_size = header.memory_size,
                .file_offset = header.file_size > 0 ? header.offset : 0,
                .file_size = header.file_size,
                .access = access_of(header)},
               number);
}

/// Puts `segment` in its place among those there are, whose pages are disjoint: so only its
/// neighbours can share one with it.
Result<void> ProgramReader::add(const Segment& segment, u32 number) {
    auto& segments = program_.segments_;
    usize place = program_.count_;
    while (place > 0 && segments[place - 1].start > segment.start) --place;
    if (place > 0 && segments[place - 1].end_page() > segment.first_page()) {
        return refuse(Reason::kOverlap, number);
    }
    if (place < program_.count_ && segment.end_page() > segments[place].first_page()) {
        return refuse(Reason::kOverlap, number);
    }
    if (program_.count_ == kMaxSegments) return refuse(Reason::kTooManySegments);
    std::copy_backward(segments.begin() + place, segments.begin() + program_.count_,
                       segments.begin() + program_.count_ + 1);
    segments[place] = segment;
    ++program_.count_;
    return {};
}

Result<void> ProgramReader::check_entry() const {
    const VirtAddr entry = program_.entry_;
    if (!is_aligned(entry.value, 2)) return refuse(Reason::kEntryOdd);
    for (const Segment& segment : program_.segments()) {
        if (segment.access == Access::kReadExecute && entry >= segment.start &&
            entry < segment.end()) {
            return {};
        }
    }
    return refuse(Reason::kEntryOutside);
}

Result<Program> read_program(ConstBytes head, u64 file_size, const UserMemory& memory,
                             Refusal& why) {
    ASSERT(is_aligned(memory.start.value, kPageSize) && is_aligned(memory.end.value, kPageSize));
    ASSERT(memory.start <= memory.end);
    // What is beyond either limit must not decide anything.
    const u64 seen = std::min({u64{head.size()}, file_size, u64{kHeadBytes}});
    return ProgramReader(head.first(seen), file_size, memory, why).read();
}

}  // namespace kernel::proc::elf
