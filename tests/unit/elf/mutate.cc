// One change at a time, chosen by the generator.
#include "tests/unit/elf/mutate.h"

#include <cstring>

namespace kernel::proc::elf::test {
namespace {

using Random = std::mt19937_64;

usize below(Random& random, usize bound) { return random() % bound; }

/// A header in a case's bytes, if it is all there.
template <class T>
std::optional<T> get(const Case& subject, u64 at) {
    if (subject.head.size() < sizeof(T) || at > subject.head.size() - sizeof(T)) return {};
    T value;
    std::memcpy(&value, subject.head.data() + at, sizeof(T));
    return value;
}
template <class T>
void put(Case& subject, u64 at, const T& value) {
    std::memcpy(subject.head.data() + at, &value, sizeof(T));
}

/// Where program header `index` is.
u64 place_of(const Elf64_Ehdr& header, usize index) {
    return header.e_phoff + index * sizeof(Elf64_Phdr);
}

u64& field_of(Elf64_Phdr& part, usize index) {
    u64* const fields[] = {&part.p_offset, &part.p_vaddr, &part.p_filesz, &part.p_memsz,
                           &part.p_align};
    return *fields[index % std::size(fields)];
}

/// Values at which decisions change, or near to them.
u64 interesting_value(const Case& subject, const Elf64_Ehdr& header, Random& random) {
    const u64 kind = below(random, 8);
    u64 value = 0;
    if (kind == 0) value = u64{1} << below(random, 64);
    if (kind == 1) value = subject.file_size;
    if (kind == 2) value = kUserMemory.end.value;
    if (kind == 3) value = kPageSize * below(random, 64);
    if (kind >= 4) {  // near what another one says, or where it ends
        const usize index = below(random, 16);
        if (auto part = get<Elf64_Phdr>(subject, place_of(header, index))) {
            value = field_of(*part, below(random, 5));
            if (kind >= 6) value = kind == 6 ? part->p_vaddr + part->p_memsz : part->p_vaddr;
        }
    }
    switch (below(random, 6)) {
        case 0:
            return value + 1;
        case 1:
            return value - 1;
        case 2:
            return value + kPageSize;
        case 3:
            return value - kPageSize;
        default:
            return value;
    }
}

void mutate_header(Case& subject, Elf64_Ehdr header, Random& random) {
    const u64 value = interesting_value(subject, header, random);
    switch (below(random, 10)) {
        case 0:
            header.e_phoff = value;
            break;
        case 1:
            header.e_phnum = static_cast<u16>(below(random, 20));
            break;
        case 2:
            header.e_flags = static_cast<u32>(below(random, 20));
            break;
        case 3:
            header.e_phentsize = static_cast<u16>(value);
            break;
        case 4:
            header.e_type = static_cast<u16>(below(random, 5));
            break;
        case 5:
            header.e_ident[below(random, EI_NIDENT)] = static_cast<u8>(random());
            break;
        default:
            header.e_entry = value;
            break;
    }
    put(subject, 0, header);
}

void mutate_part(Case& subject, const Elf64_Ehdr& header, Random& random) {
    const usize count = std::max<usize>(header.e_phnum, 1);
    const usize index = below(random, count);
    std::optional<Elf64_Phdr> part = get<Elf64_Phdr>(subject, place_of(header, index));
    if (!part.has_value()) return;
    switch (below(random, 8)) {
        case 0:
            part->p_flags = static_cast<u32>(below(random, 9));
            break;
        case 1:
            part->p_type = static_cast<u32>(below(random, 8));
            break;
        case 2:  // a copy of another one
            part = get<Elf64_Phdr>(subject, place_of(header, below(random, count)));
            if (!part.has_value()) return;
            break;
        case 3: {  // moved by whole pages, in step
            const u64 by = kPageSize * (below(random, 9) - 4);
            part->p_vaddr += by;
            if (below(random, 2) == 0) part->p_offset += by;
            break;
        }
        default:
            field_of(*part, below(random, 5)) = interesting_value(subject, header, random);
            break;
    }
    put(subject, place_of(header, index), *part);
}

Case whole(const Image& image) { return {image.head(), image.file_size}; }

}  // namespace

std::string Case::bytes() const {
    std::string text(sizeof file_size + head.size(), '\0');
    std::memcpy(text.data(), &file_size, sizeof file_size);
    std::ranges::copy(as_text(head), text.begin() + sizeof file_size);
    return text;
}

Case Case::from_bytes(ConstBytes bytes) {
    Case result;
    const usize size = std::min(bytes.size(), sizeof result.file_size);
    std::ranges::copy(bytes.first(size),
                      std::as_writable_bytes(std::span(&result.file_size, 1)).begin());
    result.head.assign(bytes.begin() + static_cast<std::ptrdiff_t>(size), bytes.end());
    return result;
}

void mutate(Case& subject, Random& random) {
    const std::optional<Elf64_Ehdr> header = get<Elf64_Ehdr>(subject, 0);
    const u64 kind = below(random, 16);
    if (!header.has_value() || kind == 0) {
        if (!subject.head.empty()) {
            subject.head[below(random, subject.head.size())] = static_cast<std::byte>(random());
        }
    } else if (kind == 1) {
        subject.file_size = interesting_value(subject, *header, random);
    } else if (kind == 2) {
        subject.head.resize(below(random, subject.head.size() + 64));
    } else if (kind <= 4) {
        mutate_header(subject, *header, random);
    } else {
        mutate_part(subject, *header, random);
    }
}

std::vector<Case> sample_cases() {
    std::vector<Case> cases = {whole(small_program())};
    Image scattered = small_program();
    scattered.header.e_phoff = 0x123;  // nothing says that it is aligned
    scattered.header.e_flags = 0;
    scattered.parts[kData].p_filesz = 0;
    scattered.parts[kData].p_offset = ~u64{0};
    std::swap(scattered.parts[kCode], scattered.parts[kData]);
    scattered.parts.push_back(load(0x4000'0010, 0x7, 0x20, 0x30, PF_R));
    scattered.parts.back().p_align = 1;
    scattered.parts.push_back({.p_type = PT_NOTE,
                               .p_flags = PF_R,
                               .p_offset = ~u64{0},
                               .p_vaddr = 1,
                               .p_paddr = 1,
                               .p_filesz = 2,
                               .p_memsz = 1,
                               .p_align = 3});
    cases.push_back(whole(scattered.recount()));
    Image full = small_program();
    for (u64 page = 0x100; full.parts.size() < kMaxSegments; ++page) {
        full.parts.push_back(load(page * kPageSize, 0, 1, kPageSize, PF_R));
    }
    cases.push_back(whole(full.recount()));
    return cases;
}

}  // namespace kernel::proc::elf::test
