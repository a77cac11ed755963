// put_node: a parsed tree back to text, with an explicit stack of what is still to be written.
#include "shell/rc/ast.h"
#include "shell/rc/lexer.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {
namespace {

class Printer : Pinned {
public:
    Printer(Memory& memory, Sink& sink) : sink_(sink), stack_(memory), documents_(memory) {}

    Result<void> print(const Node& node);

private:
    /// Something to write: a text; a node; a list of nodes from `node` on with `text` between, or
    /// of assignments, or of commands; or (kClose) a text before which waiting here documents go.
    struct Item {
        enum class Kind : u8 { kText, kNode, kList, kPairs, kCommands, kClose } kind;
        const Node* node = nullptr;
        std::string_view text{};
    };
    static Item text(std::string_view text) { return {Item::Kind::kText, nullptr, text}; }
    static Item close(std::string_view text) { return {Item::Kind::kClose, nullptr, text}; }
    static Item one(const Node* node) { return {Item::Kind::kNode, node}; }
    static Item list(const Node* first, std::string_view between) {
        return {Item::Kind::kList, first, between};
    }
    static Item pairs(const Node* first) { return {Item::Kind::kPairs, first}; }
    static Item commands(const Node* first) { return {Item::Kind::kCommands, first}; }

    Result<void> later(std::initializer_list<Item> items);
    Result<void> expand(const Node& node);
    Result<void> expand_redirect(const Node& node);
    Result<void> next_command(const Node& node);
    void put_word(const Node& node);
    void put_in_quotes(std::string_view text);
    void put_arrow(const Node& node);
    Result<void> put_documents();
    Result<void> name(std::string_view dollar, const Node& node, std::initializer_list<Item> rest);

    Sink& sink_;
    Stack<Item> stack_;
    Vector<const Node*> documents_;  // announced, and to be written after the next newline
};

/// Whether `$text` reads as one name without quotes.
bool is_plain_name(std::string_view text) {
    for (char c : text) {
        const bool alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alphanumeric && c != '_' && c != '*' && static_cast<u8>(c) < 0x80) return false;
    }
    return !text.empty();
}

bool is_reserved(std::string_view text) {
    constexpr std::string_view kReserved[] = {"for", "in", "while", "if", "not", "switch",
                                              "fn",  "~",  "!",     "@",  "case"};
    return std::find(std::begin(kReserved), std::end(kReserved), text) != std::end(kReserved);
}

bool begins_with_arrow(const Node* word) {
    if (word == nullptr) return false;
    if (word->type == NodeType::kConcat) word = word->child;
    return word->type == NodeType::kPipeName;
}

Result<void> Printer::later(std::initializer_list<Item> items) {
    for (const Item* item = items.end(); item != items.begin();) {
        (void)TRY(stack_.push(*--item));  // ignored: where it is kept
    }
    return {};
}

Result<void> Printer::print(const Node& node) {
    TRY(later({one(&node), close("")}));
    while (!stack_.empty()) {
        const Item item = stack_.top();
        stack_.pop();
        switch (item.kind) {
            case Item::Kind::kClose:
                TRY(put_documents());
                [[fallthrough]];
            case Item::Kind::kText:
                sink_.write(item.text);
                break;
            case Item::Kind::kNode:
                TRY(expand(*item.node));
                break;
            case Item::Kind::kList:
                if (item.node == nullptr) break;
                if (item.node->next != nullptr) {
                    TRY(later({text(item.text), list(item.node->next, item.text)}));
                }
                TRY(later({one(item.node)}));
                break;
            case Item::Kind::kPairs: {
                const Node* rest = item.node->next->next;
                if (rest != nullptr) TRY(later({text(" "), pairs(rest)}));
                TRY(later({one(item.node), text("="), one(item.node->next)}));
                break;
            }
            case Item::Kind::kCommands:
                if (item.node != nullptr) TRY(next_command(*item.node));
                break;
        }
    }
    return {};
}

Result<void> Printer::next_command(const Node& node) {
    return later({one(&node), close(node.next == nullptr ? "" : ";"), commands(node.next)});
}

/// A `$` construction: names that would not be read back as one word are quoted.
Result<void> Printer::name(std::string_view dollar, const Node& node,
                           std::initializer_list<Item> rest) {
    sink_.write(dollar);
    TRY(later(rest));
    const Node& word = *node.child;
    if (word.type != NodeType::kWord || is_plain_name(word.text)) return later({one(&word)});
    put_in_quotes(word.text);
    return {};
}

void Printer::put_word(const Node& node) {
    if (!node.quoted) {
        sink_.write(node.text);
    } else if (is_reserved(node.text)) {
        put_in_quotes(node.text);
    } else {
        put_quoted(sink_, node.text);
    }
}

void Printer::put_in_quotes(std::string_view text) {
    sink_.write("'");
    for (;;) {
        const usize quote = text.find('\'');
        sink_.write(text.substr(0, quote));
        if (quote == std::string_view::npos) break;
        sink_.write("''");
        text.remove_prefix(quote + 1);
    }
    sink_.write("'");
}

