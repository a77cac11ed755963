// Pipes: two block queues, and who has which end open.
#include "dev/pipe.h"

#include "base/atomic.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/queue.h"
#include "mm/object_cache.h"
#include "sync/spin_lock.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::DirCursor;
using chan::OpenMode;
using chan::Stat;

constexpr u32 kPermissions = 0600;
constexpr std::array<std::string_view, 2> kEndNames = {"data", "data1"};

/// What a Qid path of this device is: the pipe's number, and which of its files.
enum class File : u64 { kRoot = 0, kFirstEnd = 1, kSecondEnd = 2 };
constexpr u64 kFileBits = 2;

constexpr u64 path_of(u64 pipe, File file) { return (pipe << kFileBits) | static_cast<u64>(file); }
File file_of(const Chan& chan) {
    return static_cast<File>(chan.qid().path & ((u64{1} << kFileBits) - 1));
}
/// 0 or 1; `chan` is to an end.
usize end_of(const Chan& chan) { return file_of(chan) == File::kFirstEnd ? 0 : 1; }

/// A pipe; every channel to any of its files holds a reference.
class Pipe : public RefCounted<Pipe> {
public:
    Pipe(u64 number_of_pipe, const chan::UserName& maker) : number(number_of_pipe), owner(maker) {}

    static Result<Ref<Pipe>> create(const chan::UserName& owner);
    static void destroy(Pipe& pipe);

    void open_end(usize end) {
        sync::IrqSaveGuard guard(lock_);
        ++openers_[end];
    }
    /// When nobody has the end open any more, the other one reads what is left and then the end,
    /// and cannot write.
    void close_end(usize end) {
        {
            sync::IrqSaveGuard guard(lock_);
            if (--openers_[end] != 0) return;
        }
        queues[1 - end].hang_up();
        queues[end].close();
    }

    const u64 number;            // const after create
    const chan::UserName owner;  // const after create
    /// Queue n is read at end n and written at the other.
    std::array<chan::BlockQueue, 2> queues{
        chan::BlockQueue{chan::Boundaries::kKept, kPipeLimit},
        chan::BlockQueue{chan::Boundaries::kKept, kPipeLimit},
    };

private:
    sync::SpinLock<sync::LockRank::kDeviceSpin> lock_;
    std::array<u32, 2> openers_ GUARDED_BY(lock_){};
};

constinit mm::ObjectCache<Pipe> cache{"pipe"};
constinit Atomic<u64> last_number{0};  // atomic: relaxed, a source of different numbers

Result<Ref<Pipe>> Pipe::create(const chan::UserName& owner) {
    // relaxed: see where it is declared.
    const u64 number = last_number.fetch_add(1, std::memory_order_relaxed) + 1;
    return Ref<Pipe>::adopt(*TRY(cache.create(number, owner)));
}

void Pipe::destroy(Pipe& pipe) { cache.destroy(pipe); }

/// The pipe that `chan` holds a reference to.
Pipe& pipe_of(const Chan& chan) { return *static_cast<Pipe*>(chan.device_pointer); }

class PipeDevice final : public chan::Dev {
public:
    constexpr PipeDevice() : Dev("|", "pipe") {}

    Result<Ref<Chan>> attach(Caller& caller, std::string_view spec) override {
        if (!spec.empty()) return Error::kBadSpec;
        Ref<Pipe> pipe = TRY(Pipe::create(caller.user()));
        Ref<Chan> root = TRY(attach_at(chan::dir_qid(path_of(pipe->number, File::kRoot)), spec));
        root->device_pointer = pipe.leak();
        return root;
    }

    void cloned(Chan& copy) override {
        copy.device_pointer = Ref<Pipe>::share(pipe_of(copy)).leak();
    }

    Result<void> walk(Caller&, Chan& chan, std::string_view name) override {
        if (name == "..") return {};  // the root is the only directory
        for (usize end = 0; end < kEndNames.size(); ++end) {
            if (name == kEndNames[end]) {
                chan.set_qid(qid_of(pipe_of(chan), end));
                return {};
            }
        }
        return Error::kNotExist;
    }

    Result<bool> entry(Caller&, Chan& dir, DirCursor& cursor, Stat& out) override {
        if (cursor >= kEndNames.size()) return false;
        describe_end(pipe_of(dir), static_cast<usize>(cursor), out);
        ++cursor;
        return true;
    }

    Result<void> stat(Caller&, Chan& chan, Stat& out) override {
        if (chan.is_dir()) {
            describe(out, out.name, chan.qid(), 0, 0555);
        } else {
            describe_end(pipe_of(chan), end_of(chan), out);
        }
        return {};
    }

    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override {
        if (chan->is_dir()) {
            TRY(chan::check_directory_open(mode));
            return chan;
        }
        Pipe& pipe = pipe_of(*chan);
        TRY(chan::check_permission(caller, pipe.owner, kPermissions, mode));
        pipe.open_end(end_of(*chan));
        return chan;
    }

    void close(Chan& chan) override {
        Ref<Pipe> pipe = Ref<Pipe>::adopt(pipe_of(chan));
        if (chan.is_open() && !chan.is_dir()) pipe->close_end(end_of(chan));
    }

    Result<usize> read(Caller&, Chan& chan, Bytes out, u64) override {
        return pipe_of(chan).queues[end_of(chan)].read(out);
    }

    Result<usize> write(Caller&, Chan& chan, ConstBytes data, u64) override {
        return pipe_of(chan).queues[1 - end_of(chan)].write(data);
    }

private:
    static chan::Qid qid_of(const Pipe& pipe, usize end) {
        return chan::file_qid(path_of(pipe.number, end == 0 ? File::kFirstEnd : File::kSecondEnd));
    }

    static void describe_end(const Pipe& pipe, usize end, Stat& out) {
        describe(out, kEndNames[end], qid_of(pipe, end), pipe.queues[end].size(), kPermissions);
        out.uid = pipe.owner;
        out.muid = pipe.owner;
    }
};

constinit PipeDevice device;

}  // namespace

chan::Dev& pipe_device() { return device; }

}  // namespace kernel::dev
