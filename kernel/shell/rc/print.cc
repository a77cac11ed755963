// put_node: a parsed tree back to text, with an explicit stack of what is still to be written.
#include "base/text.h"
#include "shell/rc/ast.h"
#include "shell/rc/lexer.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {
namespace {

/// How a node is written: a form is text with directives, `%` and a letter.
///
///     1 2 3   the first, second, third child
///     blank   all children with blanks between; - without; ^ with carets
///     . _     the children from the second on, without blanks, with blanks between
///     w W     the children of the first, of the second child, with blanks between
///     ; c     the children, the children from the second on, with semicolons between
///     =       the children as assignments
///     n       the first child as the name behind a dollar
std::string_view form_of(const Node& node) {
    const Node* child = node.child;
    switch (node.type) {
        case NodeType::kSequence:
            return "%;";
        case NodeType::kBackground:
            return "%1&";
        case NodeType::kSimple:
            return "% ";
        case NodeType::kAssign:
            return "%=";
        case NodeType::kLocal:
            return "%1=%2 %3";
        case NodeType::kRedirect: {
            // Behind a simple command or a block, in front of all else.
            const bool behind = child->type == NodeType::kSimple || child->type == NodeType::kBlock;
            return behind ? "%1 %_" : "%_ %1";
        }
        case NodeType::kPipeline:
        case NodeType::kLogic:
            return "%-";
        case NodeType::kNot:
            return "! %1";
        case NodeType::kSubshell:
            return "@ %1";
        case NodeType::kBlock:
            return "{%1}";
        case NodeType::kIf:
            return "if(%1)%2";
        case NodeType::kIfNot:
            return "if not %1";
        case NodeType::kWhile:
            return "while (%1)%2";
        case NodeType::kFor:
            return child->next->type == NodeType::kWords ? "for(%1 in %W)%3" : "for(%1)%3";
        case NodeType::kSwitch:
            return "switch %1 {%c}";
        case NodeType::kCase:
            return child->next->child == nullptr ? "case %w" : "case %w;%2";
        case NodeType::kFunction:
            return child->next == nullptr ? "fn %w" : "fn %w %2";
        case NodeType::kMatch:
            return "~ %1 %W";
        case NodeType::kAnd:
            return " && ";
        case NodeType::kOr:
            return " || ";
        case NodeType::kWords:
            return "(% )";
        case NodeType::kConcat:
            return "%^";
        case NodeType::kVariable:
            return "$%n";
        case NodeType::kSubscript:
            return "$%n%2";
        case NodeType::kCount:
            return "$#%n";
        case NodeType::kJoin:
            return "$\"%n";
        case NodeType::kBackquote:
            return "`%.%1";
        case NodeType::kPipeName:
            return node.form == RedirectForm::kRead ? "<%1" : ">%1";
        case NodeType::kRedirection:
            return "%-";  // behind the arrow
        case NodeType::kEmpty:
        case NodeType::kPipe:
        case NodeType::kWord:
            break;
    }
    return {};
}

/// Hands text on, and keeps apart what would be read as one token.
class SpacingSink final : public Sink {
public:
    explicit SpacingSink(Sink& below) : below_(below) {}
    void write(std::string_view text) override {
        if (text.empty()) return;
        if (behind_arrow_ && std::string_view("[<>|").contains(text[0])) below_.write(" ");
        behind_arrow_ = false;
        last_ = text.back();
        below_.write(text);
    }
    /// An arrow or a pipe was written, which could go on.
    void arrow() { behind_arrow_ = true; }
    /// A line ends here: a backslash must not take the newline for its own.
    void end_line() {
        if (last_ == '\\') write(" ");
    }

private:
    Sink& below_;
    char last_ = '\n';
    bool behind_arrow_ = false;
};

class Printer : Pinned {
public:
    Printer(Memory& memory, Sink& sink) : sink_(sink), stack_(memory), documents_(memory) {}

    Result<void> print(const Node& node);

private:
    /// What is still to be written: the rest of a node's form; a node; or a list that begins with
    /// `node`.
    struct Item {
        enum class Kind : u8 { kForm, kNode, kList, kPairs } kind;
        const Node* node;
        std::string_view text{};  // the form, or what stands between the list's nodes
    };

    Result<void> later(Item::Kind kind, const Node* node, std::string_view text = {});
    Result<void> step();
    Result<void> directive(const Node& node, char letter);
    Result<void> begin(const Node* node);
    Result<void> begin_name(const Node& word);
    Result<void> begin_redirection(const Node& node);
    void put_word(const Node& node);
    void put_in_quotes(std::string_view text);
    void put_pipe(const Node& node);
    void put_documents();

