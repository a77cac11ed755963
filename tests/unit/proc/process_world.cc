// The small kernel that process tests run in.
#include "tests/unit/proc/process_world.h"

#include <memory>
#include <mutex>
#include <ostream>

#include "base/late.h"
#include "chan/chan.h"
#include "chan/env_group.h"
#include "chan/fd_group.h"
#include "chan/namec.h"
#include "chan/namespace.h"
#include "chan/table_dev.h"
#include "devproc/devproc.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "mm/frames.h"
#include "mm/memory.h"
#include "mm/slab_cache.h"
#include "proc/exit.h"
#include "sched/completion.h"

namespace kernel::proc::test {
namespace {

constexpr chan::DirEntry kRootFiles[] = {
    {"log", 1, 0, 0666}, {"proc", 2, 0, 0555, chan::kQtDir}, {"env", 3, 0, 0555, chan::kQtDir}};

/// `#/`, with one file that keeps what is written to it, and directories to mount on.
class LogDevice final : public chan::TableDev {
public:
    constexpr LogDevice() : TableDev("/", "root", kRootFiles) {}

    Result<usize> write(chan::Caller&, chan::Chan&, ConstBytes data, u64) override {
        const std::lock_guard lock(mutex_);
        text_ += as_text(data);
        return data.size();
    }
    std::string text() {
        const std::lock_guard lock(mutex_);
        return text_;
    }
    void clear() { text_.clear(); }

private:
    std::mutex mutex_;
    std::string text_;  // protected by mutex_
};

using Closure = std::function<void()>;

/// What one machine's run needs; the closures live as long, because children may end in the middle
/// of theirs.
struct World {
    const std::function<void()>* body = nullptr;
    // Not destroyed: that takes locks, which in the next machine would be part of its history, and
    // its seed alone is to decide that.
    Late<sched::Completion> done;
    bool ended = false;  // read when this machine is off
    std::mutex mutex;
    std::vector<std::unique_ptr<Closure>> closures;  // protected by mutex
};
World* the_world = nullptr;
LogDevice log_device;

Closure* keep(Closure closure) {
    const std::lock_guard lock(the_world->mutex);
    the_world->closures.push_back(std::make_unique<Closure>(std::move(closure)));
    return the_world->closures.back().get();
}

void run_closure(void* closure) { (*static_cast<Closure*>(closure))(); }

[[noreturn]] void first_process(void*) {
    {
        // What is made once and kept is not what the body is asked about.
        child([] { return ""; });
        must_wait();
        open_log(0);
        me().my_fds().close_all();
        const Census before = Census::now();
        (*the_world->body)();
        expect_back_to(before);
    }
    the_world->done->complete();
    sched::Rendez never;
    sched::sleep_uninterruptible(never, [] { return false; });
    PANIC("woken for no reason");
}

void boot(const TableOptions& table, std::span<chan::Dev* const> more) {
    static chan::Caller nobody;
    static std::vector<chan::Dev*> devices;
    devices = {&log_device, &devproc::device()};
    devices.insert(devices.end(), more.begin(), more.end());
    mm::initialize(machine::boot_info());
    chan::set_device_table(devices);
    ASSERT(proc::init(table).ok());
    Result<Ref<chan::Chan>> root = log_device.attach(nobody, "");
    ASSERT(root.ok());
    FirstProcess first{.name = "test",
                       .args = {},
                       .body = first_process,
                       .argument = nullptr,
                       .names = {},
                       .fds = {},
                       .environment = {},
                       .dot = {}};
    // MUST (all): a fresh machine has memory.
    first.names = MUST(chan::Namespace::create(root.value()));
    first.fds = MUST(chan::FdGroup::create());
    first.environment = MUST(chan::EnvGroup::create());
    first.dot = std::move(root).value();
    ASSERT(spawn_first(std::move(first)).ok());
}

}  // namespace

namespace {

/// Room for the world of the machine that runs. A machine that ended in trouble leaves its world as
/// it is, sleepers and all; only one that ended well is destroyed when the next is made.
alignas(World) std::array<std::byte, sizeof(World)> world_storage;

fixture::Options with_world(fixture::Options options, const std::function<void()>& body,
                            const TableOptions& table, std::vector<chan::Dev*> devices) {
    options.boot = [&body, table, devices = std::move(devices)] {
        if (the_world != nullptr && the_world->ended) the_world->~World();
        the_world = new (world_storage.data()) World;
        the_world->done.make();
        the_world->body = &body;
        log_device.clear();
        boot(table, devices);
    };
    return options;
}

void wait_for_world() {
    the_world->done->wait_uninterruptible();
    the_world->ended = true;
}

}  // namespace

fixture::Outcome run_world(const std::function<void()>& body, WorldOptions options,
                           fixture::Trouble trouble) {
    return fixture::run(
        with_world(std::move(options.machine), body, options.table, std::move(options.devices)),
        wait_for_world, trouble);
}

void run_world_seeds(u64 count, u32 harts, const std::function<void()>& body,
                     std::vector<chan::Dev*> devices) {
    fixture::Options options;
    options.harts = harts;
    fixture::run_seeds(with_world(std::move(options), body, {}, std::move(devices)), count,
                       wait_for_world);
}

Result<ProcId> try_child(std::function<std::string()> body, SpawnOptions options) {
    options.body = run_closure;
    options.argument = keep([body = std::move(body)] {
        FixedString<kNoteMax> status;
        {
            const std::string text = body();
            status.assign(text);  // the string's memory must go before the process does
        }
        exits(status);
    });
    return spawn(options);
}

ProcId child(std::function<std::string()> body, SpawnOptions options) {
    const Result<ProcId> made = try_child(std::move(body), options);
    EXPECT_EQ(outcome(made), "ok");
    return made.ok() ? made.value() : ProcId{};
}

ProcId kernel_child(std::function<void()> body) {
    const Result<ProcId> made = kproc("worker", run_closure, keep([body = std::move(body)] {
                                          body();
                                          exits("");
                                      }));
    EXPECT_EQ(outcome(made), "ok");
    return made.ok() ? made.value() : ProcId{};
}

void eventually(const std::function<bool()>& condition) {
    const Nanos limit = machine::now() + nanos_from_seconds(20);
    while (!condition()) {
        if (machine::now() > limit) {
            ADD_FAILURE() << "did not happen";
            return;
        }
        (void)sched::sleep_for(nanos_from_micros(200));  // ignored: a note only shortens it
    }
}

WaitRecord must_wait() {
    const Result<WaitRecord> record = wait();
    EXPECT_EQ(outcome(record), "ok");
    return record.ok() ? record.value() : WaitRecord{};
}

Census Census::now() {
    Census census{};
    census.processes = table().counts().live;
    census.numbers = table().pids().counters().live;
    census.pages = mm::page_counts().in_use();
    for (usize i = 0;; ++i) {
        const std::optional<mm::SlabStats> cache = mm::slab_stats(i);
        if (!cache) break;
        // Magazines are where free objects wait: caches, not use.
        if (std::string_view(cache->name) != "magazine") census.objects += cache->in_use;
    }
    return census;
}

std::ostream& operator<<(std::ostream& out, const Census& census) {
    return out << census.processes << " processes, " << census.numbers << " numbers, "
               << census.pages << " pages, " << census.objects << " objects";
}

void expect_back_to(const Census& before) {
    const Nanos limit = machine::now() + nanos_from_seconds(10);
    while (Census::now() != before && machine::now() < limit) {
        (void)sched::sleep_for(nanos_from_micros(200));  // ignored: a note only shortens it
    }
    EXPECT_EQ(Census::now(), before);
}

ProcRef ref_of(u32 pid) {
    const ProcHold hold = table().hold(pid);
    return hold ? hold->ref() : ProcRef{};
}

std::string log_text() { return log_device.text(); }

void open_log(i32 fd) {
    Result<Ref<chan::Chan>> chan = chan::open_name(me(), "/log", chan::kOWrite);
    ASSERT_TRUE(chan.ok());
    ASSERT_TRUE(me().my_fds().put(fd, std::move(chan).value()).ok());
}

sched::TaskState task_state(ProcRef ref) {
    const ProcHold hold = table().hold(ref);
    return hold ? hold->task().state() : sched::TaskState::kDead;
}

bool sleeps_in(ProcRef ref, sched::TaskState state) {
    const ProcHold hold = table().hold(ref);
    return hold && hold->task().state() == state && !hold->task().on_hart();
}

Ref<NoteGroup> group_of(ProcId process) {
    const ProcHold hold = table().hold(process.pid);
    hold->assert_held();
    return hold->note_group();
}

}  // namespace kernel::proc::test
