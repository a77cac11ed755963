// Job: a piece of parsed program with the variables it needs, to be evaluated by another process.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/ast.h"
#include "shell/rc/environment.h"
#include "shell/rc/host.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

class Evaluator;

/// A piece of a program to be evaluated by a new shell in a new process: a stage of a pipeline, a
/// background command, a subshell, a backquote. It has a reference to the parsed text, which no one
/// changes, and copies (by reference) of the variables and functions.
class Job final : Pinned {
public:
    enum class Kind : u8 { kForeground, kBackground };

    /// For the evaluator. Both fail with kNoMemory.
    static Result<Owned<Job>> create(const Evaluator& shell, Kind kind, Ref<Program> program,
                                     const Node* node);
    /// A job that writes a text to descriptor 1.
    static Result<Owned<Job>> create_writer(Memory& memory, Ref<Word> text);

    /// Evaluates the job in a new shell on `host` and gives the status to exit with. Called at most
    /// once, in the new process, which may run at the same time as the shell that made the job.
    void run(Host& host, StatusText& status);
    /// Whether the shell does not wait for it (`&`): the new process gets its own note group.
    bool background() const { return kind_ == Kind::kBackground; }
    /// The source text of the job, for a process listing; cut to the buffer.
    std::string_view describe(std::span<char> buffer) const;

private:
    template <class T, class... Args>
    friend T* make(Memory& memory, Args&&... args);

    explicit Job(Memory& memory) : environment_(memory) {}
    Result<void> evaluate(Host& host, StatusText& status);
    static void complain(Host& host, Error error);

    Environment environment_;
    Ref<Program> program_;
    const Node* node_ = nullptr;
    Ref<Word> text_;  // what a writer writes
    Kind kind_ = Kind::kForeground;
    u64 flags_ = 0;
    StatusText status_;  // of the shell that made it
};

}  // namespace kernel::shell::rc
