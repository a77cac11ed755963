// Input and the two plain sources: text and descriptors.
#include "shell/rc/input.h"

namespace kernel::shell::rc {

Result<usize> TextSource::read(std::span<char> into, std::string_view) {
    const usize count = std::min(into.size(), rest_.size());
    std::copy_n(rest_.data(), count, into.data());
    rest_.remove_prefix(count);
    return count;
}

Result<usize> FileSource::read(std::span<char> into, std::string_view) {
    if (sharing_ == Sharing::kShared) into = into.first(1);
    return host_.read(fd_, std::as_writable_bytes(into));
}

void Input::begin_command(std::string_view first_prompt, std::string_view further_prompt) {
    prompt_ = first_prompt;
    further_prompt_ = further_prompt;
}

Result<void> Input::fill() {
    if (at_ < filled_ || ended_) return {};
    const usize count = TRY(source_.read(buffer_, prompt_));
    at_ = 0;
    filled_ = static_cast<u16>(count);
    ended_ = count == 0;
    return {};
}

Result<int> Input::peek() {
    TRY(fill());
    if (ended_) return kEnd;
    return static_cast<u8>(buffer_[at_]);
}

Result<int> Input::get() {
    const int c = TRY(peek());
    if (c == kEnd) return kEnd;
    ++at_;
    line_begins_ = c == '\n';
    if (line_begins_) ++line_;
    prompt_ = further_prompt_;
    return c;
}

Result<void> Input::skip_line() {
    while (!line_begins_) {
        if (TRY(get()) == kEnd) break;
    }
    return {};
}

void Input::discard() {
    at_ = filled_ = 0;
    line_begins_ = true;
}

}  // namespace kernel::shell::rc
