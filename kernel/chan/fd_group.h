// FdGroup: a table of file descriptors, shared by the processes that did not separate theirs.
#pragma once

#include "base/annotations.h"
#include "base/format.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/chan.h"
#include "sync/spin_lock.h"

namespace kernel::chan {

class Caller;

/// The table grows by this many descriptors, up to kFdMax.
inline constexpr usize kFdStep = 20;
inline constexpr usize kFdMax = 5000;

/// What exec does with a descriptor.
enum class OnExec : u8 { kKeep, kClose };

/// What a descriptor is wanted for.
enum class FdUse : u8 { kAny, kRead, kWrite, kReadWrite };

/// An open descriptor.
struct FdRow {
    i32 fd;
    Ref<Chan> chan;
    OnExec on_exec;
};

/// Descriptors. All operations may be called by any task of any process, with no lock held that
/// ranks above kFdGroup; those that drop channels may block closing them.
class FdGroup : public RefCounted<FdGroup> {
public:
    /// An empty table. Errors: kNoMemory.
    static Result<Ref<FdGroup>> create();
    /// A table of its own with the same channels. Errors: kNoMemory.
    Result<Ref<FdGroup>> copy();

    /// Puts `chan` at the lowest free descriptor. Errors: kNoFd, kNoMemory.
    Result<i32> add(Ref<Chan> chan, OnExec on_exec = OnExec::kKeep);
    /// Puts `chan` at `fd`; what was there is closed. Errors: kBadFd if out of range; kNoMemory.
    Result<i32> put(i32 fd, Ref<Chan> chan, OnExec on_exec = OnExec::kKeep);
    /// The channel of `fd`. Errors: kBadFd; kBadUseFd if it was not opened for `use`.
    Result<Ref<Chan>> get(i32 fd, FdUse use = FdUse::kAny) const;
    /// Closes `fd`. Errors: kBadFd.
    Result<void> close(i32 fd);
    void close_all();
    /// Closes what is marked OnExec::kClose.
    void close_on_exec();

    /// The first open descriptor that is `from` or above.
    std::optional<FdRow> next(i32 from) const;

private:
    friend class Ref<FdGroup>;
    friend class mm::ObjectCache<FdGroup>;

    struct Slot {
        Chan* chan = nullptr;  // holds one reference
        OnExec on_exec = OnExec::kKeep;
    };
    using Lock = sync::SpinLock<sync::LockRank::kFdGroup>;

    FdGroup() = default;
    ~FdGroup();
    static void destroy(FdGroup& group);

    usize size() const;
    /// Makes room for at least `size` descriptors. Errors: kNoFd beyond kFdMax; kNoMemory.
    Result<void> grow(usize size);
    /// Closes those whose slot meets the condition.
    template <class Condition>
    void close_where(Condition&& condition);

    mutable Lock lock_;
    std::span<Slot> slots_ GUARDED_BY(lock_);
};

/// One row of /proc/n/fd and of #d's ctl files: number, mode, device, Qid, iounit, offset, path.
void print_fd_row(Sink& sink, i32 fd, const Chan& chan);

/// For read_records() of /proc/n/fd: first the current directory, then a row per descriptor.
/// Nothing if the process of `target` is gone.
Result<u64> print_fd_record(const Caller& target, u64 cursor, Sink& sink);
/// For read_records() of /proc/n/ns: a line per mount, then `cd DIR`. Errors: kProcessExited.
Result<u64> print_ns_record(const Caller& target, u64 cursor, Sink& sink);

}  // namespace kernel::chan
