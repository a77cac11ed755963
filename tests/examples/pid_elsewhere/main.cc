// Another kernel, in one file, that names its tasks by the Pid hash: threads stand for its
// processors.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "pid/pid_table.h"

// [1] What the hash needs of whoever takes it: a way to stop when it is used wrongly.
void kernel::detail::assertion_failed(kernel::SourcePlace place, const char* expression) {
    std::fprintf(stderr, "%s:%u: %s\n", place.file, place.line, expression);
    std::abort();
}

namespace elsewhere {

using kernel::u32;
using kernel::u64;
using kernel::pid::PidOptions;
using kernel::pid::PidRef;
using kernel::pid::PidSize;
using kernel::pid::PidTable;
using kernel::pid::SlotHint;

constexpr u32 kProcessors = 4;
constexpr u32 kTasksEach = 64;
constexpr u32 kForks = 20'000;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::exit(1);
}

kernel::Nanos now() {
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    return {static_cast<u64>(std::chrono::nanoseconds(time).count())};
}

// [2] The memory: four cells for each task there can be. Its contents do not matter.
constexpr PidSize kSize{10};
static_assert(kSize.cells() >= 4 * kProcessors * kTasksEach);
alignas(64) std::byte cells[kSize.cell_bytes()];
alignas(64) std::byte hints[kSize.hint_bytes()];

PidOptions options() {
    PidOptions made;
    made.size = kSize;
    made.cells = cells;
    made.hints = hints;
    made.harts = kProcessors;
    made.reuse_delay = kernel::nanos_from_millis(1);  // this kernel is in a hurry
    return made;
}

// [3] A task holds its numbers by references, so that none of them can be given to anybody else
// while it is mentioned. Slots never move; the lock says who is in one now.
struct Task {
    std::mutex lock;
    bool alive = false;
    u64 serial = 0;
    PidRef own;
    PidRef parent;
    PidRef group;
};

PidTable* table;
Task tasks[kProcessors * kTasksEach];

/// [4] Makes a task in `slot`, the child of `parent` if there is one; returns its number. The
/// number is found from bind() on, and not before.
u32 fork(u32 processor, u32 slot, Task* parent, u64 serial) {
    // Interrupts are off here in a kernel, for a processor's window on the numbers is its own.
    auto number = table->allocate(processor, now());
    while (!number.ok()) {  // kPidTooSoon: this kernel sleeps until opens_at()
        require(number.error() == kernel::Error::kPidTooSoon, "there are numbers enough");
        while (now() < table->opens_at()) std::this_thread::yield();
        number = table->allocate(processor, now());
    }
    PidRef own = std::move(number).value();
    const u32 named = own.number();

    Task& task = tasks[slot];
    const std::lock_guard guard(task.lock);
    task.parent = parent != nullptr ? parent->own.dup() : PidRef();
    task.group = parent != nullptr ? parent->group.dup() : own.dup();
    task.serial = serial;
    task.alive = true;
    table->bind(own, SlotHint{slot});
    task.own = std::move(own);
    return named;
}

/// [5] Ends the task: unnamed and dropped in one step. Its number stays reserved for as long as a
/// child or a group mentions it.
void exit(u32 slot) {
    Task& task = tasks[slot];
    const std::lock_guard guard(task.lock);
    task.alive = false;
    table->exit(std::move(task.own), SlotHint{slot});
    task.parent.reset();
    task.group.reset();
}

/// [6] Does something with the task `number`, if it lives. The slot was right a moment ago; under
/// the task's lock it is asked again.
template <class Action>
bool with_task(u32 number, Action action) {
    const auto hint = table->lookup(number);  // wait-free: any context, interrupts and probes too
    if (!hint) return false;
    Task& task = tasks[hint->slot];
    const std::lock_guard guard(task.lock);
    if (!task.alive || task.own.number() != number) return false;
    action(task);
    return true;
}

/// One processor: forks children of its first task, looks for its own and for others', ends them.
void run(u32 processor) {
    const u32 first = processor * kTasksEach;
    const u32 root = fork(processor, first, nullptr, processor);
    u32 numbers[kTasksEach] = {};
    for (u32 i = 0; i < kForks; ++i) {
        const u32 at = 1 + i % (kTasksEach - 1);
        if (numbers[at] != 0) {
            exit(first + at);
            require(!table->lookup(numbers[at]), "who exited is not found");
        }
        const u64 serial = u64{processor} << 32 | i;
        numbers[at] = fork(processor, first + at, &tasks[first], serial);
        u64 seen = ~u64{0};
        require(with_task(numbers[at], [&](Task& task) { seen = task.serial; }) && seen == serial,
                "a child is found, and is the one that was made");
        // Others' tasks come and go meanwhile.
        with_task(i % 4096, [&](Task& task) {
            require(table->references(task.own.number()) != 0, "a live number is held");
        });
    }
    // A group outlives its leader: the number is nobody's task, and nobody else's number.
    exit(first);
    require(!table->lookup(root) && table->references(root) == 2 * (kTasksEach - 1),
            "the members and children hold the number of who went");
    for (u32 at = 1; at < kTasksEach; ++at) exit(first + at);
    require(table->references(root) == 0, "the last mention frees the number");
}

}  // namespace elsewhere

int main() {
    using namespace elsewhere;
    PidTable made(options());
    table = &made;
    std::vector<std::thread> processors;
    for (u32 processor = 0; processor < kProcessors; ++processor) {
        processors.emplace_back(run, processor);
    }
    for (std::thread& processor : processors) processor.join();
    require(table->counters().live == 0, "all numbers were given back");
    require(!table->next_live(0), "nobody lives");
    std::printf("%llu tasks were made and ended\n",
                static_cast<unsigned long long>(table->counters().allocated));
    return 0;
}
