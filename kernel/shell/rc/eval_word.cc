// Words: variables, lists, concatenation, and the stack their values are on.
#include "base/text.h"
#include "shell/rc/evaluator.h"
#include "shell/rc/glob.h"
#include "shell/rc/pattern.h"

namespace kernel::shell::rc {
namespace {

/// A positional parameter's number; 0 if `name` is not one.
usize position(std::string_view name) {
    if (name.empty() || name.find_first_not_of("0123456789") != std::string_view::npos) return 0;
    return static_cast<usize>(parse_leading_number(name));
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<void> Evaluator::push_word(std::string_view text) {
    return words_.push(Item { TRY(Word::create(memory_, text)) });
}

/// Pushes the values of a word that needs no frame; false if it does.
Result<bool> Evaluator::push_plain(const Node& node) {
    if (node.type == NodeType::kVariable) {
        const Node& name = *node.child;
        if (name.type != NodeType::kWord) return false;
        TRY(push_variable(name.text));
        return true;
    }
    if (node.type != NodeType::kWord) return false;
    if (node.quoted || !is_wild(node.text)) {
        TRY(push_word(node.text));
        return true;
    }
    TextBuffer pattern(memory_);
    put_wild(pattern, node.text);
    TRY(words_.push(Item {
        TRY(Word::create(memory_, TRY(pattern.text())))
        , true
    }));
    return true;
}

/// kWord and kWords: all children, one after the other.
Result<void> Evaluator::eval_words(Frame& frame) {
    if (frame.node->type == NodeType::kWord) {
        (void)TRY(push_plain(*frame.node));  // ignored: a kWord is plain
        return leave_words(frame);
    }
    if (frame.step == 0) frame.at = frame.node->child;
    while (frame.at != nullptr) {
        const Node* child = std::exchange(frame.at, frame.at->next);
        if (!TRY(push_plain(*child))) return enter(frame, 1, child);
    }
    return leave_words(frame);
}

/// Left to right: what is found so far is at frame.words, the next operand at frame.middle.
Result<void> Evaluator::eval_concat(Frame& frame) {
    if (frame.step == 0) {
        frame.at = frame.node->child;
        frame.middle = height();
    } else if (frame.step == 2) {
        TRY(concatenate(frame.words, frame.middle));
        frame.middle = height();
    } else {
        frame.middle = height();
    }
    while (frame.at != nullptr) {
        const bool first = frame.at == frame.node->child;
        const Node* child = std::exchange(frame.at, frame.at->next);
        if (!TRY(push_plain(*child))) return enter(frame, first ? 1 : 2, child);
        if (!first) TRY(concatenate(frame.words, frame.middle));
        frame.middle = height();
    }
    return leave_words(frame);
}

Result<Evaluator::Item> Evaluator::join_items(const Item& left, const Item& right) {
    if (!left.pattern && !right.pattern) {
        return Item { TRY(Word::create(memory_, left.word->text(), right.word->text())) };
    }
    TextBuffer pattern(memory_);
    for (const Item* item : {&left, &right}) {
        if (item->pattern) {
            pattern.write(item->word->text());
        } else {
            put_literal(pattern, item->word->text());
        }
    }
    return Item {
        TRY(Word::create(memory_, TRY(pattern.text())))
        , true
    };
}

/// Replaces the words from `left` on by those from `left` to `right`, each with its partner from
/// `right` on.
Result<void> Evaluator::concatenate(u32 left, u32 right) {
    const u32 end = height();
    const u32 lefts = right - left;
    const u32 rights = end - right;
    if (lefts == 0 || rights == 0) return complain("null list in concatenation");
    if (lefts != rights && lefts != 1 && rights != 1) {
        return complain("mismatched list lengths in concatenation");
    }
    const u32 count = std::max(lefts, rights);
    TRY(words_.reserve(end + count));
    for (u32 i = 0; i < count; ++i) {
        TRY(words_.push(TRY(join_items(words_[left + (lefts == 1 ? 0 : i)],
                                       words_[right + (rights == 1 ? 0 : i)]))));
    }
    words_.erase(left, end);
    return {};
}

Result<void> Evaluator::push_variable(std::string_view name) {
    if (name == "status") return push_word(status_);
    if (const usize number = position(name); number != 0) {
        const List* all = environment_.find("*");
        if (all == nullptr || number > all->size()) return {};
        return words_.push(Item{all->words()[number - 1]});
    }
    const List* value = environment_.find(name);
    if (value == nullptr) return {};
    for (const Ref<Word>& word : value->words()) TRY(words_.push(Item{word}));
    return {};
}

/// `$name(...)`: the subscripts are on the stack from `from` on, and go.
Result<void> Evaluator::push_subscripts(std::string_view name, u32 from) {
    const u32 subscripts = height();
    TRY(push_variable(name));
    const u32 values = height() - subscripts;
    const u32 chosen = height();
    for (u32 i = from; i < subscripts; ++i) {
        const std::string_view text = words_[i].word->text();
        const usize dash = text.find('-');
        const std::string_view low = text.substr(0, dash);
        if (!is_number(low)) continue;
        const auto first = static_cast<usize>(parse_leading_number(low));
        usize last = first;
        if (dash != std::string_view::npos) {
            const std::string_view high = text.substr(dash + 1);
            last = high.empty() ? values : static_cast<usize>(parse_leading_number(high));
        }
        last = std::min<usize>(last, values);
        for (usize n = first; n != 0 && n <= last; ++n) {
            TRY(words_.push(Item{words_[subscripts + n - 1].word}));
        }
    }
    words_.erase(from, chosen);
    return {};
}

/// `$"name`: one word of all values.
Result<void> Evaluator::join_values(std::string_view name) {
    const u32 from = height();
    TRY(push_variable(name));
    TextBuffer joined(memory_);
    TRY(join_words(from, joined));
    drop_words(from);
    return push_word(TRY(joined.text()));
}

/// kVariable, kSubscript, kCount, kJoin: first the name, then the subscripts.
Result<void> Evaluator::eval_variable(Frame& frame) {
    const Node& node = *frame.node;
    switch (frame.step) {
        case 0:
            frame.step = 1;
            if (!TRY(push_plain(*node.child))) return enter(frame, 1, node.child);
            return {};
        case 1: {
            (void)TRY(singleton(frame.words, "variable name"));  // ignored: looked at below
            TRY(plain(frame.words));
            if (node.type != NodeType::kSubscript) break;
            return enter(frame, 2, node.second());
        }
        default: {
            const Ref<Word> name = words_[frame.words].word;
            TRY(plain(frame.words));
            TRY(push_subscripts(name->text(), frame.words + 1));
            words_.erase(frame.words, frame.words + 1);
            return leave_words(frame);
        }
    }
    const Ref<Word> name = words_[frame.words].word;
    drop_words(frame.words);
    if (node.type == NodeType::kVariable) {
        TRY(push_variable(name->text()));
    } else if (node.type == NodeType::kJoin) {
        TRY(join_values(name->text()));
    } else {
        const u32 from = height();
        TRY(push_variable(name->text()));
        std::array<char, 24> digits;
        const std::string_view count = format_into(digits, "{}", height() - from);
        drop_words(from);
        TRY(push_word(count));
    }
    return leave_words(frame);
}

/// Makes patterns from `from` on the texts they were written as.
Result<void> Evaluator::plain(u32 from) {
    for (u32 i = from; i < height(); ++i) {
        if (!words_[i].pattern) continue;
        TextBuffer text(memory_);
        put_unmarked(text, words_[i].word->text());
        words_[i] = Item { TRY(Word::create(memory_, TRY(text.text()))) };
    }
    return {};
}

/// Replaces patterns from `from` on by the names of files they match; those that match none stand
/// for themselves.
Result<void> Evaluator::glob(u32 from) {
    for (u32 i = from; i < height();) {
        if (!words_[i].pattern) {
            ++i;
            continue;
        }
        Vector<Ref<Word>> names(memory_);
        TRY(find_files(host_, words_[i].word->text(), names));
        if (names.empty()) {
            TextBuffer text(memory_);
            put_unmarked(text, words_[i].word->text());
            words_[i] = Item { TRY(Word::create(memory_, TRY(text.text()))) };
            ++i;
            continue;
        }
        words_[i] = Item{names[0]};
        ++i;
        const u32 rest = height();
        for (usize n = 1; n < names.size(); ++n) TRY(words_.push(Item{names[n]}));
        std::rotate(words_.begin() + i, words_.begin() + rest, words_.end());
        i += static_cast<u32>(names.size()) - 1;
    }
    return {};
}

/// The one word that must be from `from` on; `what` is it in the message.
Result<std::string_view> Evaluator::singleton(u32 from, std::string_view what) {
    if (height() - from != 1) return complain("{} not singleton!", what);
    return words_[from].word->text();
}

/// Appends the words from `from` on, with blanks between.
Result<void> Evaluator::join_words(u32 from, TextBuffer& joined) const {
    for (u32 i = from; i < words_.size(); ++i) {
        if (i != from) joined.write(" ");
        joined.write(words_[i].word->text());
    }
    return joined.failed() ? Result<void>(Error::kNoMemory) : Result<void>();
}

/// A list of the words [from, to), which stay.
Result<Ref<List>> Evaluator::make_list(u32 from, u32 to) {
    Vector<Ref<Word>> words(memory_);
    TRY(words.reserve(to - from));
    for (u32 i = from; i < to; ++i) TRY(words.push(words_[i].word));
    return List::create(memory_, words.items());
}

}  // namespace kernel::shell::rc
