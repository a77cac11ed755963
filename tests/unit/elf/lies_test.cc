// Lies of ELF files, one at a time: each is refused for its reason, and its neighbour is taken.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "proc/elf/program.h"
#include "tests/unit/elf/image.h"
#include "tests/unit/elf/judge.h"

namespace kernel::proc::elf {
namespace {

using test::Image;
using test::kCode;
using test::kConstants;
using test::kData;
using test::load;
using test::small_program;
using Ehdr = Elf64_Ehdr;
using Phdr = Elf64_Phdr;
using MaybeReason = std::optional<Reason>;

constexpr u64 kMemoryEnd = test::kUserMemory.end.value;
constexpr MaybeReason kTaken;

/// One change to small_program(), and why it is none then, if so.
struct Change {
    const char* what;
    MaybeReason reason;
    std::function<void(Image&)> make;
    u32 segment = 0;
};
using Changes = std::vector<Change>;

/// A change to anything; what is wrong is not of one segment.
Change image(const char* what, MaybeReason reason, std::function<void(Image&)> make) {
    return {what, reason, make};
}
/// A change to the ELF header.
Change header(const char* what, MaybeReason reason, std::function<void(Ehdr&)> make) {
    return {what, reason, [make](Image& i) { make(i.header); }};
}
Change entry(const char* what, MaybeReason reason, u64 address) {
    return header(what, reason, [address](Ehdr& h) { h.e_entry = address; });
}
/// A change to one program header, refused as that segment's.
Change segment(usize part, const char* what, MaybeReason reason, std::function<void(Phdr&)> make) {
    return {what, reason, [part, make](Image& i) { make(i.parts[part]); }, static_cast<u32>(part)};
}
Change code(const char* what, MaybeReason reason, std::function<void(Phdr&)> make) {
    return segment(kCode, what, reason, make);
}
Change data(const char* what, MaybeReason reason, std::function<void(Phdr&)> make) {
    return segment(kData, what, reason, make);
}
/// A fourth segment, of zeros.
Change more(const char* what, MaybeReason reason, u64 address, u64 size) {
    const auto make = [address, size](Image& i) {
        i.parts.push_back(load(address, 0, 0, size, PF_R));
        i.recount();
    };
    return {what, reason, make, 3};
}
/// So many PT_LOADs in all.
Change loads(const char* what, MaybeReason reason, usize count, usize empty_ones = 0) {
    return image(what, reason, [count, empty_ones](Image& i) {
        for (u64 page = 0x100; i.parts.size() < count; ++page) {
            i.parts.push_back(load(page * kPageSize, 0, 1, 1, PF_R));
        }
        i.parts.resize(i.parts.size() + empty_ones, load(0, 0, 0, 0, PF_R));
        i.recount();
    });
}
/// Program headers of another type, full of nonsense that must not matter.
Change others(const char* what, MaybeReason reason, u32 type, usize count = 1) {
    return image(what, reason, [type, count](Image& i) {
        Phdr part = load(3, ~u64{0}, 9, 1, PF_W | PF_X);
        part.p_type = type;
        part.p_align = 3;
        i.parts.resize(i.parts.size() + count, part);
        i.recount();
    });
}
Change size(const char* what, MaybeReason reason, u64 file_size) {
    return image(what, reason, [file_size](Image& i) { i.file_size = file_size; });
}
/// Program headers that end at `end` of the file.
Change headers_to(const char* what, MaybeReason reason, u64 end) {
    return image(what, reason,
                 [end](Image& i) { i.header.e_phoff = end - i.parts.size() * sizeof(Phdr); });
}

Changes to_the_file() {
    return {
        image("nothing", kTaken, [](Image&) {}),
        header("magic", Reason::kNotElf, [](Ehdr& h) { h.e_ident[3] = 'f'; }),
        size("no byte", Reason::kNotElf, 0),
        size("three bytes", Reason::kNotElf, 3),
        size("four bytes", Reason::kHeaderCutOff, 4),
        size("63 bytes", Reason::kHeaderCutOff, 63),
        size("64 bytes", Reason::kHeadersBeyondFile, 64),
        header("32 bits", Reason::kClass, [](Ehdr& h) { h.e_ident[EI_CLASS] = ELFCLASS32; }),
        header("no class", Reason::kClass, [](Ehdr& h) { h.e_ident[EI_CLASS] = 0; }),
        header("big-endian", Reason::kByteOrder, [](Ehdr& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; }),
        header("version 0", Reason::kVersion, [](Ehdr& h) { h.e_ident[EI_VERSION] = 0; }),
        header("version 2", Reason::kVersion, [](Ehdr& h) { h.e_version = 2; }),
        header("another system", kTaken, [](Ehdr& h) { h.e_ident[EI_OSABI] = ELFOSABI_GNU; }),
        header("an object", Reason::kType, [](Ehdr& h) { h.e_type = ET_REL; }),
        header("position-independent", Reason::kType, [](Ehdr& h) { h.e_type = ET_DYN; }),
        header("a core dump", Reason::kType, [](Ehdr& h) { h.e_type = ET_CORE; }),
        header("AMD64", Reason::kMachine, [](Ehdr& h) { h.e_machine = EM_X86_64; }),
        header("the size of the header", kTaken, [](Ehdr& h) { h.e_ehsize = 1; }),
    };
}

Changes to_the_flags() {
    const auto flags = [](const char* what, MaybeReason reason, u32 value) {
        return header(what, reason, [value](Ehdr& h) { h.e_flags = value; });
    };
    return {
        flags("none", kTaken, 0),
        flags("compressed, soft", kTaken, EF_RISCV_RVC),
        flags("compressed, double", kTaken, EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE),
        flags("double", kTaken, EF_RISCV_FLOAT_ABI_DOUBLE),
        flags("single", Reason::kFloatAbi, EF_RISCV_FLOAT_ABI_SINGLE),
        flags("quad", Reason::kFloatAbi, EF_RISCV_FLOAT_ABI_QUAD),
        flags("RVE", Reason::kSmallRegisterSet, EF_RISCV_RVE),
        flags("RVE, quad", Reason::kSmallRegisterSet, EF_RISCV_RVE | EF_RISCV_FLOAT_ABI_QUAD),
        flags("total store order", Reason::kUnknownFlags, EF_RISCV_TSO),
        flags("a vendor's", Reason::kUnknownFlags, EF_RISCV_RVC | 1u << 31),
    };
}

Changes to_the_program_headers() {
    return {
        header("small entries", Reason::kEntrySize, [](Ehdr& h) { h.e_phentsize = 55; }),
        header("large entries", Reason::kEntrySize, [](Ehdr& h) { h.e_phentsize = 57; }),
        header("none", Reason::kNoHeaders, [](Ehdr& h) { h.e_phnum = 0; }),
        others("16", kTaken, PT_NOTE, 13),
        others("17", Reason::kTooManyHeaders, PT_NOTE, 14),
        header("65535", Reason::kTooManyHeaders, [](Ehdr& h) { h.e_phnum = PN_XNUM; }),
        header("wrapping", Reason::kHeadersBeyondFile, [](Ehdr& h) { h.e_phoff = ~u64{0} - 8; }),
        headers_to("at an odd offset", kTaken, 0x401),
        headers_to("at the end of what is seen", kTaken, kHeadBytes),
        headers_to("beyond what is seen", Reason::kHeadersTooFar, kHeadBytes + 1),
        headers_to("at the end of the file", Reason::kHeadersTooFar, 0x3800),
        headers_to("beyond the end of the file", Reason::kHeadersBeyondFile, 0x3801),
        others("an interpreter", Reason::kInterpreter, PT_INTERP),
        others("a dynamic section", Reason::kDynamic, PT_DYNAMIC),
        others("data of threads", kTaken, PT_TLS),
        others("a note", kTaken, PT_NOTE),
        others("the headers themselves", kTaken, PT_PHDR),
        others("a library", kTaken, PT_SHLIB),
        others("nothing at all", kTaken, PT_NULL),
        others("an executable stack", kTaken, PT_GNU_STACK),
        others("what is read-only later", kTaken, PT_GNU_RELRO),
        others("attributes", kTaken, 0x7000'0003),
        others("a type of tomorrow", kTaken, ~u32{0}),
    };
}

Changes to_sizes_and_offsets() {
    return {
        data("all of data in the file", kTaken, [](Phdr& p) { p.p_memsz = 0x700; }),
        data("a byte more in the file", Reason::kBiggerInFile, [](Phdr& p) { p.p_memsz = 0x6ff; }),
        data("no memory, but bytes", Reason::kBiggerInFile, [](Phdr& p) { p.p_memsz = 0; }),
        data("no memory, and nonsense", kTaken,
             [](Phdr& p) {
                 p = load(~u64{0}, ~u64{0}, 0, 0, PF_W | PF_X);
                 p.p_align = 3;
             }),
        size("to the end of the file", kTaken, 0x3800),
        data("a byte beyond it", Reason::kBeyondFile, [](Phdr& p) { p.p_filesz = 0x701; }),
        data("from behind it", Reason::kBeyondFile, [](Phdr& p) { p.p_offset = 0x4100; }),
        data("its last byte alone", kTaken,
             [](Phdr& p) {
                 p.p_offset = 0x37ff;
                 p.p_filesz = p.p_align = 1;
             }),
        data("the byte behind it alone", Reason::kBeyondFile,
             [](Phdr& p) {
                 p.p_offset = 0x3800;
                 p.p_filesz = p.p_align = 1;
             }),
        data("ends at 2^64", Reason::kBeyondFile, [](Phdr& p) { p.p_offset = 0 - u64{0x700}; }),
        data("ends at 2^64 + 8", Reason::kBeyondFile, [](Phdr& p) { p.p_offset = 0 - u64{0x6f8}; }),
        data("a size that wraps", Reason::kBeyondFile,
             [](Phdr& p) { p.p_filesz = p.p_memsz = 0 - u64{0x3100}; }),
        data("no bytes, wherever from", kTaken,
             [](Phdr& p) {
                 p.p_filesz = 0;
                 p.p_offset = ~u64{0};
             }),
    };
}

Changes to_alignment_and_access() {
    const auto aligned = [](const char* what, MaybeReason reason, u64 alignment) {
        return data(what, reason, [alignment](Phdr& p) { p.p_align = alignment; });
    };
    const auto allowed = [](const char* what, MaybeReason reason, u32 flags) {
        return data(what, reason, [flags](Phdr& p) { p.p_flags = flags; });
    };
    return {
        aligned("to 0", kTaken, 0),
        aligned("to 1", kTaken, 1),
        aligned("to 3", Reason::kAlignment, 3),
        aligned("to 2^64 - 1", Reason::kAlignment, ~u64{0}),
        aligned("as far as offset and address are apart", kTaken, 0x10000),
        aligned("twice as far", Reason::kMisaligned, 0x20000),
        aligned("to 2^63", Reason::kMisaligned, u64{1} << 63),
        image("to 2^63, and is", kTaken,
              [](Image& i) {
                  i.parts[kData].p_align = u64{1} << 63;
                  i.parts[kData].p_offset = i.parts[kData].p_vaddr;
                  i.file_size = 0x20000;
              }),
        data("to 3, without bytes", Reason::kAlignment,
             [](Phdr& p) {
                 p.p_align = 3;
                 p.p_filesz = 0;
             }),
        data("a byte off", Reason::kMisaligned, [](Phdr& p) { p.p_offset = 0x30ff; }),
        data("a byte off, as it says", kTaken,
             [](Phdr& p) {
                 p.p_offset = 0x30ff;
                 p.p_align = 1;
             }),
        allowed("to write only", Reason::kUnreadable, PF_W),
        allowed("to execute only", Reason::kUnreadable, PF_X),
        allowed("to write and execute", Reason::kUnreadable, PF_W | PF_X),
        allowed("nothing", Reason::kUnreadable, 0),
        allowed("all", Reason::kWritableCode, PF_R | PF_W | PF_X),
        allowed("to read", kTaken, PF_R),
        allowed("to execute", kTaken, PF_R | PF_X),
        allowed("what others define", kTaken, PF_R | PF_W | PF_MASKOS | PF_MASKPROC),
        code("to write code", Reason::kWritableCode, [](Phdr& p) { p.p_flags |= PF_W; }),
    };
}

Changes to_places() {
    return {
        more("at the start", kTaken, 0x1000, 1),
        more("before the start", Reason::kOutsideMemory, 0xfff, 0x10),
        more("at 0", Reason::kOutsideMemory, 0, 0x10),
        more("up to the end", kTaken, kMemoryEnd - 0x10, 0x10),
        more("a byte beyond the end", Reason::kOutsideMemory, kMemoryEnd - 0x10, 0x11),
        more("at the end", Reason::kOutsideMemory, kMemoryEnd, 1),
        more("behind the end", Reason::kOutsideMemory, kMemoryEnd + 1, 1),
        more("in the upper half", Reason::kOutsideMemory, 0xffff'ffc0'0000'0000, 1),
        more("ends at 2^64", Reason::kOutsideMemory, ~u64{0}, 1),
        more("ends at 0x1000, all around", Reason::kOutsideMemory, 0x2000, 0 - u64{0x1000}),
        more("all addresses", Reason::kOutsideMemory, 0x1000, ~u64{0}),
        more("all that is free above", kTaken, 0x16000, kMemoryEnd - 0x16000),
        more("the same again", Reason::kOverlap, 0x10000, 0x800),
        more("around all", Reason::kOverlap, 0xf000, 0x10000),
        more("the page before all", kTaken, 0xf000, 0x1000),
        more("the page before all and a byte", Reason::kOverlap, 0xf000, 0x1001),
        more("the last byte of a page in use", Reason::kOverlap, 0x10fff, 1),
        more("the first byte of a page in use", Reason::kOverlap, 0x13000, 1),
        more("the last byte of the last page", Reason::kOverlap, 0x15fff, 1),
        more("the page behind all", kTaken, 0x16000, 1),
        loads("8 segments", kTaken, 8),
        loads("9 segments", Reason::kTooManySegments, 9),
        loads("8 segments and 8 empty ones", kTaken, 8, 8),
        image("empty ones alone", Reason::kNothingToLoad,
              [](Image& i) {
                  for (Phdr& part : i.parts) part.p_memsz = part.p_filesz = 0;
              }),
        image("notes alone", Reason::kNothingToLoad,
              [](Image& i) {
                  for (Phdr& part : i.parts) part.p_type = PT_NOTE;
              }),
    };
}

Changes to_the_entry() {
    return {
        entry("the first byte of code", kTaken, 0x11000),
        entry("the last two", kTaken, 0x12232),
        entry("behind the last", Reason::kEntryOutside, 0x12234),
        entry("before the first", Reason::kEntryOutside, 0x10ffe),
        entry("odd", Reason::kEntryOdd, 0x11001),
        entry("even, no multiple of four", kTaken, 0x11002),
        entry("in constants", Reason::kEntryOutside, 0x10000),
        entry("in data", Reason::kEntryOutside, 0x13100),
        entry("nowhere", Reason::kEntryOutside, 0),
        entry("in the upper half", Reason::kEntryOutside, 0xffff'ffc0'0000'0000),
        image("code that may not be executed", Reason::kEntryOutside,
              [](Image& i) { i.parts[kCode].p_flags = PF_R; }),
        image("the second of two with code", kTaken,
              [](Image& i) { i.parts[kConstants].p_flags = PF_R | PF_X; }),
        image("zeros that may be executed", kTaken,
              [](Image& i) {
                  i.parts[kCode].p_filesz = 0;
                  i.header.e_entry = 0x12232;
              }),
    };
}

Changes all_changes() {
    Changes all;
    for (const Changes& some :
         {to_the_file(), to_the_flags(), to_the_program_headers(), to_sizes_and_offsets(),
          to_alignment_and_access(), to_places(), to_the_entry()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

TEST(ElfLies, EachIsRefusedForItsReasonAndItsNeighbourIsTaken) {
    for (const Change& change : all_changes()) {
        Image image = small_program();
        change.make(image);
        std::string expected;
        if (change.reason.has_value()) {
            expected = describe({*change.reason, change.segment}).view();
        }
        EXPECT_EQ(test::verdict(image), expected) << change.what;
    }
}

TEST(ElfLies, EveryReasonIsReached) {
    std::set<Reason> reached;
    for (const Change& change : all_changes()) {
        if (change.reason.has_value()) reached.insert(*change.reason);
    }
    // Those behind it are a script's, and reached by the tests of scripts.
    EXPECT_EQ(reached.size(), static_cast<usize>(Reason::kLineWithoutEnd));
    EXPECT_EQ(*reached.rbegin(), Reason::kEntryOutside);
}

TEST(ElfLies, RefusalsSayWhichSegmentAndFitAnErrorString) {
    EXPECT_EQ(describe({Reason::kOutsideMemory, 15}).view(), "segment 15 is outside user memory");
    EXPECT_EQ(describe({Reason::kNotElf, 15}).view(), "not an ELF file");
    EXPECT_EQ(error_text(Error::kBadExec), "exec header invalid");
    std::set<std::string> texts;
    for (usize i = 0; i < kReasons; ++i) {
        const RefusalText text = describe({static_cast<Reason>(i), 15});
        texts.emplace(text);
        const usize bytes = error_text(Error::kBadExec).size() + 2 + text.size();
        EXPECT_LT(bytes, kErrorTextMax) << text.view();
    }
    EXPECT_EQ(texts.size(), kReasons) << "two reasons in the same words";
}

}  // namespace
}  // namespace kernel::proc::elf
