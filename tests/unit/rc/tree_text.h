// Parsing whole texts for tests: each command as its tree, and as it is printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shell/rc/ast.h"
#include "shell/rc/memory.h"

namespace kernel::shell::rc::test {

struct ParsedCommand {
    std::string tree;         // type, text, descriptors of each node, in brackets
    std::string printed;      // by put_node
    std::string error;        // empty if it was a command
    bool follows_if = false;  // whether the command before it was an `if`
};

/// The tree below `node`. Quotes that make no difference are not told.
std::string tree_text(const Node& node);

/// All commands of `text`. After one with an error parsing goes on with the next line, as a shell
/// at a prompt does; but out of memory is the end.
std::vector<ParsedCommand> parse_all(Memory& memory, std::string_view text,
                                     bool follows_if = false);

}  // namespace kernel::shell::rc::test
