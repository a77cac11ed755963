// Making small ELF files, and serving them.
#include "tests/unit/proc/program_device.h"

#include <elf.h>

#include <cstring>

#include "chan/chan.h"
#include "chan/text_reply.h"

namespace kernel::proc::test {

std::string program(std::span<const u32> code, std::string_view data) {
    constexpr u64 kFileData = 0x2000;
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = EM_RISCV;
    header.e_version = EV_CURRENT;
    header.e_entry = kCode;
    header.e_phoff = sizeof header;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 2;
    const auto part = [](u32 flags, u64 offset, u64 at, u64 in_file, u64 size) {
        Elf64_Phdr made{};
        made.p_type = PT_LOAD;
        made.p_flags = flags;
        made.p_offset = offset;
        made.p_vaddr = at;
        made.p_filesz = in_file;
        made.p_memsz = size;
        made.p_align = kPageSize;
        return made;
    };
    const Elf64_Phdr parts[] = {
        part(PF_R | PF_X, kPageSize, kCode, code.size_bytes(), code.size_bytes()),
        part(PF_R | PF_W, kFileData, kData, data.size(), kPageSize)};
    std::string file(kFileData + data.size(), '\0');
    std::memcpy(file.data(), &header, sizeof header);
    std::memcpy(file.data() + sizeof header, parts, sizeof parts);
    std::memcpy(file.data() + kPageSize, code.data(), code.size_bytes());
    if (!data.empty()) std::memcpy(file.data() + kFileData, data.data(), data.size());
    return file;
}

Result<usize> ProgramDevice::read(chan::Caller&, chan::Chan& chan, Bytes out, u64 offset) {
    return chan::reply_bytes(out, offset, as_bytes(std::string_view(files_.at(chan.qid().path))));
}

std::optional<ConstBytes> ProgramDevice::contents(const chan::Chan& chan) {
    if (!shown_) return std::nullopt;
    return as_bytes(std::string_view(files_.at(chan.qid().path)));
}

void ProgramDevice::refine(const chan::DirEntry& row, chan::Stat& out) {
    out.length = files_.at(row.path).size();
}

}  // namespace kernel::proc::test
