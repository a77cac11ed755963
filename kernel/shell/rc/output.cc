// Output: gathering and writing.
#include "shell/rc/output.h"

namespace kernel::shell::rc {

void Output::attach(Fd fd) {
    fd_ = fd;
    filled_ = 0;
    outcome_ = fd == kNoFd ? Result<void>(Error::kBadFd) : Result<void>();
}

void Output::write(std::string_view text) {
    while (!text.empty() && outcome_.ok()) {
        const usize room = buffer_.size() - filled_;
        const usize count = std::min(room, text.size());
        std::copy_n(text.data(), count, buffer_.data() + filled_);
        filled_ += count;
        text.remove_prefix(count);
        if (filled_ == buffer_.size()) (void)flush();  // ignored: kept in outcome_
    }
}

Result<void> Output::flush() {
    if (outcome_.ok() && filled_ > 0) {
        outcome_ = write_all({buffer_.data(), filled_});
    }
    filled_ = 0;
    return outcome_;
}

Result<void> Output::write_all(std::string_view text) {
    while (!text.empty()) {
        const usize count = TRY(host_.write(fd_, as_bytes(text)));
        if (count == 0 || count > text.size()) return Error::kIo;
        text.remove_prefix(count);
    }
    return {};
}

}  // namespace kernel::shell::rc
