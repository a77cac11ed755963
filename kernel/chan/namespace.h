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
    std::span<const Mount> members() const { return members_.first(size_); }
    /// What the members are mounted on.
    const Chan& mounted_on() const { return *from_; }

private:
    friend class Ref<Union>;
    friend class Namespace;

    friend class Release;
    friend class mm::ObjectCache<Union>;

    Union(Ref<Chan> from, std::span<Mount> room) : from_(std::move(from)), members_(room) {}
    ~Union() = default;
    static Result<Ref<Union>> create(Ref<Chan> from, usize room);
    static void destroy(Union& object);
    static void free(Union& object);
    void append(Ref<Chan> to, u64 id, u32 flags);

    Ref<Chan> from_;            // const after create
    std::span<Mount> members_;  // const once in a name space; the first size_ are in use
    usize size_ = 0;            // const once in a name space
};

/// The most channels that one union can have, and one name space can have mounted.
inline constexpr usize kUnionMax = 64;
inline constexpr usize kMountsMax = 4096;

/// The mount table shared by a group of processes.
class Namespace : public RefCounted<Namespace> {
public:
    /// Nothing mounted, all devices allowed. `root` is what `/` names: a channel of which nobody
    /// else knows; its path becomes that. Errors: kNoMemory.
    static Result<Ref<Namespace>> create(Ref<Chan> root);
    /// The same mounts, root and device set, from now on separate (RFNAMEG). Errors: kNoMemory.
    Result<Ref<Namespace>> copy();
    /// The same root and device set, nothing mounted (RFCNAMEG). Errors: kNoMemory.
    Result<Ref<Namespace>> empty_copy();

    const Ref<Chan>& root() const { return root_; }

    /// What is mounted on a file, or null. Context: task. Locks: name space, unless none of the
    /// files that share the bucket has anything mounted on it.
    Ref<Union> find(const FileKey& file);

    /// Mounts `source` (with all members of its union, if it was reached by one) on `target`.
    /// Errors: kMountType if one is a directory and the other is not, if a file is mounted in an
    /// order, if kMCreate goes with a union source; kBadArg for bad flags; kNoMemory, also beyond
    /// kUnionMax and kMountsMax.
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
    /// Whether file servers may be mounted. Any context.
    bool allows_mounts() const { return (devices() & kMountDevice) != 0; }
    /// Keeps only the devices in `allowed`. For the group and for copies made later.
    void restrict_devices(DeviceSet allowed) {
        // relaxed: as in devices().
        devices_.fetch_and(allowed, std::memory_order_relaxed);
    }
    /// RFNOMNT: only `#|`, `#d`, `#e`, `#c`, `#p` remain, and nothing may be mounted from devices.
    void forbid_devices() { restrict_devices(device_set("|decp")); }

private:
    friend class Ref<Namespace>;
    friend class mm::ObjectCache<Namespace>;

    /// One file that something is mounted on.
    struct Head {
        Ref<Union> mounted;
        Head* next;
    };
    static constexpr usize kBuckets = 32;
    using Buckets = std::array<Head*, kBuckets>;
    using BucketSet = u32;

    explicit Namespace(Ref<Chan> root) : root_(std::move(root)) {}
    ~Namespace() = default;
    static void destroy(Namespace& object);
    static Result<Ref<Namespace>> create_with(Ref<Chan> root);

    static usize bucket_of(const FileKey& file);
    /// The pointer that points, or would point, to the head for `file`.
    static Head** find_slot(Buckets& buckets, const FileKey& file);
    static Result<void> add_head(Head** slot, Ref<Union> mounted);
    static void remove_head(Head** slot);
    /// The union that mounting `source` on `target` makes out of `old`, which may be null.
    Result<Ref<Union>> extend(const Union* old, const Ref<Chan>& source, const Ref<Chan>& target,
                              u32 flags) REQUIRES(lock_);

    const Ref<Chan> root_;
    Atomic<DeviceSet> devices_{kAllDevices};  // atomic: relaxed, only shrinks

    mutable sched::RWLock lock_{sync::LockRank::kNamespace};
    Buckets buckets_ GUARDED_BY(lock_){};
    // Buckets that have, or had, a head. atomic: relaxed, written under lock_; see find().
    Atomic<BucketSet> used_{0};
    u64 last_id_ GUARDED_BY(lock_) = 0;
    usize mounts_ GUARDED_BY(lock_) = 0;  // members of all unions
};

/// Whether these are flags of bind and mount. Errors: kBadArg.
Result<void> check_bind_flags(u32 flags);
/// Binds the file or directory `from` onto `onto`, both names; returns the id of the mount. Errors:
/// of the walks; of mount().
Result<u64> bind(Caller& caller, std::string_view from, std::string_view onto, u32 flags);
/// Undoes a bind of `from` on `onto`, or all on `onto` if `from` is empty. Errors: of the walks; of
/// Namespace::unmount().
Result<void> unmount(Caller& caller, std::string_view from, std::string_view onto);

}  // namespace kernel::chan
