// Personality: enough of a system for one program: it runs on the interpreter, over files in
// memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/host/interpreter/interpreter.h"
#include "tests/interpreter/paged_memory.h"

namespace user_tests {

using kernel::i64;
using kernel::u32;
using kernel::u64;
using kernel::usize;

/// A file or, with its mode saying so, a directory.
struct File {
    std::string data;
    u32 mode = 0664;
    u32 mtime = 0;
};
inline constexpr u32 kDirectory = 0x8000'0000;
/// By path: from /, without a / at the end. Directories need to be there only if they are looked
/// at.
using Files = std::map<std::string, File>;

/// What a program is given.
struct Given {
    std::vector<std::string> argv;
    std::string in;
    Files files;
    /// The most that one read returns: as pipes and consoles do it.
    usize read_most = ~usize{0};
    /// Reads at this offset or behind it fail.
    usize read_end = ~usize{0};
    /// Writes to descriptor 1 beyond this fail.
    usize write_most = ~usize{0};
};

/// What it left.
struct Outcome {
    std::string out, err;
    std::string status;  // of exits
    std::string trap;    // why it ended otherwise
    Files files;
    std::string mounts;  // what it bound and unmounted, a call a line
    u64 instructions = 0;
};

/// The time that programs see, in seconds.
inline constexpr u64 kNow = 1'795'000'000;

/// Runs the ELF file at `path` in the host's file system. argv[0] is given[0].
Outcome run_program(const std::string& path, const Given& given);

/// The same with the program of that name in /bin of the archive, which is argv[0], too.
Outcome run(std::vector<std::string> argv, const std::string& in = "", const Files& files = {});

/// Where the programs are that the build made.
std::string program_path(const std::string& name);

}  // namespace user_tests
