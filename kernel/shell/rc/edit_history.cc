// History: adding and finding.
#include "shell/rc/edit_history.h"

#include "base/text.h"

namespace kernel::shell::rc {

Result<void> History::add(std::string_view line) {
    if (trim(line).empty()) return {};
    Ref<Word> word = TRY(Word::create(lines_.memory(), line));
    TRY(lines_.push(std::move(word)));
    for (usize i = 0; i + 1 < lines_.size(); ++i) {
        if (lines_[i]->text() != line) continue;
        lines_.erase(i, i + 1);
        break;
    }
    if (lines_.size() > kMaxLines) lines_.erase(0, 1);
    return {};
}

usize History::find_before(usize index, std::string_view text) const {
    for (usize i = std::min(index, size()); i > 0; --i) {
        if (line(i - 1).find(text) != std::string_view::npos) return i - 1;
    }
    return size();
}

}  // namespace kernel::shell::rc
