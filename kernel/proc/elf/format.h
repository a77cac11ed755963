// The layout of ELF files, as much of it as a static RISC-V program needs.
//
// Sources: System V gABI 4.3, chapters 4 (ELF header) and 5 (program header); RISC-V ELF psABI 1.0,
// section 8.1 (file header).
#pragma once

#include "base/std.h"

namespace kernel::proc::elf {

/// The first bytes of each file: what it is, before byte order and word size are known.
struct FileIdentity {
    std::array<char, 4> magic;
    u8 word_size;
    u8 byte_order;
    u8 version;
    u8 system_abi;  // not looked at: linkers write 0 (System V) or 3 (GNU) as they like
    std::array<u8, 8> padding;
};

/// The ELF header, at offset 0.
struct FileHeader {
    FileIdentity identity;
    u16 type;
    u16 machine;
    u32 version;
    u64 entry;
    u64 program_headers;  // offset
    u64 section_headers;
    u32 flags;
    u16 size;
    u16 program_header_size;
    u16 program_header_count;
    u16 section_header_size;
    u16 section_header_count;
    u16 section_names;
};
static_assert(sizeof(FileHeader) == 64 && offsetof(FileHeader, entry) == 24 &&
              offsetof(FileHeader, flags) == 48 &&
              offsetof(FileHeader, program_header_count) == 56);

/// One program header.
struct ProgramHeader {
    u32 type;
    u32 flags;
    u64 offset;
    u64 address;
    u64 physical_address;
    u64 file_size;
    u64 memory_size;
    u64 alignment;
};
static_assert(sizeof(ProgramHeader) == 56 && offsetof(ProgramHeader, offset) == 8 &&
              offsetof(ProgramHeader, alignment) == 48);
static_assert(std::endian::native == std::endian::little, "fields are copied as they are");

inline constexpr std::string_view kMagic = "\177ELF";
inline constexpr u8 kClass64 = 2;
inline constexpr u8 kLittleEndian = 1;
inline constexpr u32 kCurrentVersion = 1;
inline constexpr u16 kTypeExecutable = 2;
inline constexpr u16 kMachineRiscv = 243;

/// FileHeader::flags.
inline constexpr u32 kFlagCompressed = 1 << 0;  // every machine we run on has the C extension
inline constexpr u32 kFloatAbiMask = 3 << 1;
inline constexpr u32 kFloatAbiSoft = 0 << 1;
inline constexpr u32 kFloatAbiDouble = 2 << 1;
inline constexpr u32 kFlagSmallRegisterSet = 1 << 3;

/// ProgramHeader::type.
inline constexpr u32 kLoad = 1;
inline constexpr u32 kDynamicSection = 2;
inline constexpr u32 kInterpreterName = 3;

/// ProgramHeader::flags.
inline constexpr u32 kExecutable = 1 << 0;
inline constexpr u32 kWritable = 1 << 1;
inline constexpr u32 kReadable = 1 << 2;

/// The most program headers a file may have; linkers write about eight.
inline constexpr usize kMaxProgramHeaders = 16;

}  // namespace kernel::proc::elf
