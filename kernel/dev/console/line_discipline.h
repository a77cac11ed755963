// LineDiscipline: what becomes of typed bytes before a reader gets them: editing, echo, raw mode.
#pragma once

#include "base/format.h"
#include "base/std.h"

namespace kernel::dev {

/// The input side of a terminal as a plain state machine; the caller protects it.
///
/// Cooked: bytes are collected in a line that can be edited and is echoed; newline makes it
/// readable, one line per read. Raw: each byte is readable at once and nothing is echoed.
/// In both, Ctrl-C throws away what was typed and not read, and asks for an interrupt.
class LineDiscipline {
public:
    /// Bytes of the line being edited, newline included.
    static constexpr usize kLineMax = 1024;
    /// Bytes (and ends of file) that wait for a reader; what is typed beyond is refused with a
    /// bell.
    static constexpr usize kTypeAheadMax = 4096;

    /// What a typed byte changed for others.
    struct Effect {
        bool readable = false;   // a reader that waits may go on
        bool interrupt = false;  // the foreground is to be interrupted
    };

    constexpr LineDiscipline() = default;

    /// Takes one typed byte; writes what the terminal should show to `echo`.
    Effect put(u8 byte, Sink& echo);

    /// Whether take() would return: there is a line, an end of file, or in raw mode a byte.
    bool readable() const { return stored_ != 0; }

    /// Moves what one read gets to `out`: in cooked mode the rest of a line at most, 0 for an end
    /// of file typed as Ctrl-D on an empty line. Requires readable() and room in `out`.
    usize take(Bytes out);

    /// Switches modes. To raw: what was typed of a line becomes readable. Back to cooked: bytes not
    /// yet read are typed again, so that they are echoed and can be edited.
    Effect set_raw(bool raw, Sink& echo);
    bool raw() const { return raw_; }
    /// Whether Ctrl-C interrupts in raw mode too, as at first, or is a byte like others there.
    void set_interrupts(bool interrupts) { passes_interrupts_ = !interrupts; }

private:
    /// A cell that is a byte, or the end of file where Ctrl-D ended a line.
    using Cell = u16;
    static constexpr Cell kEndOfFile = 0x100;

    Effect put_cooked(u8 byte, Sink& echo);
    void add_to_line(u8 byte, Sink& echo);
    Effect commit(Cell last, Sink& echo);
    void erase_rune(Sink& echo);
    void erase_word(Sink& echo);
    void erase_line(Sink& echo);
    usize room() const { return kTypeAheadMax - stored_; }
    void store(Cell cell);
    Cell front() const { return ready_[first_]; }
    Cell pop();

    std::array<char, kLineMax> line_{};
    usize line_size_ = 0;
    std::array<Cell, kTypeAheadMax> ready_{};  // a ring: stored_ cells from first_ on
    usize first_ = 0;
    usize stored_ = 0;
    bool raw_ = false;
    bool passes_interrupts_ = false;
};

}  // namespace kernel::dev
