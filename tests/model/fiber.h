// Fiber: a stack of its own to run one thread of an explored program on, started afresh for each
// execution.
#pragma once

#include <csetjmp>
#include <memory>

namespace model {

/// Where a fiber, or the explorer itself, goes on. Switching costs some ten instructions: setjmp
/// without signal masks. (swapcontext asks the host for the signal mask each time.)
struct Resumption {
    std::jmp_buf at;
};

/// Leaves the caller at `from` and goes on at `to`.
void switch_to(Resumption& from, Resumption& to);
/// Goes on at `to`; the caller's frames are forgotten, and their destructors do not run.
[[noreturn]] void abandon_for(Resumption& to);

/// One stack. start() may be called again while an earlier body stands anywhere in its course: that
/// one is forgotten.
class Fiber {
public:
    using Body = void (*)(void* argument);

    Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Runs `body` from its beginning; comes back when something switches to `starter`. The body
    /// never returns: it ends with abandon_for().
    void start(Resumption& starter, Body body, void* argument);
    /// Where it goes on when somebody switches to it.
    Resumption& here() { return here_; }

private:
    static void enter(unsigned high, unsigned low);

    std::unique_ptr<char[]> stack_;
    Resumption base_{};  // the bottom of the stack, from where each body begins
    Resumption here_{};
    Body body_ = nullptr;
    void* argument_ = nullptr;
};

}  // namespace model
