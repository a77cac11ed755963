// Evaluator: runs parsed programs on a stack of its own.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/ast.h"
#include "shell/rc/builtin.h"
#include "shell/rc/children.h"
#include "shell/rc/environment.h"
#include "shell/rc/interpreter.h"
#include "shell/rc/job.h"
#include "shell/rc/lexer.h"
#include "shell/rc/output.h"
#include "shell/rc/redirections.h"
#include "shell/rc/script.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// How deep evaluation may be nested, in frames; a function that calls itself takes about three.
inline constexpr usize kMaxDepth = 6000;

/// The inside of an Interpreter.
///
/// A frame stands for a node being evaluated. Its function is called again whenever a frame above
/// it has finished; `step` says how far it is. Words leave their values on the stack `words_`;
/// commands leave their outcome in the status. What a frame pushed on the other stacks (words,
/// redirections, locals) goes when it goes, whether it ends or is unwound by an error.
///
/// An error that was already reported is Error::kGeneric; others are reported where they arrive,
/// in recover().
class Evaluator : Pinned {
public:
    Evaluator(Host& host, Interpreter& shell);
    ~Evaluator();

    // For Interpreter and Job.

    Environment& environment() { return environment_; }
    const Environment& environment() const { return environment_; }
    Redirections& redirections() { return redirections_; }
    Children& children() { return children_; }
    Host& host() { return host_; }
    Memory& memory() { return memory_; }
    std::string_view status() const { return status_; }
    void set_status(std::string_view status) { status_.assign(status); }
    bool succeeded() const;
    bool exiting() const { return exiting_; }
    bool flag(char letter) const;
    void set_flag(char letter, bool on);
    u64 flags() const { return flags_; }
    void set_flags(u64 flags) { flags_ = flags; }

    /// Evaluates until `script` is done or `exit`.
    void run_script(Owned<Script> script);
    /// Evaluates one node as all that this shell does: its last command may replace the process.
    void run_as_job(Ref<Program> program, const Node* node);
    /// Calls `fn sigexit`, if there is one and it was not called before.
    void finish();
    /// Defines the function that `text` is a definition of.
    Result<void> import_function(std::string_view text);

    // For the language's builtins.

    /// Evaluates `script` before whatever comes next. `arguments`: `$*` while it lasts.
    Result<void> begin_script(Owned<Script> script, Ref<List> arguments, Ref<Word> zero);
    /// Ends everything, back to who called run_*().
    void exit() { exiting_ = true; }
    /// The file that `name` means as a command, put in `file`; false if there is none.
    Result<bool> find_program(std::string_view name, TextBuffer& file);
    /// Replaces the process; returns when that failed (reported), or exit() is on.
    Result<void> replace(std::span<const std::string_view> argv);
    /// Waits for the child `pid`; notes that arrive meanwhile are for later.
    Result<void> wait_for(u64 pid, StatusText& status);
    /// Waits for all children, or until a note arrives.
    Result<void> wait_for_all();
    /// Makes `error` of the call that failed last the status, with its detail; unless that is the
    /// name which is `said` anyway.
    void set_failure(Error error, std::string_view said = {});
    /// Puts `rc: place: text` on descriptor 2, with the place that is being evaluated.
    void report(std::string_view text);
    /// Reports `who`, `what: ` and the status.
    void report_failure(std::string_view who, std::string_view what);
    std::string_view first_value(std::string_view name) const;

private:
    friend class Call;

    /// A word on the stack of values: if `pattern`, its text is a pattern (pattern.h).
    struct Item {
        Ref<Word> word;
        bool pattern = false;
    };
    enum class FrameKind : u8 {
        kNode,      // evaluates `node`
        kCommand,   // runs the words above `words` as a command
        kFunction,  // a function's body is above it
        kScript,    // reads and evaluates `script`
    };
    /// A builtin that waits for the command it asked for.
    struct Continuation {
        const Builtin* row;
        BuiltinFunction after;
        Call::Scratch scratch;
    };
    struct Frame {
        FrameKind kind = FrameKind::kNode;
        u8 step = 0;
        bool checked = true;  // flag e looks at what fails here
        const Node* node = nullptr;
        const Node* at = nullptr;  // the child it is at
        u32 words = 0;             // heights of the other stacks when it began
        u32 redirections = 0;
        u32 locals = 0;
        u32 pids = 0;
        u32 middle = 0;          // the frame's own: a height or index
        Fd fd = kNoFd;           // the frame's own; closed when it goes
        Ref<Program> program{};  // keeps `node` in memory
        Owned<Script> script{};
        Owned<Continuation> continuation{};
        Frame* below = nullptr;
    };

