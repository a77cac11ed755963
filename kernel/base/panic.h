// The panic hooks: how base, which knows neither console nor harts, gets a report out before the
// machine stops.
#pragma once

#include "base/format.h"
#include "base/std.h"

namespace kernel {

/// What upper layers contribute to a panic. Each hook runs on the panicking hart with interrupts
/// off, must not take a lock that it cannot break, and must not allocate. Unset hooks are skipped;
/// `halt` must be set by the machine.
struct PanicHooks {
    void (*begin)();                        // stop the other harts; called once, before any output
    void (*output)(std::string_view text);  // write to the console at once
    void (*backtrace)(Sink& sink);          // registers and call stacks of every hart
    void (*report)(Sink& sink);             // what else helps: tasks, locks, processes
    void (*halt)();                         // power off with status 2; does not return
};

/// Replaces the hooks that are set in `hooks`; others stay. Context: boot, or a test. Protected by:
/// set before harts start.
void set_panic_hooks(const PanicHooks& hooks);

/// Whether some hart has panicked: loops that wait for other harts give up when so. Any context.
bool panicking();

}  // namespace kernel