    SpacingSink sink_;
    Stack<Item> stack_;
    Vector<const Node*> documents_;  // announced, and to be written at the end
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

Result<void> Printer::later(Item::Kind kind, const Node* node, std::string_view text) {
    if (node == nullptr) return {};
    (void)TRY(stack_.push(Item{kind, node, text}));  // ignored: where it is kept
    return {};
}

Result<void> Printer::print(const Node& node) {
    TRY(begin(&node));
    while (!stack_.empty()) TRY(step());
    sink_.end_line();
    put_documents();
    return {};
}

/// Writes a piece of what is on top of the stack.
Result<void> Printer::step() {
    Item& item = stack_.top();
    const Node* node = item.node;
    switch (item.kind) {
        case Item::Kind::kForm: {
            const usize at = item.text.find('%');
            sink_.write(item.text.substr(0, at));
            if (at == std::string_view::npos) {
                stack_.pop();
                return {};
            }
            const char letter = item.text[at + 1];
            item.text.remove_prefix(at + 2);
            return directive(*node, letter);
        }
        case Item::Kind::kNode:
            stack_.pop();
            return begin(node);
        case Item::Kind::kList: {
            const std::string_view between = item.text;
            item.node = node->next;
            if (node->next == nullptr) stack_.pop();
            TRY(later(Item::Kind::kForm, node->next == nullptr ? nullptr : node, between));
            return begin(node);
        }
        case Item::Kind::kPairs: {
            const Node* rest = node->next->next;
            item.node = rest;
            if (rest == nullptr) stack_.pop();
            TRY(later(Item::Kind::kForm, rest == nullptr ? nullptr : node, " "));
            TRY(later(Item::Kind::kNode, node->next));
            TRY(later(Item::Kind::kForm, node, "="));
            return begin(node);
        }
    }
    PANIC("rc: no item {}", item.kind);
}

Result<void> Printer::directive(const Node& node, char letter) {
    const Node* child = node.child;
    const Node* second = child == nullptr ? nullptr : child->next;
    switch (letter) {
        case '1':
            return begin(child);
        case '2':
            return begin(second);
        case '3':
            return begin(second->next);
        case ' ':
            return later(Item::Kind::kList, child, " ");
        case '-':
            return later(Item::Kind::kList, child, "");
        case '^':
            return later(Item::Kind::kList, child, "^");
        case '.':
            return later(Item::Kind::kList, second, "");
        case '_':
            return later(Item::Kind::kList, second, " ");
        case 'w':
            return later(Item::Kind::kList, child->child, " ");
        case 'W':
            return later(Item::Kind::kList, second->child, " ");
        case ';':
            return later(Item::Kind::kList, child, ";");
        case 'c':
            return later(Item::Kind::kList, second, ";");
        case '=':
            return later(Item::Kind::kPairs, child);
        case 'n':
            return begin_name(*child);
        default:
            PANIC("rc: no directive {}", letter);
    }
}

/// Begins to write a node.
Result<void> Printer::begin(const Node* node) {
    if (node == nullptr) return {};
    switch (node->type) {
        case NodeType::kWord:
            put_word(*node);
            return {};
        case NodeType::kPipe:
            put_pipe(*node);
            return {};
        case NodeType::kRedirection:
            return begin_redirection(*node);
        default:
            return later(Item::Kind::kForm, node, form_of(*node));
    }
}

/// A name that would not be read back as one word is quoted.
Result<void> Printer::begin_name(const Node& word) {
    if (word.type != NodeType::kWord || is_plain_name(word.text)) return begin(&word);
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

void Printer::put_pipe(const Node& node) {
    sink_.write("|");
    if (node.other != 0) {
        format_to(sink_, "[{}={}]", node.other, node.fd);
    } else if (node.fd != 1) {
        format_to(sink_, "[{}]", node.fd);
    }
    sink_.arrow();
}

Result<void> Printer::begin_redirection(const Node& node) {
    constexpr std::string_view kArrows[] = {"", "<", ">", ">>", "<>", "<<", ">", ">"};
    sink_.write(kArrows[static_cast<usize>(node.form)]);
    switch (node.form) {
        case RedirectForm::kDup:
            format_to(sink_, "[{}={}]", node.fd, node.other);
            return {};
        case RedirectForm::kClose:
            format_to(sink_, "[{}=]", node.fd);
            return {};
        default:
            break;
    }
    const bool reads = node.form != RedirectForm::kWrite && node.form != RedirectForm::kAppend;
    if (node.fd != (reads ? 0 : 1)) format_to(sink_, "[{}]", node.fd);
    sink_.arrow();
    if (node.form != RedirectForm::kHere) return later(Item::Kind::kForm, &node, form_of(node));
    // A quoted tag says that the document is not looked into.
    if (node.child->quoted) {
        put_in_quotes(node.child->text);
    } else {
        put_word(*node.child);
    }
    return documents_.push(&node);
}

/// Writes the documents that were announced. They are read behind the next newline, however deep in
/// the program they are named; as all of it is on one line, that is behind its end.
void Printer::put_documents() {
    for (const Node* document : documents_) {
        format_to(sink_, "\n{}{}", document->text, document->child->text);
    }
}

}  // namespace

Result<void> put_node(Memory& memory, Sink& sink, const Node& node) {
    Printer printer(memory, sink);
    return printer.print(node);
}

}  // namespace kernel::shell::rc
