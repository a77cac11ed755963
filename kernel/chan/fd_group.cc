// Descriptors: a growing array of channels behind a spin lock.
#include "chan/fd_group.h"

#include "chan/caller.h"
#include "mm/heap.h"
#include "mm/object_cache.h"

namespace kernel::chan {
namespace {

constinit mm::ObjectCache<FdGroup> cache{"fdgroup"};

/// Descriptors that are met under one taking of the lock: bounds how long interrupts stay off.
constexpr usize kBatch = 20;

bool allows(OpenMode mode, FdUse use) {
    switch (use) {
        case FdUse::kAny:
            return true;
        case FdUse::kRead:
            return mode.reads();
        case FdUse::kWrite:
            return mode.writes();
        case FdUse::kReadWrite:
            return mode.reads() && mode.writes();
    }
    return false;
}

}  // namespace

Result<Ref<FdGroup>> FdGroup::create() { return Ref<FdGroup>::adopt(*TRY(cache.create())); }

FdGroup::~FdGroup() {
    // Nobody else is left; the lock is for the analysis.
    sync::IrqSaveGuard guard(lock_);
    mm::deallocate(slots_.data(), slots_.size_bytes());
}

void FdGroup::destroy(FdGroup& group) {
    group.close_all();
    cache.destroy(group);
}

usize FdGroup::size() const {
    const sync::IrqSaveGuard guard(lock_);
    return slots_.size();
}

Result<void> FdGroup::grow(usize size) {
    if (size > kFdMax) return Error::kNoFd;
    const usize rounded = (size + kFdStep - 1) / kFdStep * kFdStep;
    const Bytes memory = TRY(mm::allocate(rounded * sizeof(Slot)));
    Slot* slots = reinterpret_cast<Slot*>(memory.data());
    for (usize i = 0; i < rounded; ++i) ::new (static_cast<void*>(slots + i)) Slot();
    std::span<Slot> spare(slots, rounded);
    {
        sync::IrqSaveGuard guard(lock_);
        // Somebody else may have been faster.
        if (slots_.size() < rounded) {
            std::copy(slots_.begin(), slots_.end(), spare.begin());
            std::swap(slots_, spare);
        }
    }
    mm::deallocate(spare.data(), spare.size_bytes());
    return {};
}

Result<Ref<FdGroup>> FdGroup::copy() {
    Ref<FdGroup> made = TRY(create());
    for (usize begin = 0;; begin += kBatch) {  // ends at the end of the table, at most kFdMax
        const usize size = this->size();
        if (begin >= size) return made;
        if (made->size() < size) TRY(made->grow(size));
        std::array<Slot, kBatch> batch;
        {
            const sync::IrqSaveGuard guard(lock_);
            const std::span<const Slot> slots =
                slots_.subspan(begin, std::min(kBatch, size - begin));
            for (usize i = 0; i < slots.size(); ++i) {
                if (slots[i].chan == nullptr) continue;
                batch[i] = {Ref<Chan>::share(*slots[i].chan).leak(), slots[i].on_exec};
            }
        }
        const sync::IrqSaveGuard guard(made->lock_);
        std::copy_n(batch.begin(), std::min(kBatch, size - begin), made->slots_.begin() + begin);
    }
}

Result<i32> FdGroup::add(Ref<Chan> chan, OnExec on_exec) {
    for (;;) {  // ends when the table is at its limit
        usize size = 0;
        {
            sync::IrqSaveGuard guard(lock_);
            size = slots_.size();
            for (usize fd = 0; fd < size; ++fd) {
                if (slots_[fd].chan != nullptr) continue;
                slots_[fd] = {chan.leak(), on_exec};
                return static_cast<i32>(fd);
            }
        }
        TRY(grow(size + 1));
    }
}

Result<i32> FdGroup::put(i32 fd, Ref<Chan> chan, OnExec on_exec) {
    if (fd < 0 || static_cast<usize>(fd) >= kFdMax) return Error::kBadFd;
    const usize index = static_cast<usize>(fd);
    for (;;) {  // ends after at most one growth: tables do not shrink
        {
            sync::IrqSaveGuard guard(lock_);
            if (index < slots_.size()) {
                Slot& slot = slots_[index];
                // What was there goes with `chan`, after the lock.
                Chan* before = std::exchange(slot.chan, chan.leak());
                slot.on_exec = on_exec;
                if (before != nullptr) chan = Ref<Chan>::adopt(*before);
                break;
            }
        }
        TRY(grow(index + 1));
    }
    return fd;
}

Result<Ref<Chan>> FdGroup::get(i32 fd, FdUse use) const {
    const sync::IrqSaveGuard guard(lock_);
    if (fd < 0 || static_cast<usize>(fd) >= slots_.size()) return Error::kBadFd;
    Chan* const found = slots_[static_cast<usize>(fd)].chan;
    if (found == nullptr) return Error::kBadFd;
    if (!allows(found->mode(), use)) return Error::kBadUseFd;
    return Ref<Chan>::share(*found);
}

Result<void> FdGroup::close(i32 fd) {
    Ref<Chan> chan;  // closed after the lock
    const sync::IrqSaveGuard guard(lock_);
    if (fd < 0 || static_cast<usize>(fd) >= slots_.size()) return Error::kBadFd;
    Chan* const found = std::exchange(slots_[static_cast<usize>(fd)].chan, nullptr);
    if (found == nullptr) return Error::kBadFd;
    chan = Ref<Chan>::adopt(*found);
    return {};
}

template <class Condition>
void FdGroup::close_where(Condition&& condition) {
    const usize size = this->size();
    for (usize begin = 0; begin < size; begin += kBatch) {
        std::array<Ref<Chan>, kBatch> gone;  // closed after the lock
        usize count = 0;
        const sync::IrqSaveGuard guard(lock_);
        for (Slot& slot : slots_.subspan(begin, std::min(kBatch, slots_.size() - begin))) {
            if (slot.chan == nullptr || !condition(slot)) continue;
            gone[count++] = Ref<Chan>::adopt(*std::exchange(slot.chan, nullptr));
        }
    }
}

void FdGroup::close_all() {
    close_where([](const Slot&) { return true; });
}

void FdGroup::close_on_exec() {
    close_where([](const Slot& slot) { return slot.on_exec == OnExec::kClose; });
}

std::optional<FdRow> FdGroup::next(i32 from) const {
    sync::IrqSaveGuard guard(lock_);
    for (usize fd = static_cast<usize>(std::max(from, 0)); fd < slots_.size(); ++fd) {
        const Slot& slot = slots_[fd];
        if (slot.chan == nullptr) continue;
        return FdRow{static_cast<i32>(fd), Ref<Chan>::share(*slot.chan), slot.on_exec};
    }
    return {};
}

void print_fd_row(Sink& sink, i32 fd, const Chan& chan) {
    constexpr std::array<std::string_view, 4> kModes = {"r ", "w ", "rw", "r "};
    const Qid& qid = chan.qid();
    format_to(sink, "{:3} {} {} {:4} ({:016x} {} {:02x}) {:5} {:8} ", fd,
              kModes[static_cast<usize>(chan.mode().access())], chan.device().letter(),
              chan.device_number(), qid.path, qid.vers, qid.type, chan.io_unit(), chan.offset());
    chan.path()->write_to(sink);
    sink.write("\n");
}

Result<u64> print_fd_record(const Caller& target, u64 cursor, Sink& sink) {
    const Ref<FdGroup> fds = target.fds();
    if (!fds) return u64{0};
    if (cursor == 0) {
        const Ref<Chan> dot = target.dot();
        if (!dot) return u64{0};
        dot->path()->write_to(sink);
        sink.write("\n");
        return u64{1};
    }
    // Cursor n + 1 is descriptor n.
    const std::optional<FdRow> row = fds->next(static_cast<i32>(cursor - 1));
    if (!row.has_value()) return cursor;
    print_fd_row(sink, row->fd, *row->chan);
    return static_cast<u64>(row->fd) + 2;
}

Result<u64> print_ns_record(const Caller& target, u64 cursor, Sink& sink) {
    constexpr u64 kEnd = ~u64{0};
    if (cursor == kEnd) return kEnd;
    const Ref<Namespace> name_space = target.name_space();
    const Ref<Chan> dot = target.dot();
    if (!name_space || !dot) return Error::kProcessExited;
    const u64 id = name_space->print_mount(cursor, sink);
    if (id != 0) return id;
    sink.write("cd ");
    put_quoted_path(sink, *dot->path());
    sink.write("\n");
    return kEnd;
}

}  // namespace kernel::chan
