// Rendered text: files whose content is made when they are read, and kept for the channel.
#pragma once

#include "base/format.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/chan.h"

namespace kernel::chan {

/// A function that writes the whole text of a file to a sink, its type erased; refers to the
/// caller's object.
class TextSource {
public:
    template <class Render>
        requires std::is_invocable_r_v<Result<void>, Render&, Sink&>
    explicit TextSource(Render& render)
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(render)))),
          render_([](void* object, Sink& sink) -> Result<void> {
              return (*static_cast<Render*>(object))(sink);
          }) {}
    Result<void> operator()(Sink& sink) const { return render_(object_, sink); }

private:
    void* object_;
    Result<void> (*render_)(void* object, Sink& sink);
};

/// As TextSource, for one record: writes the record at `cursor` (0 is the first) and returns the
/// cursor of the next. To say that there is none at or after `cursor`, it writes nothing.
class RecordSource {
public:
    template <class Render>
        requires std::is_invocable_r_v<Result<u64>, Render&, u64, Sink&>
    explicit RecordSource(Render& render)
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(render)))),
          render_([](void* object, u64 cursor, Sink& sink) -> Result<u64> {
              return (*static_cast<Render*>(object))(cursor, sink);
          }) {}
    Result<u64> operator()(u64 cursor, Sink& sink) const { return render_(object_, cursor, sink); }

private:
    void* object_;
    Result<u64> (*render_)(void* object, u64 cursor, Sink& sink);
};

Result<usize> read_rendered_text(Chan& chan, Bytes out, u64 offset, TextSource source);
Result<usize> read_rendered_records(Chan& chan, Bytes out, u64 offset, RecordSource source);

/// Answers a read from a text that is rendered when the channel is read at offset 0 (or for the
/// first time) and kept for it: any sequence of short reads gives one consistent text, and reading
/// at 0 again gives a fresh one. `render(Sink&) -> Result<void>` runs in the caller's task, may
/// block, and must not read this channel; its error is returned and nothing is kept.
/// Locks:   the channel's.
/// Errors:  kNoMemory; kInterrupted while another reader of the channel renders; render's.
template <class Render>
Result<usize> read_rendered(Chan& chan, Bytes out, u64 offset, Render&& render) {
    return read_rendered_text(chan, out, offset, TextSource(render));
}

/// Answers a read from a text of records, at most one record per read: the one that `offset` lies
/// in, or the rest of it. A read where the last one ended goes on; a read at 0 or anywhere else
/// starts over and skips forward. `render(u64 cursor, Sink&) -> Result<u64>` as RecordSource says.
/// Locks and errors as read_rendered().
template <class Render>
Result<usize> read_records(Chan& chan, Bytes out, u64 offset, Render&& render) {
    return read_rendered_records(chan, out, offset, RecordSource(render));
}

}  // namespace kernel::chan
