// The formatter's engine: parses placeholder specifications and renders numbers and text.
#include "base/format.h"

namespace kernel {
namespace {

struct Spec {
    char align = 0;
    bool zero = false;
    bool hex = false;
    bool character = false;
    usize width = 0;
};

Spec parse_spec(std::string_view text) {
    Spec spec;
    usize i = 0;
    if (i < text.size() && text[i] == ':') ++i;
    if (i < text.size() && (text[i] == '<' || text[i] == '>')) spec.align = text[i++];
    if (i < text.size() && text[i] == '0') {
        spec.zero = true;
        ++i;
    }
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
        spec.width = spec.width * 10 + static_cast<usize>(text[i++] - '0');
    }
    if (i < text.size() && text[i] == 'x') spec.hex = true;
    if (i < text.size() && text[i] == 'c') spec.character = true;
    return spec;
}

void fill(Sink& sink, char with, usize count) {
    constexpr std::string_view kBlanks = "                ";
    constexpr std::string_view kZeros = "0000000000000000";
    const std::string_view run = with == '0' ? kZeros : kBlanks;
    while (count > 0) {
        const usize part = std::min(count, run.size());
        sink.write(run.substr(0, part));
        count -= part;
    }
}

void put_padded(Sink& sink, std::string_view body, const Spec& spec, char default_align) {
    const usize pad = body.size() < spec.width ? spec.width - body.size() : 0;
    const char align = spec.align != 0 ? spec.align : default_align;
    if (align == '>') fill(sink, ' ', pad);
    sink.write(body);
    if (align == '<') fill(sink, ' ', pad);
}

void put_number(Sink& sink, u64 magnitude, bool negative, const Spec& spec) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    char buffer[24];
    usize at = sizeof buffer;
    const u64 radix = spec.hex ? 16 : 10;
    do {
        buffer[--at] = kDigits[magnitude % radix];
        magnitude /= radix;
    } while (magnitude != 0);
    if (spec.zero) {
        const usize digits = sizeof buffer - at + (negative ? 1 : 0);
        if (negative) sink.write("-");
        if (digits < spec.width) fill(sink, '0', spec.width - digits);
        sink.write({buffer + at, sizeof buffer - at});
        return;
    }
    if (negative) buffer[--at] = '-';
    put_padded(sink, {buffer + at, sizeof buffer - at}, spec, '>');
}

void put_arg(Sink& sink, const FormatArg& arg, const Spec& spec) {
    switch (arg.kind()) {
        case FormatArg::Kind::kSigned: {
            const i64 value = arg.as_signed();
            const bool negative = value < 0;
            const u64 magnitude = negative ? 0 - static_cast<u64>(value) : static_cast<u64>(value);
            put_number(sink, magnitude, negative, spec);
            return;
        }
        case FormatArg::Kind::kUnsigned:
            if (spec.character) {
                const char one = static_cast<char>(arg.as_unsigned());
                put_padded(sink, {&one, 1}, spec, '<');
                return;
            }
            put_number(sink, arg.as_unsigned(), false, spec);
            return;
        case FormatArg::Kind::kChar: {
            const char one = static_cast<char>(arg.as_unsigned());
            put_padded(sink, {&one, 1}, spec, '<');
            return;
        }
        case FormatArg::Kind::kText:
            put_padded(sink, arg.as_text(), spec, '<');
            return;
        case FormatArg::Kind::kPointer:
            sink.write("0x");
            put_number(sink, arg.as_unsigned(), false,
                       Spec{.zero = true, .hex = true, .width = 16});
            return;
    }
}

}  // namespace

void BufferSink::write(std::string_view text) {
    const usize part = std::min(text.size(), buffer_.size() - stored_);
    std::copy_n(text.data(), part, buffer_.data() + stored_);
    stored_ += part;
    written_ += text.size();
}

void detail::format_erased(Sink& sink, std::string_view format, std::span<const FormatArg> args) {
    usize next = 0;
    usize literal = 0;
    for (usize i = 0; i < format.size(); ++i) {
        if (format[i] != '{' && format[i] != '}') continue;
        sink.write(format.substr(literal, i - literal));
        if (i + 1 < format.size() && format[i + 1] == format[i]) {
            sink.write(format.substr(i, 1));
            ++i;
        } else {
            const usize close = format.find('}', i);
            put_arg(sink, args[next++], parse_spec(format.substr(i + 1, close - i - 1)));
            i = close;
        }
        literal = i + 1;
    }
    sink.write(format.substr(literal));
}

}  // namespace kernel
