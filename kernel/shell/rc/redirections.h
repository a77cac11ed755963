// Redirections: which descriptors of the shell stand for 0, 1, 2... of the command at hand.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {

/// A stack of changes, outermost first. The shell's own descriptors stay as they are: builtins ask
/// resolve(), children get the flat list.
class Redirections : Pinned {
public:
    explicit Redirections(Host& host)
        : host_(host), entries_(host.memory()), flat_(host.memory()) {}
    ~Redirections() { truncate(0); }

    usize size() const { return entries_.size(); }
    /// `fd` is `opened`, which is closed when the entry goes, also if this fails with kNoMemory.
    Result<void> push_open(Fd fd, Fd opened);
    /// `fd` is what `other` is now.
    Result<void> push_dup(Fd fd, Fd other);
    Result<void> push_close(Fd fd);
    /// Until this entry goes, the shell's own descriptors stand for themselves: those before it do
    /// not count.
    Result<void> push_none();
    /// Undoes everything from entry `size` on.
    void truncate(usize size);

    /// The shell's descriptor that is `fd` now; kNoFd if closed.
    Fd resolve(Fd fd) const;
    /// All changes as a list, each child's descriptor once, followed by `more`. Valid until the
    /// next call. Fails with kNoMemory.
    Result<std::span<const FdMap>> flatten(std::span<const FdMap> more = {});

private:
    struct Entry {
        FdMap map;
        bool owned;          // map.parent is closed when the entry goes
        bool hides = false;  // the entries before
    };

    Host& host_;
    Vector<Entry> entries_;
    Vector<FdMap> flat_;
};

}  // namespace kernel::shell::rc
