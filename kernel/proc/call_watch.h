// Watching the calls of a program: stops at its next call or at its end, and what is told of it.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "mm/heap.h"
#include "proc/proc_ref.h"

namespace kernel::mm {
template <class T>
class ObjectCache;
}

namespace kernel::proc {

class Proc;

/// A line about a call, for `/proc/n/syscall`. Const once made.
class CallText : public RefCounted<CallText> {
public:
    /// A copy of `text`. Errors: kNoMemory.
    static Result<Ref<CallText>> create(std::string_view text);
    static void destroy(CallText& text);

    std::string_view text() const { return as_text(buffer_.bytes()); }

private:
    template <class T>
    friend class mm::ObjectCache;
    explicit CallText(mm::Buffer buffer) : buffer_(std::move(buffer)) {}

    mm::Buffer buffer_;
};

/// A call that has begun.
struct WatchedCall {
    u64 number = 0;
    Nanos begin{};                        // since 1970
    void (*ended)(i64 result) = nullptr;  // what to call if it does not return
};

// What follows is for whoever runs the calls of programs that are watched. Context: a full call of
// the current process, no lock held, owning nothing.

/// Whether somebody waits for the current process to begin or end a call.
bool stops_at_calls();
/// Tells `text` (null: there was no memory for it) and stops, at the beginning of a call. Does not
/// return if the process is told to end meanwhile.
void stop_at_call(Ref<CallText> text);
/// The same at the end of a call: it stops before its program goes on.
void stop_after_call(Ref<CallText> text);

/// Takes back what was told of its calls.
void forget_calls(Proc& self);

/// Tells what watches the call that the current process is in, if anything does, that it ends here
/// and does not return: its program becomes another, or goes on where a note interrupted it.
void end_of_watched_call(i64 result);

}  // namespace kernel::proc
