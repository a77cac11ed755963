// Reading the first line of a script.
#include "proc/elf/script.h"

#include "base/text.h"

namespace kernel::proc::elf {

static_assert(kScriptHeadBytes <= 256, "places are bytes");

Result<std::optional<Script>> read_script(ConstBytes head, Refusal& why) {
    constexpr std::string_view kMark = "#!";
    const std::string_view text = as_text(head).substr(0, kScriptHeadBytes);
    if (!text.starts_with(kMark)) return std::optional<Script>();
    const auto refuse = [&why](Reason reason) {
        why = {reason, 0};
        return Error::kBadExec;
    };
    const usize newline = text.find('\n');
    if (newline == std::string_view::npos) return refuse(Reason::kLineWithoutEnd);
    std::string_view line = text.substr(kMark.size(), newline - kMark.size());
    line = line.substr(0, line.find('\0'));

    Script script;
    usize used = 0;
    while (script.count_ < kScriptMaxWords) {
        const std::string_view raw = next_word(line);
        if (raw.empty()) break;
        // A word is at most as long without its quotes, so all of them fit.
        const std::string_view word = unquote(raw, std::span(script.text_).subspan(used));
        script.words_[script.count_++] = {static_cast<u8>(used), static_cast<u8>(word.size())};
        used += word.size();
    }
    if (script.count_ == 0) return refuse(Reason::kNoInterpreter);
    return std::optional<Script>(script);
}

}  // namespace kernel::proc::elf
