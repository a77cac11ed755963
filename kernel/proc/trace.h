// Trace: what one reader sees of the calls of the processes that belong to it, as lines.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/fixed_string.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/stat.h"
#include "machine/user.h"
#include "mm/heap.h"
#include "proc/proc_ref.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// The longest record, newline included.
inline constexpr usize kTraceRecordMax = 480;
/// Of that what follows `E NUMBER `, at most; what is longer is cut by whoever makes it.
inline constexpr usize kTraceTextMax = kTraceRecordMax - sizeof("E 18446744073709551615 ");
/// Room for records.
inline constexpr usize kTraceBytes = 64 * 1024;

/// A set of calls, by number.
using CallSet = u64;
static_assert(machine::kSystemCalls == 64);
inline constexpr CallSet kAllCalls = ~CallSet{0};

/// Calls of many processes go in, lines come out to one reader. begin() takes room for both records
/// of a call, put_begin() and put_end() fill it; forget() gives back what has no record. Without
/// room, begin() waits for the reader, or counts a dropped call; so ends never wait.
///
/// It records while its reader has it open: from open_reader() to close_reader(), after which it is
/// over for ever and nobody waits for it, so a reader that dies leaves nobody stuck, unless one of
/// the traced has the open file too. Dropped calls are told where they are missing, as `D n`; when
/// the last process has left, the last line is `traced N dropped M`. N counts the calls that were
/// wanted, recorded or dropped: their numbers go up by 1 from record to record, and by as many more
/// as a D between them says.
class Trace : public RefCounted<Trace> {
public:
    /// A trace without processes. `owner` is the user whose calls it tells. Errors: kNoMemory.
    static Result<Ref<Trace>> create(const chan::UserName& owner, bool inherited);
    static void destroy(Trace& trace);

    const chan::UserName& owner() const { return owner_; }
    /// Whether children of its processes belong to it too.
    bool inherited() const { return inherited_; }

    // --- Its processes. Any context.

    /// One more, or one less, of those that belong to it.
    void join();
    void leave();
    /// Whether its reader has closed it, so that it will never record again.
    bool is_over() const;

    // --- Recording. Context: task, no lock held.

    /// Whether call `number` of `process` is to be recorded now. Not that of its reader, who would
    /// read of nothing else.
    bool wants(u64 number, const ProcRef& process) const;
    /// Takes room for the two records of a call. Without room, waits for it if the trace does not
    /// drop, `may_wait`, and reading makes room: it does not while calls that go on have it all.
    /// False: the call is dropped, as it did not wait or its wait was interrupted, or the trace
    /// does not record any more.
    bool begin(bool may_wait);
    /// Puts `E NUMBER text` into the room of the first. Returns the call's number, from 1. Any
    /// context, as the two that follow.
    u64 put_begin(std::string_view text);
    /// Puts `X NUMBER text` into the room of the second.
    void put_end(u64 number, std::string_view text);
    /// Gives the room of so many records back.
    void forget(usize records);

    // --- Reading, and what the reader may change. Context: task, no lock held.

    /// Errors: kTraced if it has a reader; kNotTraced if it is over.
    Result<void> open_reader(const ProcRef& reader);
    void close_reader();
    /// The next bytes of at most one line, waiting for it; 0 at the end. `reader` is who reads.
    /// Errors: kInterrupted.
    Result<usize> read(Bytes out, const ProcRef& reader);
    /// A line of its own: `M text`. Errors: kTooBig; kBadArg if it is several lines;
    /// kNotTraced while it does not record; kTraceFull.
    Result<void> mark(std::string_view text);

    void set_dropping(bool dropping);
    CallSet calls() const {
        // relaxed: a value of its own.
        return calls_.load(std::memory_order_relaxed);
    }
    void set_calls(CallSet calls) { calls_.store(calls, std::memory_order_relaxed); }

    /// For whoever looks. Any context.
    struct Counts {
        u64 processes = 0;
        u64 users = 0;  // processes, and the reader
        u64 traced = 0;
        u64 dropped = 0;
    };
    Counts counts() const;

private:
    friend class mm::Box<Trace>;
    using Lock = sync::SpinLock<sync::LockRank::kTrace>;
    enum class Reader : u8 { kNone, kOpen, kGone };

    /// Before each record in the ring.
    struct Header {
        u32 size;
        u32 lost;  // calls dropped before it
    };
    static constexpr usize kRecordRoom = sizeof(Header) + kTraceRecordMax;
    static constexpr usize kCallRoom = 2 * kRecordRoom;

    Trace(mm::Buffer ring, const chan::UserName& owner, bool inherited)
        : owner_(owner), inherited_(inherited), ring_(std::move(ring)) {}

    bool has_room_locked(usize size) const REQUIRES(lock_) {
        return used_ + reserved_ + size <= ring_.size();
    }
    /// Whether begin() would not wait.
    bool ends_wait() const;
    bool has_line_or_ends() const;
    /// Until begin() would not wait. Errors: kInterrupted.
    Result<void> wait_for_room();
    void copy_in_locked(ConstBytes bytes) REQUIRES(lock_);
    void copy_out_locked(Bytes bytes) REQUIRES(lock_);
    /// Into room that was taken.
    void put_locked(std::string_view record) REQUIRES(lock_);
    /// The next line for the reader, into line_. Whether there is one.
    bool take_line() REQUIRES(readers_);

    const chan::UserName owner_;
    const bool inherited_;
    Atomic<CallSet> calls_{kAllCalls};  // atomic: changed at any time, [trace.calls] alone

    sched::QLock writers_{sync::LockRank::kQueueWriters};
    sched::QLock readers_{sync::LockRank::kQueueReaders};
    sched::Rendez room_;    // the holder of writers_ sleeps here
    sched::Rendez filled_;  // the holder of readers_ sleeps here

    FixedString<kTraceRecordMax + 1> line_ GUARDED_BY(readers_);  // on its way out
    usize line_done_ GUARDED_BY(readers_) = 0;
    bool told_end_ GUARDED_BY(readers_) = false;
    std::optional<Header> header_ GUARDED_BY(readers_);  // of the record that is next in the ring

    mutable Lock lock_;
    const mm::Buffer ring_;  // its bytes are guarded by lock_
    usize first_ GUARDED_BY(lock_) = 0;
    usize used_ GUARDED_BY(lock_) = 0;
    usize reserved_ GUARDED_BY(lock_) = 0;  // for records that will come
    u64 processes_ GUARDED_BY(lock_) = 0;
    u64 traced_ GUARDED_BY(lock_) = 0;
    u64 dropped_ GUARDED_BY(lock_) = 0;
    u32 lost_ GUARDED_BY(lock_) = 0;  // dropped since the last record
    bool closed_ GUARDED_BY(lock_) = false;  // the last line was told: nothing follows it
    bool dropping_ GUARDED_BY(lock_) = false;
    Reader state_ GUARDED_BY(lock_) = Reader::kNone;
    ProcRef reader_ GUARDED_BY(lock_);
};

}  // namespace kernel::proc
