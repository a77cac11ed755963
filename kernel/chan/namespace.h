// Namespace: a process group's view of names: which channels are mounted on which.
#pragma once

#include "base/annotations.h"
#include "base/format.h"
#include "base/list.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/chan.h"
#include "chan/dev.h"
#include "sched/qlock.h"

namespace kernel::chan {

class Caller;

/// The flags of bind: one order, and modifiers. Plan 9's numbers.
inline constexpr u32 kMRepl = 0;    // the new replaces the old
inline constexpr u32 kMBefore = 1;  // the new comes before the old in a union
inline constexpr u32 kMAfter = 2;   // the new comes after
inline constexpr u32 kMOrder = 3;   // mask of the above
inline constexpr u32 kMCreate = 4;  // files may be created in the new
inline constexpr u32 kMCache = 16;  // accepted, no effect on kernel devices
inline constexpr u32 kMMask = kMOrder | kMCreate | kMCache;

/// One channel mounted somewhere.
struct Mount {
    Ref<Chan> to;   // what one finds there
    u64 id = 0;     // order of creation in the name space
    u32 flags = 0;  // as given to bind
};

/// What is mounted on one channel: a list of at least one Mount, searched in order. Immutable: a
/// bind makes a new Union, so whoever walks or reads one keeps a consistent view without a lock.
class Union : public RefCounted<Union> {
public:
    std::span<const Mount> members() const;
    /// What the members are mounted on.
    const Chan& mounted_on() const { return *from_; }

    /// The unions alive; for leak checks.
    static u64 count();

private:
    friend class Ref<Union>;
    friend class Namespace;

    explicit Union(Ref<Chan> from) : from_(std::move(from)) {}
    ~Union();
    static Result<Ref<Union>> create(Ref<Chan> from, usize room);
    static void destroy(Union& object);
    void append(Mount mount);

    Ref<Chan> from_;            // const after create
    Mount* members_ = nullptr;  // const once in a name space
    usize size_ = 0;            // const once in a name space
    usize room_ = 0;            // const after create
    Union* next_ = nullptr;     // guarded by the lock of the name space it is in
};

/// The most channels that one union can have, and one name space can have mounted.
inline constexpr usize kUnionMax = 64;
inline constexpr usize kMountsMax = 4096;

/// The mount table shared by a group of processes.
class Namespace : public RefCounted<Namespace> {
public:
    /// Nothing mounted, all devices allowed; `root` is what `/` names. Errors: kNoMemory.
    static Result<Ref<Namespace>> create(Ref<Chan> root);
    /// The same mounts, root and device set, from now on separate (RFNAMEG). Errors: kNoMemory.
    Result<Ref<Namespace>> copy();
    /// The same root and device set, nothing mounted (RFCNAMEG). Errors: kNoMemory.
    Result<Ref<Namespace>> empty_copy();

    const Ref<Chan>& root() const { return root_; }

    /// What is mounted on the file that `chan` is of, or null. Context: task. Locks: name space.
    Ref<Union> find(const Chan& chan);

    /// Mounts `source` (with all members of its union, if it was reached by one) on `target`.
    /// Errors: kMountType if one is a directory and the other is not, if a file is mounted in an
    /// order, if kMCreate goes with a union source; kBadArg for bad flags; kNoMemory.
    /// Returns: the id of the mount. Locks: name space.
    Result<u64> mount(Ref<Chan> source, Ref<Chan> target, u32 flags);
    /// Takes `source` off `target`, or everything if `source` is null. Errors: kUnmount if nothing
    /// is mounted there, kUnion if `source` is not. Locks: name space.
    Result<void> unmount(const Chan* source, const Chan& target);

    /// Writes `bind FLAGS NEW OLD` for the first mount whose id is above `after`, and returns its
    /// id; 0 and nothing written if there is none. Locks: name space. Cost: O(mounts).
    u64 print_mount(u64 after, Sink& sink);

    /// Which devices `#x` may name. Any context.
    DeviceSet devices() const {
        // relaxed: the set only shrinks, and nothing else depends on when.
        return devices_.load(std::memory_order_relaxed);
    }
    /// Keeps only the devices in `allowed`. For the group and for copies made later.
    void restrict_devices(DeviceSet allowed) {
        // relaxed: as in devices().
        devices_.fetch_and(allowed, std::memory_order_relaxed);
    }
    /// RFNOMNT: only `#|`, `#d`, `#e`, `#c`, `#p` remain, and nothing may be mounted from devices.
    void forbid_devices() { restrict_devices(device_set("|decp")); }

    /// The name spaces alive; for leak checks.
    static u64 count();

private:
    friend class Ref<Namespace>;
    static constexpr usize kBuckets = 32;

    explicit Namespace(Ref<Chan> root) : root_(std::move(root)) {}
    ~Namespace();
    static void destroy(Namespace& object);

    /// The pointer that points, or would point, to the union mounted on the file of `chan`.
    Union** slot_of(const Chan& chan) REQUIRES_SHARED(lock_);
    Result<Ref<Union>> make_union(const Chan& source, Ref<Chan> target, u32 flags, Union* old)
        REQUIRES(lock_);

    const Ref<Chan> root_;
    Atomic<DeviceSet> devices_{kAllDevices};  // atomic: relaxed, only shrinks

    mutable sched::RWLock lock_{sync::LockRank::kNamespace};
    std::array<Union*, kBuckets> buckets_ GUARDED_BY(lock_){};  // each holds one reference
    u64 last_id_ GUARDED_BY(lock_) = 0;
    usize mounts_ GUARDED_BY(lock_) = 0;
};

/// Binds the file or directory `from` onto `onto`, both names. Errors: of the walks; of mount().
Result<u64> bind(Caller& caller, std::string_view from, std::string_view onto, u32 flags);
/// Undoes a bind of `from` on `onto`, or all on `onto` if `from` is empty. Errors: of the walks; of
/// Namespace::unmount().
Result<void> unmount(Caller& caller, std::string_view from, std::string_view onto);

}  // namespace kernel::chan
