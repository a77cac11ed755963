// The productions of single commands.
#include "shell/rc/parser.h"

namespace kernel::shell::rc {
namespace {

/// Whether `command` is the simple command `case ...`, redirected or not.
bool is_case(const Node& command) {
    if (command.type != NodeType::kSimple) return false;
    const Node& word = *command.child;
    return word.type == NodeType::kWord && !word.quoted && word.text == "case";
}

bool has_word(RedirectForm form) {
    return form == RedirectForm::kRead || form == RedirectForm::kWrite ||
           form == RedirectForm::kAppend || form == RedirectForm::kReadWrite;
}

}  // namespace

Result<void> Parser::primary(Frame& frame) {
    switch (TRY(look())) {
        case TokenType::kOpenBrace:
            return become(frame, Production::kBlock);
        case TokenType::kIf:
            return become(frame, Production::kIf);
        case TokenType::kFor:
            return become(frame, Production::kFor);
        case TokenType::kWhile:
            return become(frame, Production::kWhile);
        case TokenType::kSwitch:
            return become(frame, Production::kSwitch);
        case TokenType::kFn:
            return become(frame, Production::kFn);
        case TokenType::kTwiddle:
            return become(frame, Production::kMatch);
        case TokenType::kBang:
        case TokenType::kAt:
            return become(frame, Production::kPrefix);
        case TokenType::kRedirection:
            frame.other = TRY(redirection());
            if (wrong_) return {};
            if (has_word(frame.other->form) && TRY(look()) == TokenType::kOpenBrace) {
                arrow_ = std::exchange(frame.other, nullptr);
                return become(frame, Production::kSimple);
            }
            return become(frame, Production::kRedirected);
        case TokenType::kIn:
        case TokenType::kNot:
            return syntax_error();
        default:
            if (TRY(at_word())) return become(frame, Production::kSimple);
            return finish(TRY(make_node(NodeType::kEmpty)));
    }
}

Result<void> Parser::block(Frame& frame) {
    switch (frame.step) {
        case 0:
            return call(frame, 1, Production::kBrace);
        case 1:
            frame.node = value_;
            return call(frame, 2, Production::kRedirects);
        default:
            return finish_redirected(frame.node, value_);
    }
}

/// What follows `if` and `while`: the condition in parentheses (after step 1), the command (2).
Result<void> Parser::condition_and_body(Frame& frame) {
    append(frame, value_);
    if (frame.step == 2) return finish(frame.node);
    TRY(lexer_.skip_newlines());
    return call(frame, 2, Production::kLogic);
}

Result<void> Parser::if_command(Frame& frame) {
    if (frame.step != 0) return condition_and_body(frame);
    take();
    if (TRY(take_if(TokenType::kNot))) {
        TRY(begin(frame, NodeType::kIfNot));
        TRY(lexer_.skip_newlines());
        return call(frame, 2, Production::kLogic);
    }
    TRY(begin(frame, NodeType::kIf));
    return call(frame, 1, Production::kParen);
}

Result<void> Parser::while_command(Frame& frame) {
    if (frame.step != 0) return condition_and_body(frame);
    take();
    TRY(begin(frame, NodeType::kWhile));
    return call(frame, 1, Production::kParen);
}

Result<void> Parser::for_command(Frame& frame) {
    switch (frame.step) {
        case 0:
            take();
            if (!TRY(take_if(TokenType::kOpenParen))) return syntax_error();
            TRY(begin(frame, NodeType::kFor));
            return call(frame, 1, Production::kWord);
        case 1:
            append(frame, value_);
            if (TRY(take_if(TokenType::kIn))) {
                TRY(call(frame, 2, Production::kWords));
                if (!wrong_) frames_.top().flag = true;
                return {};
            }
            value_ = TRY(make_node(NodeType::kEmpty));
            frame.step = 2;
            return {};
        case 2:
            append(frame, value_);
            if (!TRY(take_if(TokenType::kCloseParen))) return syntax_error();
            TRY(lexer_.skip_newlines());
            return call(frame, 3, Production::kLogic);
        default:
            append(frame, value_);
            return finish(frame.node);
    }
}

Result<void> Parser::switch_command(Frame& frame) {
    switch (frame.step) {
        case 0:
            take();
            TRY(begin(frame, NodeType::kSwitch));
            return call(frame, 1, Production::kWord);
        case 1:
            append(frame, value_);
            // The word looked ahead for a caret and may have seen a newline in place of the brace.
            while (TRY(take_if(TokenType::kNewline))) {
            }
            return call(frame, 2, Production::kBrace);
        default:
            TRY(make_cases(frame, *value_->child));
            if (wrong_) return {};
            return finish(frame.node);
    }
}

/// Groups the commands of a switch under the cases they belong to.
Result<void> Parser::make_cases(Frame& frame, Node& commands) {
    Node* last = nullptr;  // command of the current case
    Node* body = nullptr;
    for (Node* command = commands.child; command != nullptr;) {
        Node* next = std::exchange(command->next, nullptr);
        if (is_case(*command)) {
            Node* patterns = TRY(program_->add(NodeType::kWords, command->line));
            patterns->child = command->child->next;
            body = TRY(program_->add(NodeType::kSequence, command->line));
            Node* one = TRY(wrap(NodeType::kCase, patterns));
            patterns->next = body;
            append(frame, one);
            last = nullptr;
        } else if (body == nullptr) {
            return complain("case missing in switch");
        } else {
            (last == nullptr ? body->child : last->next) = command;
            last = command;
        }
        command = next;
    }
    return {};
}

Result<void> Parser::fn_command(Frame& frame) {
    switch (frame.step) {
        case 0:
            take();
            TRY(begin(frame, NodeType::kFunction));
            if (!TRY(at_word())) return syntax_error();
            return call(frame, 1, Production::kWords);
        case 1:
            append(frame, value_);
            if (TRY(look()) != TokenType::kOpenBrace) return finish(frame.node);
            return call(frame, 2, Production::kBrace);
        default:
            append(frame, value_);
            return finish(frame.node);
    }
}

Result<void> Parser::match_command(Frame& frame) {
    switch (frame.step) {
        case 0:
            take();
            TRY(begin(frame, NodeType::kMatch));
            return call(frame, 1, Production::kWord);
        case 1:
            append(frame, value_);
            return call(frame, 2, Production::kWords);
        default:
            append(frame, value_);
            return finish(frame.node);
    }
}

Result<void> Parser::prefix(Frame& frame) {
    if (frame.step == 0) {
        const bool bang = TRY(look())
        == TokenType::kBang;
        TRY(begin(frame, bang ? NodeType::kNot : NodeType::kSubshell));
        take();
        return call(frame, 1, Production::kPiped);
    }
    append(frame, value_);
    return finish(frame.node);
}

Result<void> Parser::redirected(Frame& frame) {
    switch (frame.step) {
        case 0:
            TRY(begin(frame, NodeType::kRedirect));
            if (has_word(frame.other->form)) return call(frame, 1, Production::kWord);
            return call(frame, 2, Production::kPiped);
        case 1:
            frame.other->child = value_;
            return call(frame, 2, Production::kPiped);
        default:
            append(frame, value_);
            append(frame, frame.other);
            return finish(frame.node);
    }
}

/// The name is in frame.other, the `=` is taken.
Result<void> Parser::assign(Frame& frame) {
    switch (frame.step) {
        case 0:
            return call(frame, 1, Production::kWord);
        case 1:
            frame.other->next = value_;
            return call(frame, 2, Production::kPiped);
        default: {
            Node* rest = value_;
            Node* value = frame.other->next;
            const bool alone = rest->type == NodeType::kEmpty || rest->type == NodeType::kAssign;
            Node* node = TRY(make_node(alone ? NodeType::kAssign : NodeType::kLocal));
            node->child = frame.other;
            // `x=1 y=2` without a command is one assignment of two.
            value->next = rest->type == NodeType::kEmpty    ? nullptr
                          : rest->type == NodeType::kAssign ? rest->child
                                                            : rest;
            return finish(node);
        }
    }
}

Result<void> Parser::simple(Frame& frame) {
    enum : u8 { kStart, kFirst, kArgument, kTarget };
    switch (frame.step) {
        case kStart:
            return call(frame, kFirst, Production::kWord);
        case kFirst:
            if (TRY(look()) == TokenType::kEquals) {
                frame.other = value_;
                take();
                return become(frame, Production::kAssign);
            }
            TRY(begin(frame, NodeType::kSimple));
            append(frame, value_);
            break;
        case kArgument:
            append(frame, value_);
            break;
        case kTarget:
            frame.last_redirect->child = value_;
            break;
    }
    for (;;) {
        if (TRY(look()) != TokenType::kRedirection) {
            if (TRY(at_word_or_equals())) return call_word(frame, kArgument);
            return finish_redirected(frame.node, frame.redirects);
        }
        Node* redirect = TRY(redirection());
        if (wrong_) return {};
        if (has_word(redirect->form) && TRY(look()) == TokenType::kOpenBrace) {
            arrow_ = redirect;
            return call_word(frame, kArgument);
        }
        (frame.redirects == nullptr ? frame.redirects : frame.last_redirect->next) = redirect;
        frame.last_redirect = redirect;
        if (has_word(redirect->form)) return call(frame, kTarget, Production::kWord);
    }
}

/// Redirections behind a block: a chain, or null.
Result<void> Parser::redirects(Frame& frame) {
    if (frame.step == 1) frame.last_redirect->child = value_;
    while (TRY(look()) == TokenType::kRedirection) {
        Node* redirect = TRY(redirection());
        if (wrong_) return {};
        (frame.redirects == nullptr ? frame.redirects : frame.last_redirect->next) = redirect;
        frame.last_redirect = redirect;
        if (has_word(redirect->form)) return call(frame, 1, Production::kWord);
    }
    return finish(frame.redirects);
}

}  // namespace kernel::shell::rc
