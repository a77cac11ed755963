// FdPlan: what a child does to the descriptors it copied, before it becomes what it was made for.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell::rc {

/// The descriptors that a shell keeps from its children unless they are named: a bit each. A shell
/// keeps few; one beyond kMax is refused rather than leaked into children.
class FdSet {
public:
    static constexpr usize kMax = 256;

    /// Errors: kNoFd for one that there is no bit for.
    Result<void> add(Fd fd);
    void remove(Fd fd);
    void clear() { words_ = {}; }
    /// The members in ascending order: the first of at least `from`; kNoFd when there is none.
    Fd next(Fd from) const;

private:
    std::array<u64, kMax / 64> words_{};
};

/// The two calls a plan is made of, about the descriptors of the current process.
class DescriptorCalls {
public:
    /// Makes `to`, or any that is free if that is kNoFd, what `from` is.
    virtual Result<Fd> dup(Fd from, Fd to) = 0;
    virtual Result<void> close(Fd fd) = 0;

protected:
    ~DescriptorCalls() = default;
};

/// Applies `maps` to the current process's descriptors, all at once: each `parent` means a
/// descriptor as it is at the call. Those in `leave_out` are closed first, unless a map brings them
/// to a child number. Errors: those of dup() and close(), among them kBadFd if a parent is not
/// open; kNoFd for more maps than any command has. On failure the descriptors are in some state in
/// between.
Result<void> apply_fd_maps(DescriptorCalls& calls, std::span<const FdMap> maps,
                           const FdSet& leave_out);

}  // namespace kernel::shell::rc
