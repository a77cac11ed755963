// The ring between traced processes and their reader.
#include "proc/trace.h"

namespace kernel::proc {

Result<Ref<Trace>> Trace::create(const chan::UserName& owner, bool inherited) {
    mm::Buffer ring = TRY(mm::Buffer::create(kTraceBytes));
    mm::Box<Trace> made = TRY(mm::Box<Trace>::create(std::move(ring), owner, inherited));
    return Ref<Trace>::adopt(*made.leak());
}

void Trace::destroy(Trace& trace) { mm::Box<Trace>::adopt(trace).reset(); }

// --- Its processes. ---

void Trace::join() {
    const sync::IrqSaveGuard guard(lock_);
    ++processes_;
}

void Trace::leave() {
    const sync::IrqSaveGuard guard(lock_);
    --processes_;
    sched::wakeup(filled_);  // under the lock: the reader may drop the last reference after it
}

bool Trace::is_over() const {
    const sync::IrqSaveGuard guard(lock_);
    return state_ == Reader::kGone;
}

// --- The ring. ---

void Trace::copy_in_locked(ConstBytes bytes) {
    const usize at = (first_ + used_) % ring_.size();
    const usize straight = std::min(bytes.size(), ring_.size() - at);
    std::memcpy(ring_.data() + at, bytes.data(), straight);
    std::memcpy(ring_.data(), bytes.data() + straight, bytes.size() - straight);
    used_ += bytes.size();
}

void Trace::copy_out_locked(Bytes bytes) {
    const usize straight = std::min(bytes.size(), ring_.size() - first_);
    std::memcpy(bytes.data(), ring_.data() + first_, straight);
    std::memcpy(bytes.data() + straight, ring_.data(), bytes.size() - straight);
    first_ = (first_ + bytes.size()) % ring_.size();
    used_ -= bytes.size();
}

void Trace::put_locked(std::string_view record) {
    DEBUG_ASSERT(record.size() <= kTraceRecordMax);
    reserved_ -= kRecordRoom;
    sched::wakeup(room_);  // it may be shorter than its room
    if (state_ != Reader::kOpen) return;
    const Header header{static_cast<u32>(record.size()), std::exchange(lost_, 0)};
    copy_in_locked(std::as_bytes(std::span(&header, 1)));
    copy_in_locked(as_bytes(record));
    sched::wakeup(filled_);
}

bool Trace::ends_wait() const {
    const sync::IrqSaveGuard guard(lock_);
    const bool reading_helps = reserved_ + kCallRoom <= ring_.size();
    return state_ != Reader::kOpen || dropping_ || !reading_helps || has_room_locked(kCallRoom);
}

// --- Recording. ---

bool Trace::wants(u64 number, const ProcRef& process) const {
    if (number >= machine::kSystemCalls || (calls() >> number & 1) == 0) return false;
    const sync::IrqSaveGuard guard(lock_);
    return state_ == Reader::kOpen && process != reader_;
}

bool Trace::begin(bool may_wait) {
    bool waits = may_wait;
    for (;;) {  // ends with the reader, with an interrupt, or when waiting is over and was in vain
        {
            const sync::IrqSaveGuard guard(lock_);
            if (state_ != Reader::kOpen) return false;
            if (has_room_locked(kCallRoom)) {
                reserved_ += kCallRoom;
                return true;
            }
            if (dropping_ || reserved_ + kCallRoom > ring_.size()) waits = false;
            if (!waits) {
                ++traced_;
                ++dropped_;
                ++lost_;
                sched::wakeup(filled_);
                return false;
            }
        }
        waits = wait_for_room().ok();
    }
}

Result<void> Trace::wait_for_room() {
    if (!writers_.lock_interruptible()) return Error::kInterrupted;
    const sched::QLockGuard in_line(writers_, sched::kAdoptLock);
    return sched::sleep(room_, [this] { return ends_wait(); });
}

u64 Trace::put_begin(std::string_view text) {
    std::array<char, kTraceRecordMax> record;
    const sync::IrqSaveGuard guard(lock_);
    put_locked(format_into(record, "E {} {}\n", ++traced_, text));
    return traced_;
}

void Trace::put_end(u64 number, std::string_view text) {
    std::array<char, kTraceRecordMax> record;
    const std::string_view line = format_into(record, "X {} {}\n", number, text);
    const sync::IrqSaveGuard guard(lock_);
    put_locked(line);
}

void Trace::forget(usize records) {
    const sync::IrqSaveGuard guard(lock_);
    reserved_ -= records * kRecordRoom;
    sched::wakeup(room_);
}

// --- The reader. ---

Result<void> Trace::open_reader(const ProcRef& reader) {
    const sync::IrqSaveGuard guard(lock_);
    if (state_ == Reader::kOpen) return Error::kTraced;
    if (state_ == Reader::kGone) return Error::kNotTraced;
    state_ = Reader::kOpen;
    reader_ = reader;
    return {};
}

void Trace::close_reader() {
    const sync::IrqSaveGuard guard(lock_);
    state_ = Reader::kGone;
    used_ = 0;
    sched::wakeup(room_);
}

bool Trace::has_line_or_ends() const {
    const sync::IrqSaveGuard guard(lock_);
    return used_ != 0 || lost_ != 0 || processes_ == 0;
}

bool Trace::take_line() {
    line_done_ = 0;
    const sync::IrqSaveGuard guard(lock_);
    if (used_ != 0) {
        if (!header_.has_value()) {
            Header header;
            copy_out_locked(std::as_writable_bytes(std::span(&header, 1)));
            header_ = header;
        }
        if (const u32 lost = std::exchange(header_->lost, 0); lost != 0) {
            line_.format("D {}\n", lost);
            return true;
        }
        std::array<char, kTraceRecordMax> record;
        const std::span<char> text = std::span(record).first(header_->size);
        copy_out_locked(std::as_writable_bytes(text));
        line_.assign({text.data(), text.size()});
        header_.reset();
        sched::wakeup(room_);
        return true;
    }
    if (told_end_) return false;
    if (const u32 lost = std::exchange(lost_, 0); lost != 0) {
        line_.format("D {}\n", lost);
        return true;
    }
    if (processes_ != 0) return false;
    told_end_ = closed_ = true;
    line_.format("traced {} dropped {}\n", traced_, dropped_);
    return true;
}

Result<usize> Trace::read(Bytes out, const ProcRef& reader) {
    if (out.empty()) return usize{0};
    if (!readers_.lock_interruptible()) return Error::kInterrupted;
    const sched::QLockGuard one_at_a_time(readers_, sched::kAdoptLock);
    {
        const sync::IrqSaveGuard guard(lock_);
        reader_ = reader;
    }
    while (line_done_ == line_.size()) {  // ends with a line, the end, or an interrupt
        if (take_line()) break;
        line_.clear();
        if (told_end_) return usize{0};
        TRY(sched::sleep(filled_, [this] { return has_line_or_ends(); }));
    }
    const std::string_view rest = line_.view().substr(line_done_);
    const usize size = std::min(rest.size(), out.size());
    std::memcpy(out.data(), rest.data(), size);
    line_done_ += size;
    return size;
}

Result<void> Trace::mark(std::string_view text) {
    if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    FixedString<kTraceRecordMax + 1> record;
    record.format("M {}\n", text);
    if (text.find('\n') != std::string_view::npos) return Error::kBadArg;
    if (record.size() != text.size() + 3) return Error::kTooBig;
    const sync::IrqSaveGuard guard(lock_);
    if (state_ != Reader::kOpen || closed_) return Error::kNotTraced;
    if (!has_room_locked(kRecordRoom)) return Error::kTraceFull;
    reserved_ += kRecordRoom;
    put_locked(record.view());
    return {};
}

void Trace::set_dropping(bool dropping) {
    const sync::IrqSaveGuard guard(lock_);
    dropping_ = dropping;
    sched::wakeup(room_);
}

Trace::Counts Trace::counts() const {
    const sync::IrqSaveGuard guard(lock_);
    const u64 reader = state_ == Reader::kOpen ? 1 : 0;
    return {processes_, processes_ + reader, traced_, dropped_};
}

}  // namespace kernel::proc
