// The reader of programs: it judges as a second reader does, and a program keeps what program.h
// promises.
#include <random>

#include "tests/fuzz/target.h"
#include "tests/unit/elf/judge.h"
#include "tests/unit/elf/mutate.h"

using kernel::proc::elf::test::Case;

extern "C" kernel::usize LLVMFuzzerMutate(kernel::u8* data, kernel::usize size, kernel::usize most);

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> seeds;
    for (const Case& sample : kernel::proc::elf::test::sample_cases()) {
        seeds.push_back(sample.bytes());
        // Most of it is nobody's business; without, changes hit headers.
        Case headers = sample;
        headers.head.resize(1024);
        seeds.push_back(headers.bytes());
    }
    // More than is looked at.
    const auto image = kernel::proc::elf::test::small_program();
    seeds.push_back(Case{image.head(6000), image.file_size}.bytes());
    return seeds;
}

/// Mostly changes that know what a header is; else the fuzzer's own, which know nothing.
extern "C" kernel::usize LLVMFuzzerCustomMutator(kernel::u8* data, kernel::usize size,
                                                 kernel::usize most, unsigned seed) {
    std::mt19937_64 random(seed);
    if (random() % 4 == 0) return LLVMFuzzerMutate(data, size, most);
    Case subject = Case::from_bytes({reinterpret_cast<const std::byte*>(data), size});
    kernel::proc::elf::test::mutate(subject, random);
    const std::string bytes = subject.bytes();
    if (bytes.size() > most) return LLVMFuzzerMutate(data, size, most);
    std::ranges::copy(bytes, data);
    return bytes.size();
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    const Case subject = Case::from_bytes({reinterpret_cast<const std::byte*>(data), size});
    // As a file of the size the input says, and as one that is no longer than the input.
    for (const kernel::u64 file_size : {subject.file_size, kernel::u64{subject.head.size()}}) {
        const std::string wrong = kernel::proc::elf::test::judge_program(
            subject.head, file_size, kernel::proc::elf::test::kUserMemory);
        fuzz::check(wrong.empty(), wrong.c_str());
    }
    return 0;
}
