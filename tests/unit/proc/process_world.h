// Runs a test's body as process 1 of a small kernel, with children that are closures, and counts
// what is in use.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "chan/caller.h"
#include "proc/proc.h"
#include "proc/proc_table.h"
#include "proc/spawn.h"
#include "proc/wait.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::proc::test {

struct WorldOptions {
    fixture::Options machine{};
    TableOptions table{};
    /// Devices besides those of every world.
    std::vector<chan::Dev*> devices{};
};

/// Boots a machine with memory, channels, processes and the devices `#/` (a directory with the file
/// `log`, which keeps what is written, and the empty directories `proc` and `env`) and `#p`, and
/// runs `body` as process 1. `body` must have waited for what it made; then everything that was in
/// use is as it was (see Census), or the test fails.
fixture::Outcome run_world(const std::function<void()>& body, WorldOptions options = {},
                           fixture::Trouble trouble = fixture::Trouble::kFails);
/// The same under `count` seeds, on `harts` harts.
void run_world_seeds(u64 count, u32 harts, const std::function<void()>& body,
                     std::vector<chan::Dev*> devices = {});

/// Makes a child that runs `body` and ends with the status it returns. Fails the test if it cannot.
ProcId child(std::function<std::string()> body, SpawnOptions options = {.name = "child"});
Result<ProcId> try_child(std::function<std::string()> body,
                         SpawnOptions options = {.name = "child"});
/// A kernel process that runs `body`, then ends properly.
ProcId kernel_child(std::function<void()> body);

/// Waits until something that others do is done; gives them the processor meanwhile. Fails the test
/// when it takes absurdly long.
void eventually(const std::function<bool()>& condition);

/// The record of the next child to end; fails the test if there is none.
WaitRecord must_wait();

/// What is in use, caches excluded.
struct Census {
    u64 processes;
    u64 numbers;
    u64 pages;
    u64 objects;

    bool operator==(const Census&) const = default;
    static Census now();
};
std::ostream& operator<<(std::ostream& out, const Census& census);
/// Waits until it is as `before`: what ends without a record takes a moment. Fails the test if not.
void expect_back_to(const Census& before);

/// A reference to the current process, or to the one with number `pid`.
ProcRef ref_of(u32 pid);

/// What was written to `log` so far.
std::string log_text();
/// Opens `log` at descriptor `fd` of the current process.
void open_log(i32 fd);

/// The number a process's state says, for loops that wait for it.
sched::TaskState task_state(ProcRef ref);
/// Whether it sleeps in that state and its hart has left it, so that all it has is saved.
bool sleeps_in(ProcRef ref, sched::TaskState state);

/// The current process as caller.
inline chan::Caller& me() { return current().caller(); }

/// The error string with its detail, or "ok".
template <class T>
std::string outcome(const Result<T>& result) {
    return result.ok() ? "ok" : std::string(error_text(result.error()));
}

/// The note group of a live process.
Ref<NoteGroup> group_of(ProcId process);

}  // namespace kernel::proc::test
