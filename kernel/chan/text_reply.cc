// Answering reads at an offset from what is at hand.
#include "chan/text_reply.h"

#include "base/format.h"

namespace kernel::chan {

usize reply_bytes(Bytes out, u64 offset, ConstBytes data) {
    if (offset >= data.size()) return 0;
    const ConstBytes rest = data.subspan(static_cast<usize>(offset));
    const usize part = std::min(out.size(), rest.size());
    std::copy_n(rest.data(), part, out.data());
    return part;
}

usize reply_text(Bytes out, u64 offset, std::string_view text) {
    return reply_bytes(out, offset, as_bytes(text));
}

usize reply_number(Bytes out, u64 offset, u64 number) {
    char text[24];  // longer than kNumberFileSize when the number is beyond 11 digits
    return reply_text(out, offset, format_into(text, "{:11} ", number));
}

}  // namespace kernel::chan
