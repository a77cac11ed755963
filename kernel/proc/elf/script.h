// Script: the interpreter and the words that a file's first line, "#! interpreter word ...", asks
// for.
#pragma once

#include "base/assert.h"
#include "base/result.h"
#include "proc/elf/refusal.h"

namespace kernel::proc::elf {

/// How much of a file read_script() looks at, at most: the line and its newline must lie in it.
inline constexpr usize kScriptHeadBytes = 256;
/// The most words of a line, the interpreter's path being one. Further ones are dropped, as 9front
/// drops them.
inline constexpr usize kScriptMaxWords = 32;

/// The words of such a line, with rc's quotes taken away. A value.
class Script {
public:
    /// The path of the interpreter. Empty only if the line says '', which no file is called.
    std::string_view interpreter() const& { return word(0); }
    /// The words, the interpreter's path being the first; at least one.
    usize word_count() const { return count_; }
    /// Word `index`, without NULs. A view into this object, as interpreter() is.
    std::string_view word(usize index) const& {
        ASSERT(index < count_);
        return {text_.data() + words_[index].start, words_[index].size};
    }
    // Views would outlive the object.
    void interpreter() const&& = delete;
    void word(usize index) const&& = delete;

private:
    friend Result<std::optional<Script>> read_script(ConstBytes head, Refusal& why);
    Script() = default;

    struct Place {
        u8 start = 0;
        u8 size = 0;
    };
    std::array<char, kScriptHeadBytes> text_{};
    std::array<Place, kScriptMaxWords> words_{};
    u8 count_ = 0;
};

/// Reads the first line of a file that begins with `head` (kScriptHeadBytes bytes, or all of it if
/// it has fewer). Nothing, if that does not begin with "#!". Blanks part words, rc's quotes hold
/// them together, a NUL ends the last one. Fails with kBadExec and the reason in `why` if the
/// newline is not in sight or the line names no interpreter.
/// Context: any. Cost: linear in the line.
Result<std::optional<Script>> read_script(ConstBytes head, Refusal& why);

}  // namespace kernel::proc::elf
