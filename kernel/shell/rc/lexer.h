// Lexer: bytes to tokens: words, operators, redirections, free carets, here documents.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/ast.h"
#include "shell/rc/input.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

enum class TokenType : u8 {
    kEnd,
    kNewline,
    kWord,
    kRedirection,  // <  >  >>  <>  <<  and their forms with [...]
    kPipe,         // |  |[n]  |[n=m]
    kAndAnd,
    kOrOr,
    kAmpersand,
    kSemicolon,
    kCaret,  // also the free one
    kEquals,
    kDollar,
    kCount,      // $#
    kJoin,       // $"
    kSubscript,  // the ( right behind a word
    kBackquote,
    kOpenBrace,
    kCloseBrace,
    kOpenParen,
    kCloseParen,
    kError,  // message() says what is wrong
    // Keywords: words where a command does not begin.
    kFor,
    kIn,
    kWhile,
    kIf,
    kNot,
    kSwitch,
    kFn,
    kTwiddle,
    kBang,
    kAt,
};

/// Whether a name after `$` may go on with the byte `c` (or Input::kEnd).
bool is_name_byte(int c);

struct Token {
    TokenType type = TokenType::kEnd;
    RedirectForm form = RedirectForm::kNone;
    bool quoted = false;
    bool adjacent = false;  // no blank before it
    u32 line = 0;
    Fd fd = kNoFd;
    Fd other = kNoFd;
    std::string_view text{};  // a word's value, else what to show in messages; until the next token

    bool is_keyword() const { return type >= TokenType::kFor; }
};

/// Splits the input of one command into tokens. Knows two things of the past: whether the last
/// token was a word (a free caret or a subscript may follow) or a dollar (the name is short).
class Lexer : Pinned {
public:
    Lexer(Memory& memory, Input& input) : input_(input), text_(memory), documents_(memory) {}

    /// The token after the last one taken; read when first looked at. Fails as the input does, or
    /// with kNoMemory.
    Result<const Token*> peek();
    /// Takes the token that peek() showed.
    void take() { have_token_ = false; }
    /// Skips blanks, comments and newlines. Nothing has been peeked at.
    Result<void> skip_newlines();

    /// The document of `redirection` is in the lines after this one, up to a line that is just the
    /// tag (its child's text); it becomes its text. Memory for it comes from `program`.
    Result<void> expect_document(Program& program, Node& redirection);
    /// At the end of the input: documents that were not read are empty.
    Result<void> finish_documents();

    /// What is wrong, after a kError token.
    std::string_view message() const { return message_; }

private:
    Result<int> next();
    Result<int> look();
    Result<bool> next_is(char c);
    Result<void> skip_blanks();
    Result<void> scan();
    Result<void> scan_arrow(char c);
    Result<void> scan_decoration();
    Result<Fd> scan_number();
    Result<void> scan_quoted();
    Result<void> scan_word(char c, bool is_name);
    Result<void> read_documents();
    Result<void> read_document(Program& program, Node& redirection);
    void set(TokenType type, std::string_view text);
    void fail(std::string_view message);

    struct Document {
        Program* program;
        Node* redirection;
    };

    Input& input_;
    TextBuffer text_;
    Vector<Document> documents_;
    Token token_;
    std::string_view message_;
    bool have_token_ = false;
    bool after_word_ = false;
    bool after_dollar_ = false;
    bool verbatim_ = false;  // in quotes: a backslash is just that
    int ahead_ = kNothing;   // a byte that look() took from the input

    static constexpr int kNothing = -2;
};

}  // namespace kernel::shell::rc
