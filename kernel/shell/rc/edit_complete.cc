// Candidates: collecting, common beginnings, listing.
#include "shell/rc/edit_complete.h"

#include "base/text.h"
#include "shell/rc/rune.h"

namespace kernel::shell::rc {

Result<void> Candidates::begin(usize start, std::string_view fixed) {
    start_ = start;
    names_.truncate(0);
    fixed_.clear();
    fixed_.write(fixed);
    return fixed_.failed() ? Result<void>(Error::kNoMemory) : Result<void>();
}

Result<void> Candidates::add(std::string_view name) { return add(name, {}); }

Result<void> Candidates::add(std::string_view name, std::string_view ending) {
    return names_.push(TRY(Word::create(names_.memory(), name, ending)));
}

void Candidates::sort() {
    const auto before = [](const Ref<Word>& left, const Ref<Word>& right) {
        return left->text() < right->text();
    };
    // Heap sort: the one of the standard sorts that does not recurse.
    std::make_heap(names_.begin(), names_.end(), before);
    std::sort_heap(names_.begin(), names_.end(), before);
    const auto same = [](const Ref<Word>& left, const Ref<Word>& right) {
        return left->text() == right->text();
    };
    const auto end = std::unique(names_.begin(), names_.end(), same);
    names_.truncate(static_cast<usize>(end - names_.begin()));
}

std::string_view Candidates::common() const {
    if (names_.empty()) return {};
    const std::string_view first = names_[0]->text();
    usize size = first.size();
    for (const Ref<Word>& name : names_) {
        const std::string_view text = name->text();
        usize same = 0;
        while (same < size && same < text.size() && text[same] == first[same]) ++same;
        size = same;
    }
    return cut_at_rune(first, size);
}

void put_columns(Sink& sink, std::span<const Ref<Word>> names, u32 width, u32 rows) {
    constexpr usize kGap = 2;
    usize widest = 0;
    for (const Ref<Word>& name : names) widest = std::max(widest, text_width(name->text()));
    const usize columns = std::max<usize>(1, (width + kGap - 1) / (widest + kGap));
    const usize wanted = (names.size() + columns - 1) / columns;
    const usize shown = std::min<usize>(wanted, rows);
    for (usize row = 0; row < shown; ++row) {
        for (usize column = 0; column < columns; ++column) {
            // Downwards first, as in a dictionary.
            const usize i = column * wanted + row;
            if (i >= names.size()) break;
            sink.write(names[i]->text());
            const bool last = column + 1 == columns || i + wanted >= names.size();
            for (usize at = text_width(names[i]->text()); !last && at < widest + kGap; ++at) {
                sink.write(" ");
            }
        }
        sink.write("\r\n");
    }
    if (shown < wanted) format_to(sink, "... {} names\r\n", names.size());
}

}  // namespace kernel::shell::rc
