// The rules for programs and scripts a second time, written another way, to hold the reader
// against.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proc/elf/program.h"
#include "tests/unit/elf/image.h"

namespace kernel::proc::elf::test {

/// Reads a program twice, from exact copies of `head` at an even and at an odd address, and holds
/// verdict, reason, entry, segments and each promise of program.h against a reading of its own.
/// Returns what is wrong; empty if nothing is.
std::string judge_program(ConstBytes head, u64 file_size, const UserMemory& memory);

/// Likewise a script.
std::string judge_script(ConstBytes head);

/// What a person is told of a program: "" if it is one, else why not. Says so if the judge objects.
std::string verdict(ConstBytes head, u64 file_size, const UserMemory& memory = kUserMemory);
std::string verdict(const Image& image);

/// The words that `line` has by tokenize(2): at most `most`.
std::vector<std::string> words_of(std::string_view line, usize most);

}  // namespace kernel::proc::elf::test
