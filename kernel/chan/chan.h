// Chan: a channel: somebody's hold on a file of a device, opened or not.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/list.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/dev.h"
#include "chan/open_mode.h"
#include "chan/path.h"
#include "chan/qid.h"
#include "mm/object_cache.h"
#include "sched/qlock.h"

namespace kernel::chan {

class Namespace;
class ReadState;
class Union;

/// Which file of which device; what name spaces look things up by.
struct FileKey {
    const Dev* device;
    u32 device_number;
    u64 path;

    bool operator==(const FileKey&) const = default;
};

/// A channel. While it is being walked it has one owner, who may change it; once opened, or put
/// where others find it (a mount table, a current directory), only its offset, its reading state
/// and what its device keeps behind the device words change.
///
/// The last reference must be dropped in task context with interrupts on and no spin lock held:
/// closing may block. Dropping a chain of channels (paths hold mount points, which hold paths) does
/// not recurse.
class Chan : public RefCounted<Chan> {
public:
    // --- Creation. ---

    /// An unopened channel to `qid` of `device`. Errors: kNoMemory.
    static Result<Ref<Chan>> create(Dev& device, u32 device_number, Qid qid, Ref<Path> path);
    /// A further unopened channel to the same file, with a copy of the device words; its owner is
    /// the caller. `this` is unopened. Errors: kNoMemory.
    Result<Ref<Chan>> clone() const;

    // --- What it is. Any context. ---

    Dev& device() const { return device_; }
    u32 device_number() const { return device_number_; }
    const Qid& qid() const { return qid_; }
    bool is_dir() const { return qid_.is_dir(); }
    /// How it was reached; its last element is the name that stat shows. Never null.
    const Ref<Path>& path() const { return path_; }
    bool is_open() const { return is_open_; }
    /// How it was opened: access and kORClose only; kOExec reads as kORead.
    OpenMode mode() const { return mode_; }
    /// Whether `other` is the same file of the same device.
    bool is_same_file(const Chan& other) const { return key() == other.key(); }
    FileKey key() const { return {&device_, device_number_, qid_.path}; }
    /// The union it was found by, whose first member it is; null if there is none.
    const Ref<Union>& found_by() const { return union_; }
    /// The most that one device read or write should ask for; 0 says nothing.
    u32 io_unit() const { return io_unit_; }

    // --- For the owner, before it is shared. ---

    void set_qid(Qid qid) { qid_ = qid; }
    void set_path(Ref<Path> path);
    void set_io_unit(u32 bytes) { io_unit_ = bytes; }
    /// The union that is mounted where this channel was found.
    void set_union(Ref<Union> found);
    /// Open from now on. The generic code calls it after Dev::open; a device may do it earlier,
    /// under a lock of its own.
    void mark_open(OpenMode mode);

    // --- The offset of plain reads and writes. Any context. ---

    u64 offset() const {
        // relaxed: a number of its own; users of one descriptor order their calls themselves.
        return offset_.load(std::memory_order_relaxed);
    }
    void set_offset(u64 offset) {
        // relaxed: as in offset().
        offset_.store(offset, std::memory_order_relaxed);
    }
    /// Returns where it was.
    u64 advance(u64 bytes) {
        // relaxed: as in offset().
        return offset_.fetch_add(bytes, std::memory_order_relaxed);
    }
    void go_back(u64 bytes) {
        // relaxed: as in offset().
        offset_.fetch_sub(bytes, std::memory_order_relaxed);
    }

    // --- The device's own state: a word and a pointer, zero at the start. ---

    /// Set by the owner while the channel is not shared, or as the device's own rules say.
    u64 device_word = 0;
    void* device_pointer = nullptr;

    // --- What it keeps for reads of directories and rendered texts. ---

    sched::QLock& read_lock() RETURN_CAPABILITY(read_lock_) { return read_lock_; }
    /// Made at the first use. Errors: kNoMemory.
    Result<ReadState*> read_state() REQUIRES(read_lock_);

    // --- For Dev::close. ---

    /// Drops `other` when this channel is gone. A device that drops channels when it closes one
    /// does it so, that chains of channels may close without recursion.
    void drop_after_close(Ref<Chan> other) { drop_after_close_ = std::move(other); }

    /// The channels alive; for leak checks.
    static u64 count();

private:
    friend class Ref<Chan>;
    friend class Release;
    friend class mm::ObjectCache<Chan>;

    Chan(Dev& device, u32 device_number, Qid qid, Ref<Path> path);
    ~Chan();
    static void destroy(Chan& chan);
    static void free(Chan& chan);

    Dev& device_;              // const after create
    const u32 device_number_;  // const after create
    u32 io_unit_ = 0;          // the owner's, const once shared
    Qid qid_;                  // the owner's, const once shared
    OpenMode mode_;            // the owner's, const once shared
    bool is_open_ = false;     // the owner's, const once shared
    Ref<Path> path_;           // the owner's, const once shared
    Ref<Union> union_;         // the owner's, const once shared: the union mounted here, if any
    Atomic<u64> offset_{0};    // atomic: relaxed

    /// Excludes others while a directory or a rendered text is read. The outermost lock there is,
    /// because rendering takes whatever the rendered objects need.
    sched::QLock read_lock_{sync::LockRank::kChan};
    ReadState* read_state_ GUARDED_BY(read_lock_) = nullptr;  // on the heap; owned

    Ref<Chan> drop_after_close_;   // of whoever closes it
    ListHook<Chan> release_hook_;  // of the Release that destroys it
};

}  // namespace kernel::chan
