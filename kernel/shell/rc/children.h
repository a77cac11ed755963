// Children: the processes a shell started and how those ended that nobody has asked for yet.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {

/// Sorts the host's wait records, which come in any order, and keeps notes that interrupted a wait.
class Children : Pinned {
public:
    explicit Children(Host& host) : host_(host), entries_(host.memory()) {}

    /// A child was started. Fails with kNoMemory; the child then is nobody's.
    Result<void> add(u64 pid);
    /// Waits until `pid` ends. A note does not end the wait: what the foreground command does about
    /// it is its business; the shell hears of it afterwards, by take_note(). A child that is not
    /// known has ended with status empty.
    Result<void> wait(u64 pid, StatusText& status);
    /// Waits until there is no child left, or a note arrives.
    Result<void> wait_all();
    /// The oldest note, put in `text`; false when there is none.
    bool take_note(StatusText& text);

private:
    struct Entry {
        u64 pid;
        bool ended;
        StatusText status;
    };
    static constexpr usize kMaxNotes = 4;
    static constexpr usize kMaxEnded = 64;

    Entry* find(u64 pid);
    Result<void> reap();
    void absorb_notes();

    Host& host_;
    Vector<Entry> entries_;
    std::array<StatusText, kMaxNotes> notes_;
    usize note_count_ = 0;
};

}  // namespace kernel::shell::rc
