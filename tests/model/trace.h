// Trace: an execution as a person reads it: who did what, what was read and written, and where the
// code says so.
#pragma once

#include <string>
#include <vector>

#include "tests/model/memory.h"
#include "tests/model/program.h"

namespace model {

class Trace {
public:
    void clear() { lines_.clear(); }
    /// An operation of `thread`, inside `depth` interrupt handlers.
    void operation(const Program& program, u32 thread, u32 depth, const Operation& operation,
                   const Outcome& outcome);
    /// Something else that happened to a thread.
    void note(u32 thread, u32 depth, const std::string& text);

    /// All lines, in columns.
    std::string text() const;

private:
    struct Line {
        std::string thread;
        std::string where;  // file:line
        std::string what;
        std::string code;  // the source line
    };
    std::vector<Line> lines_;
};

}  // namespace model
