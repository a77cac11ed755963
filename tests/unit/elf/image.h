// Image: an ELF file of a test's own making, right until the test breaks it.
#pragma once

#include <elf.h>

#include <vector>

#include "base/std.h"
#include "proc/elf/program.h"

namespace kernel::proc::elf::test {

/// As a kernel with three levels of page tables has it.
inline constexpr UserMemory kUserMemory{.start = {0x1000}, .end = {u64{1} << 38}};

/// The headers of a file as the system's <elf.h> knows them, and how long the file is. What lies
/// behind the headers is nobody's business.
struct Image {
    Elf64_Ehdr header{};
    std::vector<Elf64_Phdr> parts;
    u64 file_size = 0;

    /// Counts `parts` in the header.
    Image& recount();
    /// The first bytes of the file, at most `most`, in a heap block of exactly that size. Program
    /// headers are put where the header says, as far as they fit.
    std::vector<std::byte> head(usize most = kHeadBytes) const;
};

/// A PT_LOAD in step with its alignment, which is a page.
Elf64_Phdr load(u64 address, u64 offset, u64 file_size, u64 memory_size, u32 flags);

/// Constants at 0x10000, code at 0x11000 with the entry, data and bss at 0x13100.
Image small_program();
enum : usize { kConstants, kCode, kData };

}  // namespace kernel::proc::elf::test