    // The machine: evaluator.cc.
    void drive();
    Result<void> step(Frame& frame);
    Result<void> step_node(Frame& frame);
    Result<void> step_script(Frame& frame);
    Result<void> stop_reading(Frame& frame, Error error);
    Result<Frame*> push_frame(FrameKind kind, const Node* node, Ref<Program> program);
    Result<void> enter(Frame& from, u8 next_step, const Node* node);
    Result<void> enter_unchecked(Frame& from, u8 next_step, const Node* node);
    Result<void> become(Frame& frame, const Node* node);
    Result<void> leave(Frame& frame);
    Result<void> leave_words(Frame& frame);
    void drop_frame();
    void unwind_to(usize size);
    void recover(Error error);
    void report_at(const Origin* origin, u32 line, std::string_view text);
    bool unwind_to_prompt();
    void check(const Frame& frame);
    Result<void> take_notes();
    Result<void> handle_note(std::string_view note);
    Result<void> call_function(const Function& function, Ref<List> arguments);
    Result<void> call_handler(const Function& function);
    template <class... Args>
    Error complain(FormatString<std::type_identity_t<Args>...> format, const Args&... args) {
        FixedString<256> text;
        text.format(format, args...);
        report(text);
        return Error::kGeneric;
    }

    // Commands: eval_command.cc.
    Result<void> eval_sequence(Frame& frame);
    Result<void> eval_logic(Frame& frame);
    Result<void> eval_not(Frame& frame);
    Result<void> eval_if(Frame& frame);
    Result<void> eval_while(Frame& frame);
    Result<void> eval_for(Frame& frame);
    Result<void> eval_switch(Frame& frame);
    Result<void> eval_function(Frame& frame);
    Result<void> eval_match(Frame& frame);
    Result<void> eval_assign(Frame& frame);
    Result<void> eval_redirect(Frame& frame);
    Result<void> assign(std::string_view name, Ref<List> value);
    bool matches_any(u32 from, std::string_view subject) const;
    Result<void> open_target(const Node& redirection, std::string_view path);
    Result<Fd> open_file(RedirectForm form, std::string_view path);
    Result<void> substitute(std::string_view document, TextBuffer& text);
    Result<void> open_document(const Node& redirection);

    // Simple commands: eval_simple.cc.
    Result<void> eval_simple(Frame& frame);
    Result<void> dispatch(Frame& frame);
    Result<void> run_builtin(Frame& frame, const Builtin& row);
    Result<void> finish_builtin(Frame& frame, Call& call, const Builtin& row, Result<void> outcome);
    Result<void> continue_builtin(Frame& frame);
    Result<void> run_program(Frame& frame);
    void report_program(std::string_view name, Error error, std::string_view file);
    void print_command(const Frame& frame);
    Result<std::span<const std::string_view>> arguments(u32 from);

    // Processes: eval_process.cc.
    Result<void> eval_pipeline(Frame& frame);
    Result<void> eval_background(Frame& frame);
    Result<void> eval_subshell(Frame& frame);
    Result<void> eval_backquote(Frame& frame);
    Result<void> eval_pipe_name(Frame& frame);
    Result<void> capture(Frame& frame, std::string_view separators);
    Result<void> split(std::string_view text, std::string_view separators);
    Result<u64> spawn(Frame& frame, const Node* node, Job::Kind kind, std::span<const FdMap> maps);
    Result<void> start_stage(Frame& frame, const Node* command, const Node* before,
                             const Node& pipe);
    Result<void> finish_pipeline(Frame& frame);
    void set_pipeline_status(std::string_view text);
    Result<void> read_all(Fd fd, TextBuffer& text);
    Result<void> spawn_writer(std::string_view text, Fd pipe);

    // Words: eval_word.cc.
    Result<bool> push_plain(const Node& node);
    Result<void> eval_words(Frame& frame);
    Result<void> eval_concat(Frame& frame);
    Result<void> eval_variable(Frame& frame);
    Result<void> concatenate(u32 left, u32 right);
    Result<Item> join_items(const Item& left, const Item& right);
    Result<void> push_variable(std::string_view name);
    Result<void> push_subscripts(std::string_view name, u32 from);
    Result<void> push_word(std::string_view text);
    Result<void> join_values(std::string_view name);
    Result<void> glob(u32 from);
    Result<void> plain(u32 from);
    Result<std::string_view> singleton(u32 from, std::string_view what);
    Result<void> join_words(u32 from, TextBuffer& joined) const;
    Result<Ref<List>> make_list(u32 from, u32 to);
    void drop_words(u32 size) { words_.truncate(size); }
    u32 height() const { return static_cast<u32>(words_.size()); }

    Host& host_;
    Memory& memory_;
    Interpreter& shell_;
    Environment environment_;
    Redirections redirections_;
    Children children_;
    Stack<Frame> frames_;
    Frame* top_ = nullptr;  // frames_.top()
    Vector<Item> words_;
    Vector<u64> pids_;  // of pipelines being run
    Vector<std::string_view> argv_;
    Output out_;
    Output err_;
    StatusText status_;
    u64 flags_ = 0;
    bool exiting_ = false;
    bool is_job_ = false;
    bool if_failed_ = false;  // what `if not` asks
    bool finished_ = false;
};

}  // namespace kernel::shell::rc
