// The rules a second time: wide arithmetic in place of care, whole lists in place of neighbours.
#include "tests/unit/elf/judge.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "proc/elf/script.h"

namespace kernel::proc::elf::test {
namespace {

__extension__ typedef unsigned __int128 Wide;  // sums of 64-bit numbers do not overflow in it

struct Expected {
    u64 entry = 0;
    std::vector<Segment> segments;
};

bool is_power_of_two(u64 value) {
    for (int bit = 0; bit < 64; ++bit) {
        if (value == u64{1} << bit) return true;
    }
    return false;
}

bool share_a_page(const Segment& one, const Segment& other) {
    const u64 last_of_one = (one.start.value + one.memory_size - 1) / kPageSize;
    const u64 last_of_other = (other.start.value + other.memory_size - 1) / kPageSize;
    return one.start.value / kPageSize <= last_of_other &&
           other.start.value / kPageSize <= last_of_one;
}

bool is_good_header(const Elf64_Ehdr& header) {
    const u32 float_abi = header.e_flags & EF_RISCV_FLOAT_ABI;
    return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
           header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB &&
           header.e_ident[EI_VERSION] == EV_CURRENT && header.e_version == EV_CURRENT &&
           header.e_type == ET_EXEC && header.e_machine == EM_RISCV &&
           header.e_phentsize == sizeof(Elf64_Phdr) && header.e_phnum >= 1 &&
           header.e_phnum <= 16 && (header.e_flags | 7) == 7 &&
           (float_abi == EF_RISCV_FLOAT_ABI_SOFT || float_abi == EF_RISCV_FLOAT_ABI_DOUBLE);
}

bool is_good_part(const Elf64_Phdr& part, u64 file_size, const UserMemory& memory) {
    const bool fits_file = Wide{part.p_offset} + part.p_filesz <= file_size;
    const bool fits_memory =
        part.p_vaddr >= memory.start.value && Wide{part.p_vaddr} + part.p_memsz <= memory.end.value;
    if (part.p_align > 1 && !is_power_of_two(part.p_align)) return false;
    const u64 alignment = part.p_align > 1 ? part.p_align : 1;
    const bool is_aligned = part.p_vaddr % alignment == part.p_offset % alignment;
    return (part.p_filesz == 0 || (fits_file && is_aligned)) && fits_memory &&
           (part.p_flags & PF_R) != 0 && (part.p_flags & (PF_W | PF_X)) != (PF_W | PF_X);
}

Access access_of(u32 flags) {
    if ((flags & PF_X) != 0) return Access::kReadExecute;
    return (flags & PF_W) != 0 ? Access::kReadWrite : Access::kRead;
}

std::optional<Expected> expect_program(ConstBytes head, u64 file_size, const UserMemory& memory) {
    const u64 seen = std::min<u64>({head.size(), file_size, kHeadBytes});
    Elf64_Ehdr header;
    if (seen < sizeof header) return {};
    std::memcpy(&header, head.data(), sizeof header);
    if (!is_good_header(header)) return {};
    if (Wide{header.e_phoff} + header.e_phnum * sizeof(Elf64_Phdr) > seen) return {};
    Expected expected{.entry = header.e_entry, .segments = {}};
    for (usize i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr part;
        std::memcpy(&part, head.data() + header.e_phoff + i * sizeof part, sizeof part);
        if (part.p_type == PT_INTERP || part.p_type == PT_DYNAMIC) return {};
        if (part.p_type != PT_LOAD) continue;
        if (part.p_filesz > part.p_memsz) return {};
        if (part.p_memsz == 0) continue;
        if (!is_good_part(part, file_size, memory)) return {};
        expected.segments.push_back({.start = {part.p_vaddr},
                                     .memory_size = part.p_memsz,
                                     .file_offset = part.p_filesz == 0 ? 0 : part.p_offset,
                                     .file_size = part.p_filesz,
                                     .access = access_of(part.p_flags)});
    }
    auto& segments = expected.segments;
    if (segments.empty() || segments.size() > 8) return {};
    for (const Segment& one : segments) {
        for (const Segment& other : segments) {
            if (&one != &other && share_a_page(one, other)) return {};
        }
    }
    const bool enters = std::ranges::any_of(segments, [&](const Segment& segment) {
        return segment.access == Access::kReadExecute && header.e_entry >= segment.start.value &&
               header.e_entry - segment.start.value < segment.memory_size;
    });
    if (!enters || header.e_entry % 2 != 0) return {};
    std::ranges::sort(segments, {}, &Segment::start);
    return expected;
}

/// What program.h promises of each program, whatever it was read from.
std::string broken_promise(const Program& program, u64 file_size, const UserMemory& memory) {
    if (program.segments().empty() || program.segments().size() > kMaxSegments) return "count";
    bool enters = false;
    u64 last = memory.start.value;
    for (const Segment& segment : program.segments()) {
        if (segment.memory_size == 0 || segment.file_size > segment.memory_size) return "sizes";
        if (segment.first_page().value % kPageSize != 0 ||
            segment.end_page().value % kPageSize != 0)
            return "page bounds";
        if (segment.first_page().value < last) return "order, or pages in two segments";
        if (segment.start < segment.first_page() || segment.end() > segment.end_page() ||
            segment.start.value - segment.first_page().value >= kPageSize ||
            segment.end_page().value - segment.end().value >= kPageSize)
            return "pages beside the segment";
        last = segment.end_page().value;
        if (segment.end() <= segment.start || last > memory.end.value) return "user memory";
        if (Wide{segment.file_offset} + segment.file_size > file_size) return "file";
        if (segment.can_map_in_place()) {
            const u64 before = segment.start.value - segment.first_page().value;
            if (segment.file_size == 0 || segment.file_offset < before ||
                (segment.file_offset - before) % kPageSize != 0)
                return "mapping in place";
        } else if (segment.file_size > 0 &&
                   segment.file_offset % kPageSize == segment.start.value % kPageSize) {
            return "not mapping in place";
        }
        enters = enters || (segment.access == Access::kReadExecute &&
                            program.entry() >= segment.start && program.entry() < segment.end());
    }
    if (!enters || program.entry().value % 2 != 0) return "entry";
    if (program.end_of_data().value != last) return "end of data";
    return {};
}

std::string compare(const Result<Program>& got, const Refusal& why,
                    const std::optional<Expected>& expected, u64 file_size,
                    const UserMemory& memory) {
    if (!got.ok()) {
        const std::string words(describe(why).view());
        if (expected.has_value()) return "refused for no reason: " + words;
        if (got.error() != Error::kBadExec) return "another error";
        const bool counts = words.starts_with("segment ");
        return !counts && why.segment != 0 ? "a segment that nobody asked for" : "";
    }
    const Program& program = got.value();
    const std::string broken = broken_promise(program, file_size, memory);
    if (!broken.empty()) return "a promise is broken: " + broken;
    if (!expected.has_value()) return "accepted, but should not be";
    if (program.entry().value != expected->entry) return "another entry";
    if (!std::ranges::equal(program.segments(), expected->segments)) return "other segments";
    return {};
}

/// `bytes` at an address that is odd or even, and nothing readable behind.
struct Copy {
    Copy(ConstBytes bytes, usize shift) : block(new std::byte[bytes.size() + shift]) {
        std::ranges::copy(bytes, block.get() + shift);
        view = {block.get() + shift, bytes.size()};
    }
    std::unique_ptr<std::byte[]> block;
    ConstBytes view;
};

}  // namespace

std::string judge_program(ConstBytes head, u64 file_size, const UserMemory& memory) {
    const std::optional<Expected> expected = expect_program(head, file_size, memory);
    Refusal first;
    for (const usize shift : {0, 1}) {
        const Copy copy(head, shift);
        Refusal why;
        const Result<Program> got = read_program(copy.view, file_size, memory, why);
        std::string wrong = compare(got, why, expected, file_size, memory);
        if (!wrong.empty()) return wrong;
        if (shift == 0) first = why;
        if (why != first) return "another reason at another address";
    }
    return {};
}

std::vector<std::string> words_of(std::string_view line, usize most) {
    std::vector<std::string> words;
    enum { kBetween, kPlain, kQuoted, kAfterQuote } state = kBetween;
    for (const char c : line) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (state == kAfterQuote) {
            state = kPlain;
            if (c == '\'') {
                words.back() += '\'';
                state = kQuoted;
                continue;
            }
        }
        if (state == kQuoted) {
            if (c == '\'') {
                state = kAfterQuote;
            } else {
                words.back() += c;
            }
        } else if (blank) {
            state = kBetween;
        } else {
            if (state == kBetween) words.emplace_back();
            state = c == '\'' ? kQuoted : kPlain;
            if (c != '\'') words.back() += c;
        }
    }
    if (words.size() > most) words.resize(most);
    return words;
}

