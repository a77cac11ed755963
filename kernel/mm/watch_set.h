// WatchSet: ranges of user memory that somebody wants to know the loads and stores of.
#pragma once

#include "base/list.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"

namespace kernel::mm {

class AddressSpace;

/// A range, and what is watched for there.
struct Watch {
    VirtAddr at{};
    u64 size = 0;
    bool loads = false;
    bool stores = false;

    bool is_empty() const { return size == 0 || !(loads || stores); }
};

/// A list of them, for one address space: while it lives, programs reach none of the pages that the
/// ranges touch (but to execute them), and AddressSpace::fault() says so. What an access comes to
/// is for whoever made the set. Const once made.
class WatchSet : public RefCounted<WatchSet> {
public:
    static constexpr usize kWatchesMax = 64;
    /// A set of watches: bit i stands for the one at place i.
    using Hits = u64;

    /// Of `watches`, at most kWatchesMax, which lie in user memory. When it returns, no hart
    /// reaches them. Errors: kNoMemory. Context: task, no lock held. Cost: a visit of each page
    /// that is mapped there.
    static Result<Ref<WatchSet>> create(Ref<AddressSpace> space, std::span<const Watch> watches);
    /// Context: as create().
    static void destroy(WatchSet& set);

    std::span<const Watch> watches() const { return std::span(watches_).first(count_); }

    /// Those that an access of [at, at + size) meets. Any context.
    Hits hits(VirtAddr at, u64 size, bool loads, bool stores) const;
    /// Whether any of them touches the page at `page`. Any context.
    bool touches_page(VirtAddr page) const;

private:
    template <class T>
    friend class ObjectCache;
    friend class AddressSpace;
    WatchSet(Ref<AddressSpace> space, std::span<const Watch> watches);
    ~WatchSet();

    const Ref<AddressSpace> space_;
    std::array<Watch, kWatchesMax> watches_{};
    const usize count_;
    ListHook<WatchSet> hook_;  // guarded by the space's lock
};

}  // namespace kernel::mm
