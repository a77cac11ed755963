// FixedString<N>: a text of at most N - 1 bytes in place, always NUL-terminated, cut at a rune
// boundary.
#pragma once

#include "base/format.h"
#include "base/std.h"
#include "base/text.h"

namespace kernel {

/// A bounded text held by value. The caller protects it.
template <usize N>
class FixedString {
    static_assert(N >= 2);

public:
    static constexpr usize kCapacity = N - 1;

    constexpr FixedString() = default;
    explicit FixedString(std::string_view text) { assign(text); }
    /// A text that is known to fit when this is compiled.
    static consteval FixedString of(std::string_view text) {
        FixedString made;
        std::copy_n(text.data(), text.size(), made.bytes_.begin());
        made.size_ = text.size();
        made.bytes_.at(text.size()) = '\0';
        return made;
    }

    /// Replaces the text, cut at a rune boundary to what fits.
    void assign(std::string_view text) {
        const std::string_view cut = cut_at_rune(text, kCapacity);
        std::copy_n(cut.data(), cut.size(), bytes_.data());
        size_ = cut.size();
        bytes_[size_] = '\0';
    }
    template <class... Args>
    void format(FormatString<std::type_identity_t<Args>...> format, const Args&... args) {
        // One byte more than will stay, which tells whether the cut would split a rune.
        BufferSink sink(bytes_);
        format_to(sink, format, args...);
        size_ = cut_at_rune(sink.text(), kCapacity).size();
        bytes_[size_] = '\0';
    }
    void clear() {
        size_ = 0;
        bytes_[0] = '\0';
    }

    std::string_view view() const { return {bytes_.data(), size_}; }
    operator std::string_view() const { return view(); }
    const char* c_str() const { return bytes_.data(); }
    bool empty() const { return size_ == 0; }
    usize size() const { return size_; }

private:
    std::array<char, N> bytes_{};
    usize size_ = 0;
};

}  // namespace kernel
