// Interpreter: one shell instance: variables, functions and the evaluation of rc's language.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/builtin.h"
#include "shell/rc/host.h"
#include "shell/rc/source.h"

namespace kernel::shell::rc {

class Evaluator;

/// Takes names, for completion and listings.
class NameVisitor {
public:
    virtual Result<void> name(std::string_view name) = 0;

protected:
    ~NameVisitor() = default;
};

/// A shell. Belongs to one process at a time; nothing is global, so any number may exist. Uses
/// little of the caller's stack, whatever it evaluates: parser and evaluator keep their own stacks
/// in the host's memory.
class Interpreter : Pinned {
public:
    /// How program text is treated.
    enum class Mode : u8 {
        kScript,       // an error ends it
        kInteractive,  // prompts; an error or an interrupt goes back to the prompt
    };

    /// A shell with `ifs`, `path`, `prompt` and `pid` set and nothing else. Fails with kNoMemory.
    static Result<Owned<Interpreter>> create(Host& host);
    ~Interpreter();

    // Setting up; also for the environment a process starts with.

    /// Sets a variable; no values removes it. Not exported again, as it came from outside.
    Result<void> set_variable(std::string_view name, std::span<const std::string_view> values);
    /// `$0` and `$*`.
    Result<void> set_arguments(std::string_view zero, std::span<const std::string_view> arguments);
    /// Defines the function that `text` (`fn name {...}`, as the host was given to export) defines,
    /// and does nothing else. Fails with kBadArg if it is anything but such a definition.
    Result<void> define_function(std::string_view text);
    /// As the builtin `flag letter +|-`: e (exit on failure), x (print commands), ...
    void set_flag(char letter, bool on);
    bool flag(char letter) const;

    // Running. None of these is called from a builtin.

    /// Reads and evaluates commands until the source ends or `exit`. `name` is for messages
    /// (`rc: name:3: ...`; empty: `rc: line 3: ...`). Returns the status; errors of the language
    /// were printed on descriptor 2 and are in the status. Does not run `fn sigexit`.
    std::string_view run(Source& source, Mode mode, std::string_view name);
    /// As run(), of a text.
    std::string_view run_text(std::string_view text, std::string_view name);
    /// Runs `fn sigexit`, if defined, once: what a shell does last. Returns the status to exit
    /// with.
    std::string_view finish();
    /// Whether `exit` was evaluated: the home stops running sources then.
    bool exiting() const;

    // Observing. Texts are valid until the shell runs again.

    std::string_view status() const;
    void set_status(std::string_view status);
    Host& host() { return host_; }
    /// The number of values of a variable, and one of them (empty text if there is no such one).
    usize count(std::string_view name) const;
    std::string_view value(std::string_view name, usize index = 0) const;
    Result<void> visit_variables(NameVisitor& visitor) const;
    Result<void> visit_functions(NameVisitor& visitor) const;

    /// For the shell's own parts.
    Evaluator& evaluator() { return *evaluator_; }

private:
    friend class Job;
    /// A shell without any variable.
    static Result<Owned<Interpreter>> create_bare(Host& host);

    template <class T, class... Args>
    friend T* make(Memory& memory, Args&&... args);

    explicit Interpreter(Host& host);

    Host& host_;
    Owned<Evaluator> evaluator_;
};

}  // namespace kernel::shell::rc
