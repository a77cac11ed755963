// Parsing whole texts, and trees as text.
#include "tree_text.h"

#include <algorithm>

#include "base/error.h"
#include "shell/rc/input.h"
#include "shell/rc/parser.h"
#include "shell/rc/source.h"

namespace kernel::shell::rc::test {
namespace {

class StringSink final : public Sink {
public:
    void write(std::string_view text) override { text_ += text; }
    std::string text_;
};

/// Whether a word means the same with and without quotes.
bool quotes_are_idle(std::string_view text) {
    constexpr std::string_view kKeywords[] = {"for", "in",     "while", "if",
                                              "not", "switch", "fn",    "case"};
    return !text.empty() && std::ranges::find(kKeywords, text) == std::end(kKeywords) &&
           text.find_first_of(" \t\n#;&|^$=`'{}()<>*?[~!@\"") == std::string_view::npos;
}

}  // namespace

namespace {

/// `is_name`: behind a dollar, where quotes make no difference at all.
std::string text_of(const Node& node, bool is_name) {
    std::string text = std::to_string(static_cast<unsigned>(node.type));
    if (node.form != RedirectForm::kNone) {
        text += "f" + std::to_string(static_cast<unsigned>(node.form));
    }
    if (node.fd != kNoFd) text += "," + std::to_string(node.fd);
    if (node.other != kNoFd) text += "=" + std::to_string(node.other);
    if (!node.text.empty()) text += ":" + std::string(node.text);
    if (node.quoted && !is_name && !quotes_are_idle(node.text)) text += "'";
    text += "[";
    const bool names = node.type == NodeType::kVariable || node.type == NodeType::kSubscript ||
                       node.type == NodeType::kCount || node.type == NodeType::kJoin;
    for (const Node* child = node.child; child != nullptr; child = child->next) {
        text += text_of(*child, names && child == node.child);
    }
    return text + "]";
}

}  // namespace

std::string tree_text(const Node& node) { return text_of(node, false); }

std::vector<ParsedCommand> parse_all(Memory& memory, std::string_view text, bool follows_if) {
    std::vector<ParsedCommand> commands;
    TextSource source(text);
    Input input(source);
    const Origin origin;
    for (;;) {
        ParsedCommand& command = commands.emplace_back();
        command.follows_if = follows_if;
        input.begin_command({}, {});
        Parser parser(memory, input, origin, follows_if);
        const Result<Parser::Outcome> outcome = parser.parse();
        if (!outcome.ok()) {
            command.error = error_text(outcome.error());
            return commands;
        }
        switch (outcome.value()) {
            case Parser::Outcome::kEnd:
                commands.pop_back();
                return commands;
            case Parser::Outcome::kSyntaxError:
                command.error = parser.message();
                // MUST: a text cannot fail to be read.
                MUST(input.skip_line());
                break;
            case Parser::Outcome::kCommand: {
                const Ref<Program> program = parser.take_program();
                StringSink sink;
                const Result<void> printed = put_node(memory, sink, *program->root());
                if (!printed.ok()) {
                    command.error = error_text(printed.error());
                    return commands;
                }
                command.tree = tree_text(*program->root());
                command.printed = sink.text_;
                break;
            }
        }
    }
}

}  // namespace kernel::shell::rc::test
