// What to say where the interpreter and QEMU do not agree.
#pragma once

#include <string>

#include "tests/host/interpreter/interpreter.h"
#include "tests/interpreter/monitor.h"

namespace interpreter_tests {

/// How many of something a tier of tests asks for (PROCYON_TEST_TIER).
struct Amount {
    u64 fast, normal, many;

    u64 of_this_tier() const;
};

/// The seed that PROCYON_SEED gives, or 1.
u64 first_seed();

/// Words for the first register that differs; empty if none does.
std::string difference_of(const std::array<u64, 32>& interpreter, const std::array<u64, 32>& qemu);

/// Words for what differs in how a case ended; empty if nothing does.
std::string difference_of(const host::interpreter::Stop& stop,
                          const host::interpreter::UserRegisters& registers, const Outcome& qemu);

/// Words for the first byte of tables and user pages that differs; empty if none does.
std::string difference_of(const std::vector<std::byte>& interpreter,
                          const std::vector<std::byte>& qemu);

/// A number as assemblers write it.
std::string hexadecimal(u64 value);

}  // namespace interpreter_tests
