// Writing headers into bytes.
#include "tests/unit/elf/image.h"

#include <cstring>

namespace kernel::proc::elf::test {

Image& Image::recount() {
    header.e_phnum = static_cast<Elf64_Half>(parts.size());
    return *this;
}

std::vector<std::byte> Image::head(usize most) const {
    std::vector<std::byte> bytes(std::min<u64>(most, file_size));
    const auto put = [&bytes](u64 at, const void* from, usize size) {
        if (at >= bytes.size()) return;
        std::memcpy(bytes.data() + at, from, std::min<u64>(size, bytes.size() - at));
    };
    put(0, &header, sizeof header);
    put(header.e_phoff, parts.data(), parts.size() * sizeof(Elf64_Phdr));
    return bytes;
}

Elf64_Phdr load(u64 address, u64 offset, u64 file_size, u64 memory_size, u32 flags) {
    Elf64_Phdr part{};
    part.p_type = PT_LOAD;
    part.p_flags = flags;
    part.p_offset = offset;
    part.p_vaddr = address;
    part.p_paddr = address;
    part.p_filesz = file_size;
    part.p_memsz = memory_size;
    part.p_align = kPageSize;
    return part;
}

Image small_program() {
    Image image;
    std::memcpy(image.header.e_ident, ELFMAG, SELFMAG);
    image.header.e_ident[EI_CLASS] = ELFCLASS64;
    image.header.e_ident[EI_DATA] = ELFDATA2LSB;
    image.header.e_ident[EI_VERSION] = EV_CURRENT;
    image.header.e_type = ET_EXEC;
    image.header.e_machine = EM_RISCV;
    image.header.e_version = EV_CURRENT;
    image.header.e_entry = 0x11010;
    image.header.e_phoff = sizeof(Elf64_Ehdr);
    image.header.e_flags = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE;
    image.header.e_ehsize = sizeof(Elf64_Ehdr);
    image.header.e_phentsize = sizeof(Elf64_Phdr);
    image.parts = {load(0x10000, 0, 0x800, 0x800, PF_R),
                   load(0x11000, 0x1000, 0x1234, 0x1234, PF_R | PF_X),
                   load(0x13100, 0x3100, 0x700, 0x2000, PF_R | PF_W)};
    image.file_size = 0x3800;
    return image.recount();
}

}  // namespace kernel::proc::elf::test
