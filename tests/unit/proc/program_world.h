// Worlds with programs: a device with a few files to execute, and children that do so.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "proc/exec.h"
#include "tests/interpreter/mnemonics.h"
#include "tests/unit/proc/process_world.h"
#include "tests/unit/proc/program_calls.h"
#include "tests/unit/proc/program_device.h"

namespace kernel::proc::test {

using Code = std::vector<u32>;

constexpr u32 li(u32 to, u64 value) {
    return interpreter_tests::mnemonics::addi(to, interpreter_tests::zero, value);
}
Code operator+(Code first, const Code& second);
/// Makes call `number` with what is in a0 and on.
Code call(u32 number);
/// Ends with the text at kData + `offset`, or, if it is negative, with "".
Code ending(i32 offset);

Result<PreparedProgram> prepare(std::string_view name,
                                std::initializer_list<std::string_view> argv = {"prog", "x"});

/// Makes a child that becomes the program `name`.
ProcId run_program(std::string_view name = "#x/prog");

/// A world in which `#x/prog` is `code` with a page of `data`, `#x/script` and `#x/nested` are
/// scripts for it, `#x/junk` and `#x/empty` no programs and `#x/closed` must not be executed. Twice
/// for each seed: with files that lie in memory, and such as must be read.
void run_with(const Code& code, std::string_view data, const std::function<void()>& body,
              u64 seeds = 1, u32 harts = 2);

/// The message of the next child to end.
std::string message();

}  // namespace kernel::proc::test
