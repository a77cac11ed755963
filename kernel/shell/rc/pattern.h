// Patterns: texts in which `*`, `?` and `[` may be wild, and how they match.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

// A pattern is a text in which kMark stands before each wild character; a kMark of the text itself
// is doubled. So a quoted `*` and an unquoted one stay apart when texts are concatenated.
inline constexpr char kMark = '\x01';

/// Whether an unquoted word has a wild character.
bool is_wild(std::string_view word);

/// Writes the pattern that an unquoted word with wild characters means.
void put_wild(Sink& sink, std::string_view word);
/// Writes the pattern that matches just `text`.
void put_literal(Sink& sink, std::string_view text);
/// Writes a pattern as the text it was written as.
void put_unmarked(Sink& sink, std::string_view pattern);

/// Whether all of `text` matches `pattern`. Cost: O(text * pattern), no memory.
bool matches(std::string_view pattern, std::string_view text);

}  // namespace kernel::shell::rc
