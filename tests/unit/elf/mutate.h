// Changes to ELF files, such that much of what comes out still nearly is one.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/unit/elf/image.h"

namespace kernel::proc::elf::test {

/// What read_program() is given.
struct Case {
    std::vector<std::byte> head;
    u64 file_size = 0;

    /// As an input of a fuzzer: the size in 8 bytes, then the head.
    std::string bytes() const;
    static Case from_bytes(ConstBytes bytes);
};

/// Changes one thing in `subject`: a field of a header, to a value from near another one, mostly.
void mutate(Case& subject, std::mt19937_64& random);

/// Images of all kinds to begin with.
std::vector<Case> sample_cases();

}  // namespace kernel::proc::elf::test
