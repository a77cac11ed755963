// ConsFile: one file of #c: a row with its mode, its functions and a sentence of help.
#pragma once

#include "base/format.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"

namespace kernel::dev {

/// Who may write, besides what the mode says when the file is opened.
enum class Writers : u8 {
    kAny,
    kEve,  // the host owner, looked at for each write: an open file may have been handed on
};

/// A file of #c. A text file has `render`, a stream has `read`; `command` takes a short text,
/// `write` takes bytes. What is null cannot be done. Functions run in the caller's task, may block,
/// and then return kInterrupted when a note comes.
struct ConsFile {
    std::string_view name;
    u32 permissions;
    u64 length;  // what stat shows
    std::string_view help;

    /// Writes the file's whole text; see chan/rendered_text.h.
    Result<void> (*render)(chan::Caller& caller, Sink& sink) = nullptr;
    /// Gets the next bytes, wherever the channel's offset is.
    Result<usize> (*read)(Bytes out) = nullptr;
    /// Does what `text`, without blanks around it, says; all of the write is used up.
    Result<void> (*command)(chan::Caller& caller, std::string_view text) = nullptr;
    Result<usize> (*write)(ConstBytes data) = nullptr;
    Writers writers = Writers::kAny;
};

/// All files, in the order of a listing. Const.
std::span<const ConsFile> cons_files();

/// Writes a number as Plan 9's number files do: right-justified in `width` - 1 columns, and a
/// blank.
template <usize Width>
void put_number(Sink& sink, u64 number) {
    static_assert(Width == 12 || Width == 22);
    if constexpr (Width == 12) {
        format_to(sink, "{:>11} ", number);
    } else {
        format_to(sink, "{:>21} ", number);
    }
}
inline constexpr usize kNumberWidth = 12;
inline constexpr usize kLongNumberWidth = 22;

}  // namespace kernel::dev
