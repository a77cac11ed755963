// EditorSource: lines as a stream.
#include "shell/rc/edit_source.h"

namespace kernel::shell::rc {

Result<usize> EditorSource::read(std::span<char> into, std::string_view prompt) {
    if (rest_.empty() && !newline_follows_) {
        const Result<std::string_view> line = editor_.read_line(prompt);
        if (!line.ok()) {
            if (line.error() == Error::kHungUp) return usize{0};
            return line.error();
        }
        rest_ = line.value();
        newline_follows_ = true;
        (void)history_.add(rest_);  // ignored: without memory it is not remembered
    }
    const usize count = std::min(into.size(), rest_.size());
    std::copy_n(rest_.data(), count, into.data());
    rest_.remove_prefix(count);
    if (count == into.size()) return count;
    into[count] = '\n';
    newline_follows_ = false;
    return count + 1;
}

}  // namespace kernel::shell::rc
