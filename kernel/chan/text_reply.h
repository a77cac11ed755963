// Replies: answering a read at an offset from a text that is at hand.
#pragma once

#include "base/std.h"

namespace kernel::chan {

/// Copies what of `data` lies at `offset`, cut to `out`; 0 at or beyond its end.
usize reply_bytes(Bytes out, u64 offset, ConstBytes data);
usize reply_text(Bytes out, u64 offset, std::string_view text);

/// Width of a number file: decimal, right-justified in 11 columns, one blank.
inline constexpr usize kNumberFileSize = 12;
/// Answers as a number file does.
usize reply_number(Bytes out, u64 offset, u64 number);

}  // namespace kernel::chan
