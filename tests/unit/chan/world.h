// World: a small kernel for tests of channels: memory, two RAM devices, a caller; and leak checks.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/file.h"
#include "chan/namec.h"
#include "chan/namespace.h"
#include "mm/failure.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/unit/chan/ram_dev.h"

namespace kernel::chan::test {

/// What a test works with. `/` is `root`, which has the directories a, b, n and the file f.
struct World {
    RamDev root{"/"};
    RamDev ram{"r"};
    Caller caller;
};

/// Runs `body` as a task of a fresh machine. When it is done everything must have gone: channels,
/// objects, pages. `devices` come after root and ram in the device table.
void run_world(const std::function<void(World&)>& body, std::span<Dev* const> devices = {},
               u32 harts = 2);
/// The same under `count` seeds.
void run_world_seeds(u64 count, const std::function<void(World&)>& body,
                     std::span<Dev* const> devices = {}, u32 harts = 2);

/// Another caller with the same groups; finish() it.
void start_like(Caller& like, Caller& made, std::string_view user);

/// Objects and pages in use, caches not counted.
u64 memory_in_use();

/// The error string with its detail, or "ok".
template <class T>
std::string outcome(const Result<T>& result) {
    if (result.ok()) return "ok";
    std::array<char, kErrorTextMax> text;
    BufferSink sink(text);
    print_error(sink, result.error());
    return std::string(sink.text());
}

std::string path_text(const Chan& chan);
/// All that is in a file: an error string in angle brackets if it cannot be had.
std::string contents(Caller& caller, std::string_view name);
std::string read_rest(Caller& caller, Chan& chan, usize buffer_size = 512);
/// The names in a directory, in order, with blanks between.
std::string listing(Caller& caller, std::string_view name, usize buffer_size = 2048);
/// Opens it, or fails the test.
Ref<Chan> must_open(Caller& caller, std::string_view name, OpenMode mode);
void must_write(Caller& caller, Chan& chan, std::string_view text);

/// Runs `operation` again and again, with its first, second, ... allocation failing, until it
/// needs no more than were let through. Each failure must be kNoMemory and leave nothing behind.
/// `operation` undoes what it did. Returns how many allocations it needed. Debug builds only.
usize fail_each_allocation(const std::function<Result<void>()>& operation);

}  // namespace kernel::chan::test