std::string judge_script(ConstBytes head) {
    const Copy copy(head, 0);
    Refusal why;
    const Result<std::optional<Script>> got = read_script(copy.view, why);
    std::string text(as_text(head.first(std::min<usize>(head.size(), 256))));
    if (text.size() < 2 || text[0] != '#' || text[1] != '!') {
        return got.ok() && !got.value().has_value() ? "" : "not a script, but taken for one";
    }
    const usize newline = text.find('\n');
    std::vector<std::string> words;
    if (newline != std::string::npos) {
        // The string ends at its first NUL.
        words = words_of(text.substr(2, newline - 2).c_str(), 32);
    }
    if (words.empty()) {
        const Reason reason =
            newline == std::string::npos ? Reason::kLineWithoutEnd : Reason::kNoInterpreter;
        const bool refused = !got.ok() && got.error() == Error::kBadExec && why.reason == reason;
        return refused ? "" : "a bad line, but not refused for it";
    }
    if (!got.ok()) return "refused for no reason";
    if (!got.value().has_value()) return "a script, but not taken for one";
    const Script script = *got.value();  // a copy, whose words are its own
    if (script.word_count() != words.size()) return "another number of words";
    for (usize i = 0; i < words.size(); ++i) {
        if (script.word(i) != words[i]) return "another word";
    }
    return script.interpreter() == words[0] ? "" : "another interpreter";
}

std::string verdict(ConstBytes head, u64 file_size, const UserMemory& memory) {
    const std::string objection = judge_program(head, file_size, memory);
    if (!objection.empty()) return "the judge objects: " + objection;
    Refusal why;
    const Result<Program> program = read_program(head, file_size, memory, why);
    return program.ok() ? "" : std::string(describe(why));
}

std::string verdict(const Image& image) {
    return verdict(image.head(), image.file_size, kUserMemory);
}

}  // namespace kernel::proc::elf::test
