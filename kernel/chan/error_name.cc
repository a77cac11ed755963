// Shortening names so that error strings fit.
#include "chan/error_name.h"

#include "base/text.h"
#include "chan/caller.h"

namespace kernel::chan {
namespace {

/// A name of this length, or one that makes the error string this long, is shortened.
constexpr usize kNameShort = kErrorTextMax / 3;
constexpr usize kErrorShort = 2 * kErrorTextMax / 3;
/// What remains of an element that is itself too long.
constexpr usize kNameChopped = kErrorTextMax / 4;

bool is_continuation(char c) { return (static_cast<u8>(c) & 0xc0) == 0x80; }

/// The longest suffix of `name` that begins at a slash and is short enough beside an error text of
/// `error_size` bytes.
std::string_view short_suffix(std::string_view name, usize error_size) {
    const auto fits = [error_size](usize size) {
        return size < kNameShort || size + error_size < kErrorShort;
    };
    usize start = name.size();
    while (start > 0) {
        const usize slash = name.rfind('/', start - 1);
        if (slash == std::string_view::npos || !fits(name.size() - slash)) break;
        start = slash;
    }
    if (start < name.size()) return name.substr(start);
    start = name.size() - std::min(name.size(), kNameChopped);
    while (start < name.size() && is_continuation(name[start])) ++start;
    return name.substr(start);
}

}  // namespace

void set_error_name(Error error, std::string_view name) {
    std::array<char, kErrorTextMax> shown;
    BufferSink sink(shown);
    const usize error_size = error_text(error).size();
    sink.write(": '");
    if (name.size() >= kNameShort && name.size() + error_size >= kErrorShort) {
        sink.write("...");
        name = short_suffix(name, error_size);
    }
    for (char c : name) {
        const bool printable = static_cast<u8>(c) >= 0x20 && c != 0x7f;
        sink.write({printable ? &c : "?", 1});
        if (c == '\'') sink.write("'");
    }
    sink.write("'");
    Caller::error_detail().assign(sink.text());
}

}  // namespace kernel::chan
