// Flows: switching stacks on the host, with the sanitizers informed.
#pragma once

#include "base/std.h"
#include "machine/context.h"
#include "machine/hart.h"

namespace host {

using Flow = kernel::machine::ContextStorage;

/// Makes `flow` start at entry(argument) on `stack`.
void prepare_flow(Flow& flow, kernel::Bytes stack, kernel::machine::ContextEntry entry,
                  void* argument);
/// Forgets a flow that will not run again.
void discard_flow(Flow& flow);
/// Saves what runs on this host thread in `from` and goes on with `to`.
void switch_flow(Flow& from, Flow& to);
/// Goes on at entry(argument) at the top of the stack that runs; everything on it is forgotten.
[[noreturn]] void restart_flow(kernel::machine::ContextEntry entry, void* argument);

/// Tells the sanitizers where the stack of this host thread is. Call before its first switch_flow.
void adopt_thread_stack();
/// Forgets all flows that were prepared and not discarded: those of a machine that is gone.
void discard_abandoned_flows();

/// Where to begin a backtrace, and where the stack ends.
struct FrameStart {
    const void* frame = nullptr;
    const void* stack_end = nullptr;
};
/// That of a suspended flow.
FrameStart saved_frame(const Flow& flow);
/// That of a function of this host thread which has `frame`.
FrameStart running_frame(const void* frame);

/// Stacks for harts to boot on. They are reused from machine to machine.
kernel::Bytes boot_stack(kernel::machine::HartIndex hart);

}  // namespace host
