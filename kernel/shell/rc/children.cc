// Children: waiting.
#include "shell/rc/children.h"

namespace kernel::shell::rc {

Children::Entry* Children::find(u64 pid) {
    for (Entry& entry : entries_) {
        if (entry.pid == pid) return &entry;
    }
    return nullptr;
}

Result<void> Children::add(u64 pid) {
    // A number that comes back is a new process. Records nobody asks for do not pile up.
    Entry* old = find(pid);
    usize ended = 0;
    for (const Entry& entry : entries_) ended += entry.ended ? 1 : 0;
    if (old == nullptr && ended > kMaxEnded) {
        old = std::find_if(entries_.begin(), entries_.end(),
                           [](const Entry& entry) { return entry.ended; });
    }
    if (old != nullptr) {
        const auto at = static_cast<usize>(old - entries_.begin());
        entries_.erase(at, at + 1);
    }
    return entries_.push(Entry{pid, false, StatusText{}});
}

/// Takes one record from the host.
Result<void> Children::reap() {
    const WaitRecord record = TRY(host_.wait());
    Entry* entry = find(record.pid);
    if (entry != nullptr) {
        entry->ended = true;
        entry->status = record.status;
    }
    return {};
}

Result<void> Children::wait(u64 pid, StatusText& status) {
    status.clear();
    Entry* entry = find(pid);
    while (entry != nullptr && !entry->ended) {
        const Result<void> reaped = reap();
        if (!reaped.ok()) {
            if (reaped.error() != Error::kInterrupted) break;
            if (host_.ending()) return Error::kInterrupted;
            absorb_notes();
        }
        entry = find(pid);
    }
    if (entry == nullptr) return {};
    status = entry->status;
    const auto at = static_cast<usize>(entry - entries_.begin());
    entries_.erase(at, at + 1);
    return {};
}

Result<void> Children::wait_all() {
    for (;;) {
        const Result<void> reaped = reap();
        if (reaped.ok()) continue;
        if (reaped.error() == Error::kInterrupted) return Error::kInterrupted;
        break;
    }
    entries_.truncate(0);
    return {};
}

void Children::absorb_notes() {
    StatusText note;
    while (host_.take_note(note)) {
        if (note_count_ < kMaxNotes) notes_[note_count_++] = note;
    }
}

bool Children::take_note(StatusText& text) {
    if (note_count_ == 0) return host_.take_note(text);
    text = notes_[0];
    std::move(notes_.begin() + 1, notes_.begin() + note_count_, notes_.begin());
    --note_count_;
    return true;
}

}  // namespace kernel::shell::rc
