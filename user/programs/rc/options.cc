// Options: letters, several in a word if one likes; what -c takes is the rest of its word, or the
// next.
#include "user/programs/rc/options.h"

namespace kernel::shell::user {
namespace {

/// The flag of a letter that has one. Null: it has none.
bool* flag_of(Options& options, char letter) {
    switch (letter) {
        case 'i':
            return &options.interactive;
        case 'I':
            return &options.never_interactive;
        case 'l':
            return &options.login;
        case 'e':
            return &options.exit_on_failure;
        case 'x':
            return &options.print_commands;
        case 's':
            return &options.report_status;
        default:
            return nullptr;
    }
}

/// What is accepted for old scripts' sake and does nothing.
bool is_idle(char letter) { return letter == 'd' || letter == 'p'; }

}  // namespace

Result<Options> parse_options(std::span<char* const> words) {
    Options options;
    options.login = !words.empty() && words[0][0] == '-';
    for (; options.first < words.size(); ++options.first) {
        const std::string_view word(words[options.first]);
        if (word.size() < 2 || word[0] != '-') return options;
        for (usize i = 1; i < word.size(); ++i) {
            if (word[i] == 'c') {
                options.commands = word.substr(i + 1);
                if (options.commands->empty()) {
                    if (++options.first == words.size()) return Error::kBadArg;
                    options.commands = std::string_view(words[options.first]);
                }
                ++options.first;
                return options;
            }
            bool* const flag = flag_of(options, word[i]);
            if (flag == nullptr && !is_idle(word[i])) return Error::kBadArg;
            if (flag != nullptr) *flag = true;
        }
    }
    return options;
}

}  // namespace kernel::shell::user
