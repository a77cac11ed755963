// History: the lines that were entered, oldest first, each once.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// A bounded list of lines. A line that is entered again moves to the end.
class History : Pinned {
public:
    static constexpr usize kMaxLines = 500;

    explicit History(Memory& memory) : lines_(memory) {}

    /// Adds a line unless it is blank. Fails with kNoMemory.
    Result<void> add(std::string_view line);
    usize size() const { return lines_.size(); }
    std::string_view line(usize index) const { return lines_[index]->text(); }
    /// The last line before `index` that contains `text`; size() if there is none.
    usize find_before(usize index, std::string_view text) const;

private:
    Vector<Ref<Word>> lines_;
};

}  // namespace kernel::shell::rc
