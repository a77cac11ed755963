// Parsing control messages.
#include "devproc/control_messages.h"

#include "base/format.h"
#include "base/text.h"

namespace kernel::devproc {
namespace {

/// A message cut into words, quotes removed. Words without quotes are those of the message.
class Words {
public:
    Words() {}  // says that only what parse() writes is read: a message needs little of the room

    /// Errors: kTooBig if it is too long or has too many words.
    Result<void> parse(std::string_view text) {
        if (text.size() > kMessageMax) return Error::kTooBig;
        usize used = 0;
        for (;;) {  // ends: each turn takes a word
            std::string_view word = next_word(text);
            if (word.empty()) return {};
            if (count_ == kMost) return Error::kTooBig;
            if (word.find('\'') != std::string_view::npos) {
                word = unquote(word, std::span(text_).subspan(used));
                used += word.size();
            }
            const auto* const made =
                ::new (static_cast<void*>(&words_[count_ * sizeof(word)])) std::string_view(word);
            if (count_++ == 0) first_ = made;
        }
    }
    std::span<const std::string_view> all() const { return {first_, count_}; }

private:
    static constexpr usize kMost = kMessageWords + 1;

    alignas(std::string_view) std::array<std::byte, kMost * sizeof(std::string_view)> words_;
    const std::string_view* first_ = nullptr;
    usize count_ = 0;
    std::array<char, kMessageMax> text_;
};

/// The error, with the command quoted again as detail: ` "frob 3"`.
Error complain(Error error, std::span<const std::string_view> words) {
    std::array<char, kErrorTextMax> text;
    BufferSink sink(text);
    for (const std::string_view word : words) {
        if (sink.written() > 0) sink.write(" ");
        put_quoted(sink, word);
    }
    chan::Caller::error_detail().format(" \"{}\"", sink.text());
    return error;
}

/// A message that has to be cut first. Out of obey()'s way: it needs a frame of half a kilobyte.
[[gnu::noinline]] Result<void> obey_words(const NameTable<Message>& table, chan::Caller& caller,
                                          proc::ProcRef process, std::string_view text) {
    Words words;
    TRY(words.parse(text));
    const std::span<const std::string_view> all = words.all();
    if (all.empty()) return Error::kEmptyCtl;
    const Message* const message = table.find(all[0]);
    if (message == nullptr) return complain(Error::kUnknownCtl, all);
    const std::span<const std::string_view> arguments = all.subspan(1);
    if (arguments.size() < message->least_arguments || arguments.size() > message->most_arguments) {
        return complain(Error::kCtlArgs, all);
    }
    return message->act({caller, process, arguments});
}

}  // namespace

Result<void> obey(const NameTable<Message>& table, chan::Caller& caller, proc::ProcRef process,
                  std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    // Most messages are a word.
    const Message* const word = table.find(text);
    if (word != nullptr && word->least_arguments == 0) return word->act({caller, process, {}});
    return obey_words(table, caller, process, text);
}

}  // namespace kernel::devproc
