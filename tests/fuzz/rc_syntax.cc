// rc's lexer, parser and printer: no text breaks them, and what is printed parses to the same tree.
#include <cstdio>

#include "tests/fuzz/target.h"
#include "tests/unit/rc/counting_memory.h"
#include "tests/unit/rc/tree_text.h"

namespace rc = kernel::shell::rc;

std::vector<std::string> fuzz::seeds() {
    return {
        "echo a 'b c' d^e $x $#x $\"x $x(1 2) `{a} `x{b} <{c} >{d} a^$b^'c'\n",
        "x=1 y=(2 3) cmd a=b >f >>g <h <>i >[2=1] >[3=] <[4]j | k |[2] l |[2=3] m &\n",
        "if(a){b;c}\nif not d\nfor(i in 1 2)e\nfor(i) f\nwhile(g)h\n",
        "switch(x){case a b\nc\ncase *\nd\n}\n~ a b c* && ! e || @{f}\n",
        "fn a b {c\nd}\nfn e\n",
        "cat <<A <<'B' | b\ndoc $x $x^y\nA\nplain\nB\n",
        "# comment\na \\\nb # c\n'quoted\nnewline' 'it''s'\n",
        "{a}>b\n{{{{a}}}}\n((a b) c)\n$$a $'odd name' $a.b\n",
    };
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    rc::test::CountingMemory memory;
    for (const auto& command : rc::test::parse_all(memory, fuzz::text_of(data, size))) {
        if (!command.error.empty()) continue;
        const auto again = rc::test::parse_all(memory, command.printed + "\n", command.follows_if);
        if (again.size() != 1 || !again[0].error.empty() || again[0].tree != command.tree) {
            std::fprintf(stderr, "tree:    %s\nprinted: %s\nagain:   %zu, %s %s\n",
                         command.tree.c_str(), command.printed.c_str(), again.size(),
                         again[0].error.c_str(), again[0].tree.c_str());
            fuzz::check(false, "printed as another tree");
        }
        fuzz::check(again[0].printed == command.printed, "printed differently the second time");
    }
    fuzz::check(memory.outstanding() == 0, "memory was lost");
    return 0;
}
