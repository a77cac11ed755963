// Rendered texts and records: what a channel keeps of them between reads.
#include "chan/rendered_text.h"

#include "chan/read_state.h"
#include "chan/text_reply.h"

namespace kernel::chan {
namespace {

constexpr usize kFirstSize = 256;

Result<void> render(ReadState& state, TextSource source) {
    state.has_text = false;
    state.text.clear();
    TRY(source(state.text));
    if (state.text.failed()) return Error::kNoMemory;
    state.has_text = true;
    return {};
}

/// Renders the record after the one kept. At the end the text is empty.
Result<void> render_next_record(ReadState& state, RecordSource source) {
    state.record_start += state.text.size();
    state.text.clear();
    state.has_text = false;  // unless all goes well
    const u64 next = TRY(source(state.next_record, state.text));
    if (state.text.failed()) return Error::kNoMemory;
    if (state.text.size() != 0) state.next_record = next;
    state.has_text = true;
    return {};
}

}  // namespace

void GrowingText::write(std::string_view text) {
    if (failed_) return;
    if (text.size() > buffer_.size() - size_) {
        const usize wanted = std::max({kFirstSize, 2 * buffer_.size(), size_ + text.size()});
        Result<mm::Buffer> larger = mm::Buffer::create(wanted);
        if (!larger.ok()) {
            failed_ = true;
            return;
        }
        mm::Buffer grown = std::move(larger).value();
        std::copy_n(buffer_.data(), size_, grown.data());
        buffer_ = std::move(grown);
    }
    std::copy_n(std::as_bytes(std::span(text)).data(), text.size(), buffer_.data() + size_);
    size_ += text.size();
}

Result<usize> read_rendered_text(Chan& chan, Bytes out, u64 offset, TextSource source) {
    if (!chan.read_lock().lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard guard(chan.read_lock(), sched::kAdoptLock);
    ReadState& state = *TRY(chan.read_state());
    if (offset == 0 || !state.has_text) TRY(render(state, source));
    return reply_text(out, offset, state.text.text());
}

Result<usize> read_rendered_records(Chan& chan, Bytes out, u64 offset, RecordSource source) {
    if (!chan.read_lock().lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard guard(chan.read_lock(), sched::kAdoptLock);
    ReadState& state = *TRY(chan.read_state());
    const bool goes_on = state.has_text && offset >= state.record_start &&
                         offset <= state.record_start + state.text.size();
    if (offset == 0 || !goes_on) {
        state.text.clear();
        state.record_start = 0;
        state.next_record = 0;
    }
    // Ends because each turn adds a record, and there are finitely many before `offset`.
    while (offset >= state.record_start + state.text.size()) {
        TRY(render_next_record(state, source));
        if (state.text.size() == 0) return 0;
    }
    return reply_text(out, offset - state.record_start, state.text.text());
}

}  // namespace kernel::chan
