// Parser: tokens to a Program, one command at a time, with a stack of its own.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/ast.h"
#include "shell/rc/lexer.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {

/// How deep constructions may be nested in each other, in frames of the parser; a pair of braces
/// takes five.
inline constexpr usize kMaxParseDepth = 2500;

/// Reads one command (up to the newline that ends it) from an Input. Made anew for each command.
///
/// A parser by recursive descent whose calls are on a heap-allocated stack: a production is a
/// member function that is called again each time something it called has finished, with `step`
/// saying how far it is and `value_` holding what was found.
///
/// Precedence, tightest first: `|`; then `!` `@` and leading assignments and redirections; then
/// `&&` `||`; then `if` `while` `for`.
class Parser : Pinned {
public:
    enum class Outcome : u8 { kCommand, kEnd, kSyntaxError };

    /// `follows_if` says whether the command before this one, of the same source, was an `if`;
    /// it is updated.
    Parser(Memory& memory, Input& input, const Origin& origin, bool& follows_if)
        : memory_(memory),
          origin_(origin),
          lexer_(memory, input),
          frames_(memory),
          follows_if_(follows_if) {}

    /// Fails as the input does, or with kNoMemory. After kSyntaxError and failures the rest of the
    /// line is still in the input.
    Result<Outcome> parse();

    /// After kCommand.
    Ref<Program> take_program() { return std::move(program_); }
    /// After kSyntaxError: what is wrong, and on which line.
    std::string_view message() const { return message_; }
    u32 error_line() const { return error_line_; }

private:
    enum class Production : u8 {
        kLine,        // commands up to a newline
        kBody,        // commands up to a closing brace or parenthesis
        kLogic,       // a command with all its operators
        kPiped,       // a command with its pipes
        kPrimary,     // a command without operators; becomes one of the following
        kBlock,       // { body } redirections
        kIf,          // if( body ) command, if not command
        kFor,         // for( word in words ) command
        kWhile,       // while( body ) command
        kSwitch,      // switch word { cases }
        kFn,          // fn words { body }
        kMatch,       // ~ word words
        kPrefix,      // ! command, @ command
        kRedirected,  // redirection command
        kAssign,      // name=word command
        kSimple,      // words and redirections
        kBrace,       // { body }
        kParen,       // ( body )
        kRedirects,   // any number of redirections
        kWord,        // atoms with carets between
        kAtom,        // a word without carets
        kWords,       // any number of words
    };

    struct Frame {
        Production production;
        u8 step = 0;
        bool flag = false;          // the production's own
        TokenType closer{};         // kBody: what ends it
        u32 line = 0;               // where it began
        Node* node = nullptr;       // what is being built
        Node* last = nullptr;       // its last child
        Node* other = nullptr;      // the production's own
        Node* redirects = nullptr;  // kSimple: the redirections among the words
        Node* last_redirect = nullptr;
    };

    Result<void> step(Frame& frame);
    Result<void> line(Frame& frame);
    Result<void> body(Frame& frame);
    Result<void> sequence_member(Frame& frame, bool& follows_if);
    Result<void> logic(Frame& frame);
    Result<void> piped(Frame& frame);
    Result<void> primary(Frame& frame);
    Result<void> block(Frame& frame);
    Result<void> condition_and_body(Frame& frame);
    Result<void> if_command(Frame& frame);
    Result<void> for_command(Frame& frame);
    Result<void> while_command(Frame& frame);
    Result<void> switch_command(Frame& frame);
    Result<void> make_cases(Frame& frame, Node& commands);
    Result<void> fn_command(Frame& frame);
    Result<void> match_command(Frame& frame);
    Result<void> prefix(Frame& frame);
    Result<void> redirected(Frame& frame);
    Result<void> assign(Frame& frame);
    Result<void> simple(Frame& frame);
    Result<void> brace(Frame& frame);
    Result<void> paren(Frame& frame);
    Result<void> redirects(Frame& frame);
    Result<void> word(Frame& frame);
    Result<void> atom(Frame& frame);
    Result<void> words(Frame& frame);

    // Calls. Each is the last thing a production does before it returns.
    Result<Frame*> push(Production production);
    Result<void> call(Frame& frame, u8 next_step, Production production);
    Result<void> call_word(Frame& frame, u8 next_step);
    Result<void> become(Frame& frame, Production production);
    Result<void> finish(Node* node);
    Result<void> finish_redirected(Node* command, Node* redirects);

    // Nodes.
    Result<Node*> make_node(NodeType type);
    Result<void> begin(Frame& frame, NodeType type);
    static void append(Frame& frame, Node* child);
    Result<Node*> wrap(NodeType type, Node* child);
    Result<Node*> redirection();
    Result<Node*> word_node();

    // Tokens.
    Result<TokenType> look();
    void take() { lexer_.take(); }
    Result<bool> take_if(TokenType type);
    Result<bool> at_word();
    Result<bool> at_word_or_equals();
    Result<void> syntax_error();
    Result<void> complain(std::string_view message);

    Memory& memory_;
    const Origin& origin_;
    Lexer lexer_;
    Stack<Frame> frames_;
    bool& follows_if_;
    Ref<Program> program_;
    const Token* token_ = nullptr;  // after look()
    Node* value_ = nullptr;         // what the production that finished last found
    Node* arrow_ = nullptr;         // a < or > that was taken and turned out to begin a word
    Node* equals_ = nullptr;        // the last word that was a free `=`
    bool wrong_ = false;
    u32 error_line_ = 0;
    std::array<char, 200> message_buffer_;
    std::string_view message_;
};

}  // namespace kernel::shell::rc
