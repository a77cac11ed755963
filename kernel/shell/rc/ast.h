// The parsed form of a program: nodes in an arena, immutable once parsed, shared by counting.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"
#include "shell/rc/memory.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// What a node is; in parentheses its children in order, `...` for any number.
enum class NodeType : u8 {
    // Commands.
    kEmpty,       // nothing
    kSequence,    // (command...): a; b
    kBackground,  // (command): a &
    kSimple,      // (word...)
    kAssign,      // (name value name value...): x=1 y=2
    kLocal,       // (name value command): x=1 command
    kRedirect,    // (command, redirection...)
    kPipeline,    // (command, kPipe, command, ...): a | b
    kLogic,       // (command, kAnd or kOr, command, ...): a && b
    kNot,         // (command): ! a
    kSubshell,    // (command): @ a
    kBlock,       // (kSequence): { a }
    kIf,          // (kSequence command)
    kIfNot,       // (command)
    kWhile,       // (kSequence command)
    kFor,         // (name, kWords or kEmpty, command)
    kSwitch,      // (word, kCase...)
    kCase,        // (kWords, kSequence)
    kFunction,    // (kWords, [kBlock]): fn a b {...}
    kMatch,       // (word, kWords): ~ a b
    // Between commands.
    kPipe,  // fd of the left command, other of the right
    kAnd,
    kOr,
    // Words.
    kWord,       // text
    kWords,      // (word...): (a b)
    kConcat,     // (word word...): a^b
    kVariable,   // (word): $a
    kSubscript,  // (word, kWords): $a(1 2)
    kCount,      // (word): $#a
    kJoin,       // (word): $"a
    kBackquote,  // (kBlock, [word]): `{a}, or with separators `word{a}
    kPipeName,   // (kBlock): <{a}, >{a}; form says which
    // Redirections; `form` says which.
    kRedirection,  // ([word])
};

enum class RedirectForm : u8 {
    kNone,
    kRead,       // fd <word
    kWrite,      // fd >word
    kAppend,     // fd >>word
    kReadWrite,  // fd <>word
    kHere,       // fd <<tag; the child is the tag, text the document
    kDup,        // fd becomes a copy of other
    kClose,      // fd
};

struct Node {
    NodeType type;
    RedirectForm form = RedirectForm::kNone;
    bool quoted = false;  // kWord: was in quotes
    u32 line = 0;         // where it began
    Fd fd = kNoFd;
    Fd other = kNoFd;
    Node* child = nullptr;  // the first one
    Node* next = nullptr;   // the next child of the same parent
    std::string_view text{};

    const Node* second() const { return child->next; }
    const Node* third() const { return child->next->next; }
};

/// Where a program came from, for messages.
struct Origin {
    Ref<Word> name{};       // of the file; null for none
    bool numbered = false;  // whether lines are told by number: not at a prompt
};

/// One parsed command, as much as was read to complete it, and the memory that it lives in.
class Program final : public RefCounted<Program> {
public:
    /// An empty program that came from `origin`. Fails with kNoMemory.
    static Result<Ref<Program>> create(Memory& memory, const Origin& origin);

    /// For the parser. Both fail with kNoMemory.
    Result<Node*> add(NodeType type, u32 line);
    Result<std::string_view> add_text(std::string_view text);

    Memory& memory() const { return memory_; }
    const Origin& origin() const { return origin_; }
    const Node* root() const { return root_; }
    void set_root(const Node* root) { root_ = root; }

private:
    template <class T>
    friend class kernel::Ref;
    struct Piece {
        Piece* below;
        usize size;  // of all, this header included
        usize used;
    };

    Program(Memory& memory, const Origin& origin) : memory_(memory), origin_(origin) {}
    static void destroy(Program& program);
    Result<void*> allocate(usize bytes);

    Memory& memory_;
    const Origin origin_;
    Piece* pieces_ = nullptr;
    const Node* root_ = nullptr;
};

/// Writes `node` as a program that parses to the same tree, on one line, with its here documents on
/// the lines below. Writes no newline at the end.
/// Fails with kNoMemory; a sink that fails is the caller's to notice.
Result<void> put_node(Memory& memory, Sink& sink, const Node& node);

}  // namespace kernel::shell::rc
