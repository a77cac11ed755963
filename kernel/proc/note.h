// Note and NoteQueue: the short texts that processes send each other, and the few that wait.
#pragma once

#include "base/fixed_string.h"
#include "base/std.h"
#include "proc/limits.h"

namespace kernel::proc {

/// How a process that does not handle a note dies of it.
enum class NoteKind : u8 {
    kUser,   // sent by a process; quietly
    kExit,   // sent by the kernel to end it; quietly
    kDebug,  // sent by the kernel because it did wrong: says so, and stays Broken
};

/// Whether a process that has a handler may handle a note.
enum class Fate : u8 {
    kHandled,
    kEnds,  // what the kernel said when there was no handler, or when it was in it: it is the end
};

/// A note. Held by value: posting allocates nothing and so fails for no lack of memory.
struct Note {
    FixedString<kNoteMax> text;
    NoteKind kind = NoteKind::kUser;
    Fate fate = Fate::kHandled;
};

/// The notes that wait for one process, oldest first. The caller protects it.
class NoteQueue {
public:
    usize size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool full() const { return size_ == kNotesQueued; }
    /// The oldest note; there is one.
    const Note& oldest() const;

    /// Appends a note; false when the queue is full.
    bool push(NoteKind kind, std::string_view text, Fate fate = Fate::kHandled);
    /// Takes the oldest note; there is one.
    Note pop();
    void clear() { size_ = 0; }

private:
    std::array<Note, kNotesQueued> notes_{};
    usize first_ = 0;
    usize size_ = 0;
};

}  // namespace kernel::proc
