// Lexer: the rules of rc's words and operators.
#include "shell/rc/lexer.h"

namespace kernel::shell::rc {
namespace {

struct Keyword {
    std::string_view text;
    TokenType type;
};
constexpr Keyword kKeywords[] = {
    {"for", TokenType::kFor}, {"in", TokenType::kIn},     {"while", TokenType::kWhile},
    {"if", TokenType::kIf},   {"not", TokenType::kNot},   {"switch", TokenType::kSwitch},
    {"fn", TokenType::kFn},   {"~", TokenType::kTwiddle}, {"!", TokenType::kBang},
    {"@", TokenType::kAt},
};

constexpr Fd kMaxFd = 9999;

bool is_word_byte(int c) {
    constexpr std::string_view kSyntax = "\n \t#;&|^$=`'{}()<>";
    return c != Input::kEnd && kSyntax.find(static_cast<char>(c)) == std::string_view::npos;
}

bool is_digit(int c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_name_byte(int c) {
    constexpr std::string_view kPunctuation = "!\"#$%&'()+,-./:;<=>?@[\\]^`{|}~";
    return c > ' ' && kPunctuation.find(static_cast<char>(c)) == std::string_view::npos;
}

Result<int> Lexer::look() {
    if (ahead_ != kNothing) return ahead_;
    int c = TRY(input_.get());
    // A backslash at the end of a line makes a blank of both.
    if (c == '\\' && !verbatim_ && TRY(input_.peek()) == '\n') {
        (void)TRY(input_.get());  // ignored: the newline just seen
        c = ' ';
    }
    ahead_ = c;
    return c;
}

Result<int> Lexer::next() {
    const int c = TRY(look());
    if (c != Input::kEnd) ahead_ = kNothing;
    if (c == '\n' && !verbatim_ && !documents_.empty()) TRY(read_documents());
    return c;
}

Result<bool> Lexer::next_is(char c) {
    if (TRY(look()) != c) return false;
    (void)TRY(next());  // ignored: it is c
    return true;
}

Result<void> Lexer::skip_blanks() {
    for (;;) {
        const int c = TRY(look());
        if (c == '#') {
            // A comment is not continued by a backslash.
            verbatim_ = true;
            while (TRY(look()) != '\n' && ahead_ != Input::kEnd) ahead_ = kNothing;
            verbatim_ = false;
            return {};
        }
        if (c != ' ' && c != '\t') return {};
        (void)TRY(next());  // ignored: a blank
    }
}

Result<void> Lexer::skip_newlines() {
    for (;;) {
        TRY(skip_blanks());
        if (!TRY(next_is('\n'))) return {};
    }
}

Result<const Token*> Lexer::peek() {
    if (!have_token_) {
        TRY(scan());
        have_token_ = true;
    }
    return &token_;
}

void Lexer::set(TokenType type, std::string_view text) {
    token_.type = type;
    token_.text = text;
}

void Lexer::fail(std::string_view message) {
    set(TokenType::kError, text_.view());
    message_ = message;
}

Result<void> Lexer::scan() {
    const bool follows_word = std::exchange(after_word_, false);
    const bool follows_dollar = std::exchange(after_dollar_, false);
    token_ = Token{.adjacent = true, .line = input_.line()};
    text_.clear();
    if (follows_word) {
        const int c = TRY(look());
        if (c == '(') {
            (void)TRY(next());  // ignored: the parenthesis
            set(TokenType::kSubscript, "(");
            return {};
        }
        if (is_word_byte(c) || c == '\'' || c == '`' || c == '$') {
            set(TokenType::kCaret, "^");
            return {};
        }
    }
    const int before = TRY(look());
    token_.adjacent = before != ' ' && before != '\t';
    TRY(skip_blanks());
    token_.line = input_.line();
    const int c = TRY(next());
    switch (c) {
        case Input::kEnd:
            set(TokenType::kEnd, "EOF");
            return {};
        case '\n':
            --token_.line;  // of the line it ends
            set(TokenType::kNewline, "");
            return {};
        case '$':
            after_dollar_ = true;
            if (TRY(next_is('#'))) {
                set(TokenType::kCount, "$#");
            } else if (TRY(next_is('"'))) {
                set(TokenType::kJoin, "$\"");
            } else {
                set(TokenType::kDollar, "$");
            }
            return {};
        case '&':
            if (TRY(next_is('&'))) {
                TRY(skip_newlines());
                set(TokenType::kAndAnd, "&&");
            } else {
                set(TokenType::kAmpersand, "&");
            }
            return {};
        case '|':
            if (TRY(next_is('|'))) {
                TRY(skip_newlines());
                set(TokenType::kOrOr, "||");
                return {};
            }
            return scan_arrow('|');
        case '<':
        case '>':
            return scan_arrow(static_cast<char>(c));
        case '\'':
            return scan_quoted();
        case ';':
            set(TokenType::kSemicolon, ";");
            return {};
        case '^':
            set(TokenType::kCaret, "^");
            return {};
        case '=':
            set(TokenType::kEquals, "=");
            return {};
        case '`':
            set(TokenType::kBackquote, "`");
            return {};
        case '{':
            set(TokenType::kOpenBrace, "{");
            return {};
        case '}':
            set(TokenType::kCloseBrace, "}");
            return {};
        case '(':
            set(TokenType::kOpenParen, "(");
            return {};
        case ')':
            set(TokenType::kCloseParen, ")");
            return {};
        default:
            return scan_word(static_cast<char>(c), follows_dollar);
    }
}

Result<void> Lexer::scan_word(char c, bool is_name) {
    for (;;) {
        text_.put(c);
        const int ahead = TRY(look());
        if (is_name ? !is_name_byte(ahead) : !is_word_byte(ahead)) break;
        c = static_cast<char>(TRY(next()));
    }
    set(TokenType::kWord, TRY(text_.text()));
    for (const Keyword& keyword : kKeywords) {
        if (keyword.text == token_.text) token_.type = keyword.type;
    }
    after_word_ = token_.type == TokenType::kWord;
    return {};
}

Result<void> Lexer::scan_quoted() {
    verbatim_ = true;
    for (;;) {
        const int c = TRY(next());
        if (c == Input::kEnd) {
            verbatim_ = false;
            set(TokenType::kError, "EOF");
            message_ = "end of input in quotes";
            return {};
        }
        if (c == '\'') {
            // What follows the closing quote is lexed under the ordinary rules.
            verbatim_ = false;
            if (!TRY(next_is('\''))) break;
            verbatim_ = true;
        }
        text_.put(static_cast<char>(c));
    }
    set(TokenType::kWord, TRY(text_.text()));
    token_.quoted = true;
    after_word_ = true;
    return {};
}

Result<Fd> Lexer::scan_number() {
    Fd number = 0;
    while (is_digit(TRY(look()))) {
        const int digit = TRY(next());
        text_.put(static_cast<char>(digit));
        number = std::min(number * 10 + (digit - '0'), kMaxFd + 1);
    }
    return number;
}

Result<void> Lexer::scan_arrow(char c) {
    text_.put(c);
    token_.type = c == '|' ? TokenType::kPipe : TokenType::kRedirection;
    token_.fd = c == '<' ? 0 : 1;
    token_.other = c == '|' ? 0 : kNoFd;
    if (c == '>') {
        token_.form = RedirectForm::kWrite;
        if (TRY(next_is('>'))) token_.form = RedirectForm::kAppend;
    } else if (c == '<') {
        token_.form = RedirectForm::kRead;
        if (TRY(next_is('<'))) {
            token_.form = RedirectForm::kHere;
        } else if (TRY(next_is('>'))) {
            token_.form = RedirectForm::kReadWrite;
        }
    }
    if (token_.form == RedirectForm::kAppend) text_.put('>');
    if (token_.form == RedirectForm::kHere) text_.put('<');
    if (token_.form == RedirectForm::kReadWrite) text_.put('>');
    if (TRY(next_is('['))) {
        text_.put('[');
        TRY(scan_decoration());
        if (token_.type == TokenType::kError) return {};
    }
    token_.text = TRY(text_.text());
    if (token_.type == TokenType::kPipe) TRY(skip_newlines());
    return {};
}

Result<void> Lexer::scan_decoration() {
    const bool pipe = token_.type == TokenType::kPipe;
    const std::string_view wrong = pipe ? "pipe syntax" : "redirection syntax";
    if (!is_digit(TRY(look()))) {
        fail(wrong);
        return {};
    }
    token_.fd = TRY(scan_number());
    if (TRY(next_is('='))) {
        text_.put('=');
        const bool more = is_digit(TRY(look()));
        const bool plain =
            token_.form != RedirectForm::kAppend && token_.form != RedirectForm::kHere;
        if (!plain || (pipe && !more)) {
            fail(wrong);
            return {};
        }
        // In `[n=m]`, n is what is made: here, or in a pipe on the right.
        if (more) token_.other = TRY(scan_number());
        if (pipe) std::swap(token_.fd, token_.other);
        if (!pipe) token_.form = more ? RedirectForm::kDup : RedirectForm::kClose;
    }
    if (!TRY(next_is(']')) || token_.fd > kMaxFd || token_.other > kMaxFd) {
        fail(wrong);
        return {};
    }
    text_.put(']');
    return {};
}

Result<void> Lexer::expect_document(Program& program, Node& redirection) {
    return documents_.push({&program, &redirection});
}

Result<void> Lexer::finish_documents() {
    if (documents_.empty()) return {};
    return read_documents();
}

Result<void> Lexer::read_documents() {
    // A document's text may be scanned while a token's text is still looked at: only the newline
    // token and skipped newlines come here, and they have none.
    for (const Document& document : documents_) {
        TRY(read_document(*document.program, *document.redirection));
    }
    documents_.truncate(0);
    return {};
}

Result<void> Lexer::read_document(Program& program, Node& redirection) {
    const std::string_view tag = redirection.child->text;
    TextBuffer document(program.memory());
    for (;;) {
        const usize line = document.size();
        int c;
        while ((c = TRY(input_.get())) != Input::kEnd) {
            document.put(static_cast<char>(c));
            if (c == '\n') break;
        }
        if (document.failed()) return Error::kNoMemory;
        std::string_view last = document.view().substr(line);
        if (last.ends_with('\n')) last.remove_suffix(1);
        if (last == tag && document.size() > line) {
            document.cut(line);
            break;
        }
        if (c == Input::kEnd) {
            if (document.size() > line) document.put('\n');
            break;
        }
    }
    redirection.text = TRY(program.add_text(TRY(document.text())));
    return {};
}

}  // namespace kernel::shell::rc
