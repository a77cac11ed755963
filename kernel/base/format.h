// A small type-safe formatter: `{}` placeholders checked at compile time, output to any Sink.
#pragma once

#include "base/error.h"
#include "base/std.h"

namespace kernel {

/// Where text goes. Implementations say in which contexts `write` may be called.
class Sink {
public:
    virtual void write(std::string_view text) = 0;

protected:
    ~Sink() = default;
};

/// A Sink over a fixed buffer: what does not fit is counted but not stored.
class BufferSink final : public Sink {
public:
    explicit BufferSink(std::span<char> buffer) : buffer_(buffer) {}

    void write(std::string_view text) override;

    /// What was stored.
    std::string_view text() const { return {buffer_.data(), stored_}; }
    /// Bytes that were written, stored or not.
    usize written() const { return written_; }
    bool truncated() const { return written_ > stored_; }

private:
    std::span<char> buffer_;
    usize stored_ = 0;
    usize written_ = 0;
};

/// One argument, its type erased. Integers, characters, bools, text, pointers, enums by value, and
/// Error.
class FormatArg {
public:
    enum class Kind : u8 { kSigned, kUnsigned, kChar, kText, kPointer };

    template <std::signed_integral T>
    FormatArg(T value) : kind_(Kind::kSigned), signed_(value) {}
    template <std::unsigned_integral T>
    FormatArg(T value) : kind_(Kind::kUnsigned), unsigned_(value) {}
    template <class T>
        requires std::is_enum_v<T>
    FormatArg(T value) : FormatArg(static_cast<std::underlying_type_t<T>>(value)) {}
    FormatArg(char value) : kind_(Kind::kChar), unsigned_(static_cast<u8>(value)) {}
    FormatArg(bool value)
        : FormatArg(value ? std::string_view("true") : std::string_view("false")) {}
    FormatArg(std::string_view value) : kind_(Kind::kText), text_(value) {}
    FormatArg(const char* value) : FormatArg(std::string_view(value)) {}
    FormatArg(Error value) : FormatArg(error_text(value)) {}
    FormatArg(const void* value)
        : kind_(Kind::kPointer), unsigned_(reinterpret_cast<std::uintptr_t>(value)) {}

    Kind kind() const { return kind_; }
    i64 as_signed() const { return signed_; }
    u64 as_unsigned() const { return unsigned_; }
    std::string_view as_text() const { return text_; }

private:
    Kind kind_;
    union {
        i64 signed_;
        u64 unsigned_;
        std::string_view text_;
    };
};

namespace detail {
/// Declared, never defined, not constexpr: reaching it while checking a format text is the compile
/// error.
void format_text_is_malformed();
/// The number of placeholders in `format`; calls something not constexpr (a compile error) when it
/// is malformed.
consteval usize count_placeholders(std::string_view format);
void format_erased(Sink& sink, std::string_view format, std::span<const FormatArg> args);
}  // namespace detail

/// A format text whose placeholders were counted against the argument types at compile time.
///
/// `{}` prints an argument; `{:SPEC}` with SPEC = [<|>][0][width][x|c]: left or right justified
/// (numbers default to right, text to left), zero filled, minimal width, hexadecimal without
/// prefix, or an unsigned number as a character.
/// `{{` and `}}` print braces. Pointers print as 0x and 16 digits.
template <class... Args>
class FormatString {
public:
    template <class T>
        requires std::convertible_to<const T&, std::string_view>
    consteval FormatString(const T& text) : text_(text) {
        if (detail::count_placeholders(text_) != sizeof...(Args))
            detail::format_text_is_malformed();
    }
    constexpr std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

/// Writes `format` with its arguments to `sink`. Context: as the sink's. Cost: linear in the
/// output; no allocation.
template <class... Args>
void format_to(Sink& sink, FormatString<std::type_identity_t<Args>...> format,
               const Args&... args) {
    const std::array<FormatArg, sizeof...(Args)> erased{FormatArg(args)...};
    detail::format_erased(sink, format.text(), erased);
}

/// Formats into `buffer` and returns the text, cut to what fits.
template <class... Args>
std::string_view format_into(std::span<char> buffer,
                             FormatString<std::type_identity_t<Args>...> format,
                             const Args&... args) {
    BufferSink sink(buffer);
    format_to(sink, format, args...);
    return sink.text();
}

namespace detail {

consteval usize count_placeholders(std::string_view format) {
    usize count = 0;
    for (usize i = 0; i < format.size(); ++i) {
        if (format[i] == '{') {
            if (i + 1 < format.size() && format[i + 1] == '{') {
                ++i;
                continue;
            }
            const usize close = format.find('}', i);
            if (close == std::string_view::npos) format_text_is_malformed();
            i = close;
            ++count;
        } else if (format[i] == '}') {
            if (i + 1 >= format.size() || format[i + 1] != '}') format_text_is_malformed();
            ++i;
        }
    }
    return count;
}

}  // namespace detail
}  // namespace kernel
