// Process 1 as a test's body.
#include "tests/unit/dev/as_process.h"

#include "base/assert.h"
#include "base/late.h"
#include "chan/env_group.h"
#include "chan/fd_group.h"
#include "chan/namespace.h"
#include "machine/boot_info.h"
#include "mm/memory.h"
#include "proc/proc.h"
#include "proc/proc_table.h"
#include "proc/spawn.h"
#include "sched/completion.h"
#include "sched/rendez.h"

namespace kernel::dev::test {
namespace {

struct Body {
    explicit Body(const std::function<void(chan::Caller&)>* body) : function(body) {}

    const std::function<void(chan::Caller&)>* function;
    sched::Completion done;
};

[[noreturn]] void process_main(void* argument) {
    auto& body = *static_cast<Body*>(argument);
    (*body.function)(proc::current().caller());
    body.done.complete();
    // Process 1 may not end; the machine goes off under it.
    sched::Rendez never;
    sched::sleep_uninterruptible(never, [] { return false; });
    PANIC("woken for no reason");
}

void make_process(Body& body, std::span<chan::Dev* const> devices) {
    static chan::Caller nobody;
    mm::initialize(machine::boot_info());
    chan::set_device_table(devices);
    ASSERT(proc::init({}).ok());
    Result<Ref<chan::Chan>> root = devices[0]->attach(nobody, "");
    ASSERT(root.ok());
    proc::FirstProcess first;
    first.name = "test";
    first.body = process_main;
    first.argument = &body;
    // MUST (all): a fresh machine has memory.
    first.names = MUST(chan::Namespace::create(root.value()));
    first.fds = MUST(chan::FdGroup::create());
    first.environment = MUST(chan::EnvGroup::create());
    first.dot = std::move(root).value();
    ASSERT(proc::spawn_first(std::move(first)).ok());
}

}  // namespace

fixture::Outcome run_as_process(fixture::Options options, std::span<chan::Dev* const> devices,
                                const std::function<void(chan::Caller&)>& body,
                                fixture::Trouble trouble) {
    // Never destroyed: a body that turns the machine off leaves the waiter below where it is.
    static Late<Body> room;
    Body& shared = room.make(&body);
    options.boot = [&] { make_process(shared, devices); };
    return fixture::run(options, [&] { shared.done.wait_uninterruptible(); }, trouble);
}

}  // namespace kernel::dev::test