void Printer::put_arrow(const Node& node) {
    constexpr std::string_view kArrows[] = {"", "<", ">", ">>", "<>", "<<", ">", ">"};
    sink_.write(kArrows[static_cast<usize>(node.form)]);
    if (node.form == RedirectForm::kDup) {
        format_to(sink_, "[{}={}]", node.fd, node.other);
    } else if (node.form == RedirectForm::kClose) {
        format_to(sink_, "[{}=]", node.fd);
    } else {
        const bool input = node.form == RedirectForm::kRead ||
                           node.form == RedirectForm::kReadWrite ||
                           node.form == RedirectForm::kHere;
        if (node.fd != (input ? 0 : 1)) format_to(sink_, "[{}]", node.fd);
    }
}

/// Writes the documents that were announced.
Result<void> Printer::put_documents() {
    if (documents_.empty()) return {};
    sink_.write(";\n");
    for (const Node* document : documents_) {
        sink_.write(document->text);
        format_to(sink_, "{}\n", document->child->text);
    }
    documents_.truncate(0);
    return {};
}

/// Behind a simple command or a block, in front of all else.
Result<void> Printer::expand_redirect(const Node& node) {
    const Node& command = *node.child;
    const bool behind = command.type == NodeType::kSimple || command.type == NodeType::kBlock;
    if (behind) return later({one(&command), text(" "), list(command.next, " ")});
    return later({list(command.next, " "), text(" "), one(&command)});
}

Result<void> Printer::expand(const Node& node) {
    const Node* child = node.child;
    switch (node.type) {
        case NodeType::kEmpty:
            return {};
        case NodeType::kSequence:
            return later({commands(child)});
        case NodeType::kBackground:
            return later({one(child), text("&")});
        case NodeType::kSimple:
            return later({list(child, " ")});
        case NodeType::kAssign:
            return later({pairs(child)});
        case NodeType::kLocal:
            return later({one(child), text("="), one(child->next), text(" "), one(node.third())});
        case NodeType::kRedirect:
            return expand_redirect(node);
        case NodeType::kPipeline:
        case NodeType::kLogic:
            return later({list(child, "")});
        case NodeType::kNot:
            return later({text("! "), one(child)});
        case NodeType::kSubshell:
            return later({text("@ "), one(child)});
        case NodeType::kBlock:
            return later({text("{"), one(child), close("}")});
        case NodeType::kIf:
            return later({text("if("), one(child), close(")"), one(child->next)});
        case NodeType::kIfNot:
            return later({text("if not "), one(child)});
        case NodeType::kWhile:
            return later({text("while ("), one(child), close(")"), one(child->next)});
        case NodeType::kFor: {
            const Node* words = child->next;
            const bool named = words->type == NodeType::kWords;
            return later({text("for("), one(child), text(named ? " in " : ""),
                          list(named ? words->child : nullptr, " "), text(")"), one(words->next)});
        }
        case NodeType::kSwitch:
            return later(
                {text("switch "), one(child), text(" {"), commands(child->next), close("}")});
        case NodeType::kCase:
            return later({text(child->child == nullptr ? "case" : "case "), list(child->child, " "),
                          close(child->next->child == nullptr ? "" : ";"), one(child->next)});
        case NodeType::kFunction:
            return later({text("fn "), list(child->child, " "),
                          text(child->next == nullptr ? "" : " "), list(child->next, "")});
        case NodeType::kMatch:
            return later({text("~ "), one(child), text(" "), list(child->next->child, " ")});
        case NodeType::kPipe:
            sink_.write("|");
            if (node.other != 0) {
                format_to(sink_, "[{}={}]", node.other, node.fd);
            } else if (node.fd != 1) {
                format_to(sink_, "[{}]", node.fd);
            }
            return {};
        case NodeType::kAnd:
            sink_.write(" && ");
            return {};
        case NodeType::kOr:
            sink_.write(" || ");
            return {};
        case NodeType::kWord:
            put_word(node);
            return {};
        case NodeType::kWords:
            return later({text("("), list(child, " "), text(")")});
        case NodeType::kConcat:
            return later({list(child, "^")});
        case NodeType::kVariable:
            return name("$", node, {});
        case NodeType::kSubscript:
            return name("$", node, {one(child->next)});
        case NodeType::kCount:
            return name("$#", node, {});
        case NodeType::kJoin:
            return name("$\"", node, {});
        case NodeType::kBackquote:
            return later({text("`"), list(child->next, ""), one(child)});
        case NodeType::kPipeName:
            return later({text(node.form == RedirectForm::kRead ? "<" : ">"), one(child)});
        case NodeType::kRedirection:
            put_arrow(node);
            if (node.form != RedirectForm::kHere) {
                // A word that begins with an arrow itself must not run into this one.
                return later({text(begins_with_arrow(child) ? " " : ""), list(child, "")});
            }
            // A quoted tag says that the document is not looked into.
            if (child->quoted) {
                put_in_quotes(child->text);
            } else {
                put_word(*child);
            }
            return documents_.push(&node);
    }
    PANIC("rc: no node {}", node.type);
}

}  // namespace

Result<void> put_node(Memory& memory, Sink& sink, const Node& node) {
    Printer printer(memory, sink);
    return printer.print(node);
}

}  // namespace kernel::shell::rc
