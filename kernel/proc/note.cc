// The ring that notes wait in.
#include "proc/note.h"

#include "base/assert.h"

namespace kernel::proc {

const Note& NoteQueue::oldest() const {
    ASSERT(!empty());
    return notes_[first_];
}

bool NoteQueue::push(NoteKind kind, std::string_view text, Fate fate) {
    if (full()) return false;
    Note& note = notes_[(first_ + size_) % kNotesQueued];
    note.text.assign(text);
    note.kind = kind;
    note.fate = fate;
    ++size_;
    return true;
}

Note NoteQueue::pop() {
    ASSERT(!empty());
    const Note note = notes_[first_];
    first_ = (first_ + 1) % kNotesQueued;
    --size_;
    return note;
}

}  // namespace kernel::proc
