// Arguments: a buffer that doubles.
#include "proc/arguments.h"

namespace kernel::proc {

Result<void> Arguments::add(std::string_view word) {
    constexpr usize kFirst = 256;
    const usize needed = used_ + word.size() + 1;
    if (word.size() >= kArgumentBytesMax || needed > kArgumentBytesMax) {
        return Error::kNoVirtualMemory;
    }
    if (needed > memory_.size()) {
        mm::Buffer larger = TRY(mm::Buffer::create(
            std::min(std::max({kFirst, 2 * memory_.size(), needed}), kArgumentBytesMax)));
        if (used_ != 0) std::memcpy(larger.data(), memory_.data(), used_);
        memory_ = std::move(larger);
    }
    char* const at = reinterpret_cast<char*>(memory_.data()) + used_;
    std::copy(word.begin(), word.end(), at);
    at[word.size()] = '\0';
    used_ = needed;
    ++count_;
    return {};
}

Result<void> Arguments::add_all(const Arguments& other, usize without) {
    std::string_view rest = other.text();
    for (usize i = 0; i < other.count(); ++i) {
        const std::string_view word = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(word.size() + 1);
        if (i >= without) TRY(add(word));
    }
    return {};
}

}  // namespace kernel::proc
