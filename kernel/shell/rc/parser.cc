// The parser's machinery, and the productions of lists, operators and words.
#include "shell/rc/parser.h"

namespace kernel::shell::rc {

Result<Parser::Outcome> Parser::parse() {
    if (TRY(look()) == TokenType::kEnd) return Outcome::kEnd;
    program_ = TRY(Program::create(memory_, origin_));
    (void)TRY(push(Production::kLine));  // ignored: the loop finds it
    while (!frames_.empty() && !wrong_) TRY(step(frames_.top()));
    if (wrong_) return Outcome::kSyntaxError;
    TRY(lexer_.finish_documents());
    program_->set_root(value_);
    return Outcome::kCommand;
}

Result<void> Parser::step(Frame& frame) {
    switch (frame.production) {
        case Production::kLine:
            return line(frame);
        case Production::kBody:
            return body(frame);
        case Production::kLogic:
            return logic(frame);
        case Production::kPiped:
            return piped(frame);
        case Production::kPrimary:
            return primary(frame);
        case Production::kBlock:
            return block(frame);
        case Production::kIf:
            return if_command(frame);
        case Production::kFor:
            return for_command(frame);
        case Production::kWhile:
            return while_command(frame);
        case Production::kSwitch:
            return switch_command(frame);
        case Production::kFn:
            return fn_command(frame);
        case Production::kMatch:
            return match_command(frame);
        case Production::kPrefix:
            return prefix(frame);
        case Production::kRedirected:
            return redirected(frame);
        case Production::kAssign:
            return assign(frame);
        case Production::kSimple:
            return simple(frame);
        case Production::kBrace:
            return brace(frame);
        case Production::kParen:
            return paren(frame);
        case Production::kRedirects:
            return redirects(frame);
        case Production::kWord:
            return word(frame);
        case Production::kAtom:
            return atom(frame);
        case Production::kWords:
            return words(frame);
    }
    PANIC("rc: no production {}", frame.production);
}

// Calls.

Result<Parser::Frame*> Parser::push(Production production) {
    const u32 line = token_ == nullptr ? 1 : token_->line;
    return frames_.push(Frame{.production = production, .line = line});
}

Result<void> Parser::call(Frame& frame, u8 next_step, Production production) {
    if (frames_.size() >= kMaxParseDepth) return complain("too deeply nested");
    frame.step = next_step;
    (void)TRY(push(production));  // ignored: the loop finds it
    return {};
}

/// Calls kWord in a place where `=` is an ordinary character.
Result<void> Parser::call_word(Frame& frame, u8 next_step) {
    TRY(call(frame, next_step, Production::kWord));
    if (!wrong_) frames_.top().flag = true;
    return {};
}

Result<void> Parser::become(Frame& frame, Production production) {
    frame.production = production;
    frame.step = 0;
    return {};
}

Result<void> Parser::finish(Node* node) {
    value_ = node;
    frames_.pop();
    return {};
}

Result<void> Parser::finish_redirected(Node* command, Node* redirects) {
    if (redirects == nullptr) return finish(command);
    Node* node = TRY(wrap(NodeType::kRedirect, command));
    command->next = redirects;
    return finish(node);
}

// Nodes.

Result<Node*> Parser::make_node(NodeType type) { return program_->add(type, frames_.top().line); }

Result<void> Parser::begin(Frame& frame, NodeType type) {
    frame.node = TRY(make_node(type));
    frame.last = nullptr;
    return {};
}

void Parser::append(Frame& frame, Node* child) {
    (frame.last == nullptr ? frame.node->child : frame.last->next) = child;
    frame.last = child;
}

Result<Node*> Parser::wrap(NodeType type, Node* child) {
    Node* node = TRY(make_node(type));
    node->child = child;
    return node;
}

/// The redirection that look() showed, without its word. A here document's tag is taken here: it
/// must be known before the next newline is read.
Result<Node*> Parser::redirection() {
    Node* node = TRY(program_->add(NodeType::kRedirection, token_->line));
    node->form = token_->form;
    node->fd = token_->fd;
    node->other = token_->other;
    take();
    if (node->form != RedirectForm::kHere) return node;
    const TokenType type = TRY(look());
    const bool fits = (type == TokenType::kWord || token_->is_keyword()) &&
                      token_->text.find('\n') == std::string_view::npos;
    if (!fits) {
        TRY(syntax_error());
        return node;
    }
    node->child = TRY(word_node());
    TRY(lexer_.expect_document(*program_, *node));
    return node;
}

/// A kWord node of the token that look() showed.
Result<Node*> Parser::word_node() {
    Node* node = TRY(program_->add(NodeType::kWord, token_->line));
    node->text = TRY(program_->add_text(token_->text));
    node->quoted = token_->quoted || token_->type == TokenType::kEquals;
    take();
    return node;
}

// Tokens.

Result<TokenType> Parser::look() {
    token_ = TRY(lexer_.peek());
    return token_->type;
}

Result<bool> Parser::take_if(TokenType type) {
    if (TRY(look()) != type) return false;
    take();
    return true;
}

/// Whether a word can begin here.
Result<bool> Parser::at_word() {
    switch (TRY(look())) {
        case TokenType::kWord:
        case TokenType::kDollar:
        case TokenType::kCount:
        case TokenType::kJoin:
        case TokenType::kBackquote:
        case TokenType::kOpenParen:
            return true;
        case TokenType::kRedirection:
            return token_->form == RedirectForm::kRead || token_->form == RedirectForm::kWrite;
        default:
            return token_->is_keyword();
    }
}

Result<bool> Parser::at_word_or_equals() {
    return TRY(look())
    == TokenType::kEquals || TRY(at_word());
}

/// The token that comes next does not belong there.
Result<void> Parser::syntax_error() {
    const TokenType type = TRY(look());
    error_line_ = token_->line;
    wrong_ = true;
    const std::string_view what =
        type == TokenType::kError ? lexer_.message() : std::string_view("syntax error");
    BufferSink sink(message_buffer_);
    if (type != TokenType::kNewline) {
        format_to(sink, "token ");
        put_quoted(sink, cut_at_rune(token_->text, 100));
        format_to(sink, ": ");
    }
    format_to(sink, "{}", what);
    message_ = sink.text();
    return {};
}

Result<void> Parser::complain(std::string_view message) {
    error_line_ = frames_.top().line;
    wrong_ = true;
    message_ = message;
    return {};
}

// Lists of commands.

/// Takes the command in value_ into the sequence that `frame` builds. `follows_if`: as in the
/// constructor, for this sequence.
Result<void> Parser::sequence_member(Frame& frame, bool& follows_if) {
    Node* command = value_;
    if (command->type == NodeType::kIfNot && !follows_if) {
        return complain("`if not' does not follow `if(...)'");
    }
    if (command->type != NodeType::kEmpty) {
        const Node* last = command->type == NodeType::kIfNot ? command->child : command;
        follows_if = last->type == NodeType::kIf;
    }
    if (TRY(look()) == TokenType::kAmpersand) command = TRY(wrap(NodeType::kBackground, command));
    if (command->type != NodeType::kEmpty) append(frame, command);
    return {};
}

Result<void> Parser::line(Frame& frame) {
    if (frame.step == 0) {
        TRY(begin(frame, NodeType::kSequence));
        return call(frame, 1, Production::kLogic);
    }
    TRY(sequence_member(frame, follows_if_));
    if (wrong_) return {};
    switch (TRY(look())) {
        case TokenType::kSemicolon:
        case TokenType::kAmpersand:
            take();
            return call(frame, 1, Production::kLogic);
        case TokenType::kNewline:
            take();
            return finish(frame.node);
        case TokenType::kEnd:
            return finish(frame.node);
        default:
            return syntax_error();
    }
}

Result<void> Parser::body(Frame& frame) {
    if (frame.step == 0) {
        TRY(begin(frame, NodeType::kSequence));
        return call(frame, 1, Production::kLogic);
    }
    TRY(sequence_member(frame, frame.flag));
    if (wrong_) return {};
    const TokenType type = TRY(look());
    if (type == frame.closer) {
        take();
        return finish(frame.node);
    }
    if (type != TokenType::kSemicolon && type != TokenType::kAmpersand &&
        type != TokenType::kNewline) {
        return syntax_error();
    }
    take();
    return call(frame, 1, Production::kLogic);
}

Result<void> Parser::brace(Frame& frame) {
    if (frame.step == 0) {
        if (!TRY(take_if(TokenType::kOpenBrace))) return syntax_error();
        TRY(call(frame, 1, Production::kBody));
        if (!wrong_) frames_.top().closer = TokenType::kCloseBrace;
        return {};
    }
    return finish(TRY(wrap(NodeType::kBlock, value_)));
}

Result<void> Parser::paren(Frame& frame) {
    if (frame.step == 0) {
        if (!TRY(take_if(TokenType::kOpenParen))) return syntax_error();
        TRY(call(frame, 1, Production::kBody));
        if (!wrong_) frames_.top().closer = TokenType::kCloseParen;
        return {};
    }
    return finish(value_);
}

// Operators.

Result<void> Parser::logic(Frame& frame) {
    if (frame.step == 0) return call(frame, 1, Production::kPiped);
    const TokenType type = TRY(look());
    const bool more = type == TokenType::kAndAnd || type == TokenType::kOrOr;
    if (frame.node == nullptr) {
        if (!more) return finish(value_);
        TRY(begin(frame, NodeType::kLogic));
    }
    append(frame, value_);
    if (!more) return finish(frame.node);
    append(frame, TRY(make_node(type == TokenType::kAndAnd ? NodeType::kAnd : NodeType::kOr)));
    take();
    return call(frame, 1, Production::kPiped);
}

Result<void> Parser::piped(Frame& frame) {
    if (frame.step == 0) return call(frame, 1, Production::kPrimary);
    const bool more = TRY(look())
    == TokenType::kPipe;
    if (frame.node == nullptr) {
        if (!more) return finish(value_);
        TRY(begin(frame, NodeType::kPipeline));
    }
    append(frame, value_);
    if (!more) return finish(frame.node);
    Node* pipe = TRY(make_node(NodeType::kPipe));
    pipe->fd = token_->fd;
    pipe->other = token_->other;
    append(frame, pipe);
    take();
    return call(frame, 1, Production::kPrimary);
}

// Words.

Result<void> Parser::words(Frame& frame) {
    if (frame.step == 0) {
        TRY(begin(frame, NodeType::kWords));
    } else {
        append(frame, value_);
    }
    // In parentheses (flag) a list may go over several lines, and have `=` in it.
    while (frame.flag && TRY(take_if(TokenType::kNewline))) {
    }
    if (!frame.flag) return TRY(at_word())
    ? call(frame, 1, Production::kWord) : finish(frame.node);
    return TRY(at_word_or_equals())
    ? call_word(frame, 1) : finish(frame.node);
}

Result<void> Parser::word(Frame& frame) {
    if (frame.step == 0) return call(frame, 1, Production::kAtom);
    // One atom is itself; from the second on they are children of a kConcat.
    Node* atom = value_;
    const bool caret = TRY(take_if(TokenType::kCaret));
    // A free `=` sticks to what stands beside it.
    const bool sticks =
        !caret && frame.flag && token_->adjacent &&
        (token_->type == TokenType::kEquals ||
         (equals_ == atom && TRY(at_word()) && token_->type != TokenType::kRedirection));
    if (frame.node == nullptr && (caret || sticks)) TRY(begin(frame, NodeType::kConcat));
    if (frame.node != nullptr) append(frame, atom);
    if (!caret && !sticks) return finish(frame.node == nullptr ? atom : frame.node);
    if (sticks && token_->type == TokenType::kEquals) {
        value_ = equals_ = TRY(word_node());
        return {};
    }
    return call(frame, 1, Production::kAtom);
}

Result<void> Parser::atom(Frame& frame) {
    enum : u8 { kStart, kPipeName, kName, kSubscripts, kSeparators, kCommand, kList };
    switch (frame.step) {
        case kStart:
            break;
        case kPipeName:
            frame.node->type = NodeType::kPipeName;
            append(frame, value_);
            return finish(frame.node);
        case kName:
            append(frame, value_);
            if (frame.node->type == NodeType::kVariable && TRY(take_if(TokenType::kSubscript))) {
                frame.node->type = NodeType::kSubscript;
                return call(frame, kSubscripts, Production::kWords);
            }
            return finish(frame.node);
        case kSubscripts:
            append(frame, value_);
            if (!TRY(take_if(TokenType::kCloseParen))) return syntax_error();
            return finish(frame.node);
        case kSeparators:
            frame.other = value_;
            return call(frame, kCommand, Production::kBrace);
        case kCommand:
            append(frame, value_);
            if (frame.other != nullptr) append(frame, frame.other);
            return finish(frame.node);
        case kList:
            if (!TRY(take_if(TokenType::kCloseParen))) return syntax_error();
            return finish(value_);
    }
    if (arrow_ == nullptr && TRY(look()) == TokenType::kRedirection) {
        arrow_ = TRY(redirection());
        if (wrong_) return {};
    }
    if (arrow_ != nullptr) {
        frame.node = std::exchange(arrow_, nullptr);
        if (frame.node->form != RedirectForm::kRead && frame.node->form != RedirectForm::kWrite) {
            return syntax_error();
        }
        return call(frame, kPipeName, Production::kBrace);
    }
    switch (TRY(look())) {
        case TokenType::kEquals:
            equals_ = TRY(word_node());
            return finish(equals_);
        case TokenType::kWord:
            return finish(TRY(word_node()));
        case TokenType::kDollar:
            TRY(begin(frame, NodeType::kVariable));
            take();
            return call(frame, kName, Production::kAtom);
        case TokenType::kCount:
            TRY(begin(frame, NodeType::kCount));
            take();
            return call(frame, kName, Production::kAtom);
        case TokenType::kJoin:
            TRY(begin(frame, NodeType::kJoin));
            take();
            return call(frame, kName, Production::kAtom);
        case TokenType::kBackquote: {
            TRY(begin(frame, NodeType::kBackquote));
            take();
            const bool separators = TRY(look())
            != TokenType::kOpenBrace;
            return separators ? call(frame, kSeparators, Production::kWord)
                              : call(frame, kCommand, Production::kBrace);
        }
        case TokenType::kOpenParen:
            take();
            TRY(call(frame, kList, Production::kWords));
            if (!wrong_) frames_.top().flag = true;
            return {};
        default:
            if (token_->is_keyword()) return finish(TRY(word_node()));
            return syntax_error();
    }
}

}  // namespace kernel::shell::rc
