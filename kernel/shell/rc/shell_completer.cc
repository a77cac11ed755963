// ShellCompleter: a rough reading of the line, then lists of names.
#include "shell/rc/shell_completer.h"

#include "shell/rc/lexer.h"

namespace kernel::shell::rc {
namespace {

/// Adds names that begin right.
class Collector final : public NameVisitor, public DirectoryVisitor {
public:
    Collector(std::string_view beginning, Candidates& candidates)
        : beginning_(beginning), candidates_(candidates) {}

    Result<void> name(std::string_view name) override {
        if (!name.starts_with(beginning_)) return {};
        return candidates_.add(name);
    }
    Result<void> entry(std::string_view name, FileKind kind) override {
        // Hidden names are for those who ask for them.
        const bool hidden = name.starts_with('.') && !beginning_.starts_with('.');
        if (hidden || name == "." || name == ".." || !name.starts_with(beginning_)) return {};
        if (commands_only_ && kind == FileKind::kDirectory) return {};
        return candidates_.add(name, kind == FileKind::kDirectory ? "/" : "");
    }
    void commands_only() { commands_only_ = true; }

private:
    std::string_view beginning_;
    Candidates& candidates_;
    bool commands_only_ = false;
};

/// Removes quotes, also one that is still open.
void put_unquoted(TextBuffer& text, std::string_view word) {
    bool quoted = false;
    for (usize i = 0; i < word.size(); ++i) {
        if (word[i] != '\'') {
            text.put(word[i]);
        } else if (quoted && i + 1 < word.size() && word[i + 1] == '\'') {
            text.put(word[i++]);
        } else {
            quoted = !quoted;
        }
    }
}

}  // namespace

CompletionPoint find_completion_point(std::string_view line, usize cursor) {
    using Kind = CompletionPoint::Kind;
    CompletionPoint point{Kind::kCommand, 0};
    bool quoted = false;
    u64 subscripts = 0;  // a bit for each open parenthesis: whether it belongs to a word
    for (usize i = 0; i < cursor; ++i) {
        const char c = line[i];
        if (quoted || c == '\'') {
            quoted = quoted != (c == '\'');
            continue;
        }
        const bool in_word = i > point.start;
        switch (c) {
            case ' ':
            case '\t':
                // A word has ended, and the command's own with it; leading blanks end none.
                if (in_word) point.kind = Kind::kFile;
                point.start = i + 1;
                break;
            case '#':
                if (point.kind == Kind::kVariable && point.start == i) {
                    point.start = i + 1;  // `$#name`
                } else if (!in_word) {
                    // A comment, to the end of its line.
                    while (i < cursor && line[i] != '\n') ++i;
                    if (i >= cursor) return {};
                    point = {Kind::kCommand, i + 1};
                }
                break;
            case ';':
            case '&':
            case '|':
            case '\n':
            case '{':
            case '`':
            case '@':
            case '!':
                if ((c == '@' || c == '!') && in_word) break;
                point = {Kind::kCommand, i + 1};
                break;
            case '(': {
                const bool subscript = in_word && point.kind != Kind::kCommand;
                subscripts = subscripts << 1 | (subscript ? 1 : 0);
                point = {subscript || point.kind == Kind::kFile ? Kind::kFile : Kind::kCommand,
                         i + 1};
                break;
            }
            case ')':
            case '}':
                point = {(subscripts & 1) != 0 || c == '}' ? Kind::kFile : Kind::kCommand, i + 1};
                if (c == ')') subscripts >>= 1;
                break;
            case '<':
            case '>':
            case '^':
            case '=':
                point = {Kind::kFile, i + 1};
                break;
            case '$':
                point = {Kind::kVariable, i + 1};
                break;
            default:
                if (point.kind != Kind::kVariable) break;
                // `$"name`; and what a name cannot have ends it.
                if (c == '"' && point.start == i) {
                    point.start = i + 1;
                } else if (!is_name_byte(static_cast<u8>(c))) {
                    point = {Kind::kFile, i};
                }
                break;
        }
    }
    return point;
}

Result<void> ShellCompleter::complete(std::string_view line, usize cursor, Candidates& candidates) {
    using Kind = CompletionPoint::Kind;
    const CompletionPoint point = find_completion_point(line, cursor);
    TRY(candidates.begin(point.start, {}));
    TextBuffer word(shell_.host().memory());
    put_unquoted(word, line.substr(point.start, cursor - point.start));
    const std::string_view text = TRY(word.text());
    if (point.kind == Kind::kNothing) return {};
    if (point.kind == Kind::kVariable) {
        Collector collector(text, candidates);
        TRY(shell_.visit_variables(collector));
        return collector.name("status");
    }
    const usize slash = text.rfind('/');
    if (slash == std::string_view::npos) {
        if (point.kind == Kind::kCommand) return add_commands(text, candidates);
        return add_files(".", text, false, candidates);
    }
    const std::string_view directory = text.substr(0, slash + 1);
    TRY(candidates.begin(point.start, directory));
    return add_files(directory, text.substr(slash + 1), false, candidates);
}

Result<void> ShellCompleter::add_commands(std::string_view beginning, Candidates& candidates) {
    Collector collector(beginning, candidates);
    for (std::span<const Builtin> rows : {language_builtins(), shell_.host().builtins()}) {
        for (const Builtin& row : rows) {
            if (row.function != nullptr) TRY(collector.name(row.name));
        }
    }
    TRY(shell_.visit_functions(collector));
    for (usize i = 0; i < shell_.count("path"); ++i) {
        const std::string_view directory = shell_.value("path", i);
        if (directory.empty() || directory == ".") continue;
        TRY(add_files(directory, beginning, true, candidates));
    }
    return {};
}

Result<void> ShellCompleter::add_files(std::string_view directory, std::string_view beginning,
                                       bool executables_only, Candidates& candidates) {
    Collector collector(beginning, candidates);
    if (executables_only) collector.commands_only();
    const Result<void> listed = shell_.host().list(directory, collector);
    if (!listed.ok() && listed.error() == Error::kNoMemory) return Error::kNoMemory;
    return {};  // what cannot be read has no names
}

}  // namespace kernel::shell::rc
