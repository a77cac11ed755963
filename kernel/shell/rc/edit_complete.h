// Completion: what a word can become, as the line editor asks for it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// The answers to a question for completion. Fills itself through add(); the editor sorts.
class Candidates : Pinned {
public:
    explicit Candidates(Memory& memory) : names_(memory), fixed_(memory) {}

    /// What follows is about the text from byte `start` of the line up to the cursor, which stands
    /// for `fixed` (a directory, say) followed by a beginning that all candidates share.
    Result<void> begin(usize start, std::string_view fixed);
    /// A whole name, without what is fixed. A name that ends in `/` may be gone on with.
    Result<void> add(std::string_view name);
    Result<void> add(std::string_view name, std::string_view ending);
    /// In front of the inserted text, unquoted: `$`.
    void set_prefix(std::string_view prefix) { prefix_ = prefix; }

    usize start() const { return start_; }
    std::string_view fixed() const { return fixed_.view(); }
    std::string_view prefix() const { return prefix_; }
    std::span<const Ref<Word>> names() const { return names_.items(); }
    /// By name, each once.
    void sort();
    /// The longest beginning that all names share, not ending within a rune.
    std::string_view common() const;

private:
    Vector<Ref<Word>> names_;
    TextBuffer fixed_;
    std::string_view prefix_;
    usize start_ = 0;
};

/// Knows what can be completed.
class Completer {
public:
    /// Puts what the text before byte `cursor` of `line` can go on with into `candidates`. Fails
    /// with kNoMemory; nothing found is no failure.
    virtual Result<void> complete(std::string_view line, usize cursor, Candidates& candidates) = 0;

protected:
    ~Completer() = default;
};

/// Writes names in columns that fit `width`, rows ended by "\r\n", at most `rows` of them and a
/// line that says how many there are more.
void put_columns(Sink& sink, std::span<const Ref<Word>> names, u32 width, u32 rows);

}  // namespace kernel::shell::rc
