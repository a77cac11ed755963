// Release: destroying channels, paths and unions, which hold each other, without recursion.
#pragma once

#include "base/list.h"
#include "base/ref.h"
#include "chan/chan.h"
#include "chan/namespace.h"
#include "chan/path.h"

namespace kernel::chan {

/// A work list of channels whose last reference went. References are dropped into it; run() closes
/// what they kept, and what that kept, until nothing is left.
/// Context: task, interrupts on, no lock held; run() may block.
class Release : Pinned {
public:
    ~Release() { ASSERT(closing_.empty()); }

    void drop(Ref<Chan> chan);
    void drop(Ref<Path> path);
    void drop(Ref<Union> object);
    /// The same for an object whose last reference is gone already.
    void take(Chan& chan) { closing_.push_back(chan); }
    void take(Path& path);
    void take(Union& object);

    void run();

private:
    void close(Chan& chan);

    List<Chan, &Chan::release_hook_> closing_;
};

}  // namespace kernel::chan
