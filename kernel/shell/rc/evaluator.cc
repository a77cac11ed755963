// The evaluator's machine: frames, errors, notes, scripts.
#include "shell/rc/evaluator.h"

#include "shell/rc/parser.h"
#include "shell/rc/signals.h"

namespace kernel::shell::rc {
namespace {

constexpr Fd kDiagnostics = 2;

u64 flag_bit(char letter) {
    const auto c = static_cast<u8>(letter);
    if (c >= 'a' && c <= 'z') return u64{1} << (c - 'a');
    if (c >= 'A' && c <= 'Z') return u64{1} << (c - 'A' + 26);
    return 0;
}

}  // namespace

Evaluator::Evaluator(Host& host, Interpreter& shell)
    : host_(host),
      memory_(host.memory()),
      shell_(shell),
      environment_(memory_),
      redirections_(host),
      children_(host),
      frames_(memory_),
      words_(memory_),
      pids_(memory_),
      argv_(memory_),
      out_(host),
      err_(host) {}

Evaluator::~Evaluator() { unwind_to(0); }

bool Evaluator::succeeded() const {
    // A pipeline of which every stage was successful; and the numbers of other systems.
    return status_.view().find_first_not_of("|0") == std::string_view::npos;
}

bool Evaluator::flag(char letter) const { return (flags_ & flag_bit(letter)) != 0; }

void Evaluator::set_flag(char letter, bool on) {
    flags_ = on ? flags_ | flag_bit(letter) : flags_ & ~flag_bit(letter);
}

std::string_view Evaluator::first_value(std::string_view name) const {
    const List* value = environment_.find(name);
    return value == nullptr || value->size() == 0 ? std::string_view() : value->words()[0]->text();
}

// Running.

void Evaluator::run_script(Owned<Script> script) {
    exiting_ = false;
    const Result<void> begun = begin_script(std::move(script), nullptr, nullptr);
    if (!begun.ok()) return recover(begun.error());
    drive();
}

void Evaluator::run_as_job(Ref<Program> program, const Node* node) {
    is_job_ = true;
    const Result<Frame*> frame = push_frame(FrameKind::kNode, node, std::move(program));
    if (!frame.ok()) return recover(frame.error());
    drive();
}

void Evaluator::finish() {
    const Function* function = environment_.find_function("sigexit");
    if (function == nullptr || std::exchange(finished_, true)) return;
    exiting_ = false;
    const StatusText status = status_;
    const Result<void> called = call_function(*function, nullptr);
    if (!called.ok()) return recover(called.error());
    drive();
    // What the function does for itself does not change how the shell ends, unless it says so.
    if (!exiting_) status_ = status;
}

Result<void> Evaluator::import_function(std::string_view text) {
    TextSource source(text);
    Input input(source);
    const Origin origin;
    bool follows_if = false;
    Owned<Parser> parser(memory_, make<Parser>(memory_, memory_, input, origin, follows_if));
    if (!parser) return Error::kNoMemory;
    if (TRY(parser->parse()) != Parser::Outcome::kCommand) return Error::kBadArg;
    Ref<Program> program = parser->take_program();
    const Node* definition = program->root()->child;
    const bool alone = definition != nullptr && definition->type == NodeType::kFunction &&
                       definition->next == nullptr && definition->second() != nullptr;
    if (!alone) return Error::kBadArg;
    const Node* name = definition->child->child;
    if (name->type != NodeType::kWord || name->next != nullptr) return Error::kBadArg;
    return environment_.import_function(name->text, program, definition->second());
}

void Evaluator::drive() {
    while (!frames_.empty()) {
        if (host_.ending()) exiting_ = true;
        if (exiting_) return unwind_to(0);
        Result<void> outcome = take_notes();
        if (outcome.ok() && !frames_.empty() && !exiting_) outcome = step(frames_.top());
        if (!outcome.ok()) recover(outcome.error());
    }
}

Result<void> Evaluator::step(Frame& frame) {
    switch (frame.kind) {
        case FrameKind::kNode:
            return step_node(frame);
        case FrameKind::kCommand:
            return frame.step == 0 ? dispatch(frame) : eval_simple(frame);
        case FrameKind::kFunction:
            return leave(frame);
        case FrameKind::kScript:
            return step_script(frame);
    }
    PANIC("rc: no frame {}", frame.kind);
}

Result<void> Evaluator::step_node(Frame& frame) {
    switch (frame.node->type) {
        case NodeType::kEmpty:
            return leave(frame);
        case NodeType::kSequence:
            return eval_sequence(frame);
        case NodeType::kBlock:
            return become(frame, frame.node->child);
        case NodeType::kBackground:
            return eval_background(frame);
        case NodeType::kSimple:
            return eval_simple(frame);
        case NodeType::kAssign:
        case NodeType::kLocal:
            return eval_assign(frame);
        case NodeType::kRedirect:
            return eval_redirect(frame);
        case NodeType::kPipeline:
            return eval_pipeline(frame);
        case NodeType::kLogic:
            return eval_logic(frame);
        case NodeType::kNot:
            return eval_not(frame);
        case NodeType::kSubshell:
            return eval_subshell(frame);
        case NodeType::kIf:
            return eval_if(frame);
        case NodeType::kIfNot:
            return if_failed_ ? become(frame, frame.node->child) : leave(frame);
        case NodeType::kWhile:
            return eval_while(frame);
        case NodeType::kFor:
            return eval_for(frame);
        case NodeType::kSwitch:
            return eval_switch(frame);
        case NodeType::kFunction:
            return eval_function(frame);
        case NodeType::kMatch:
            return eval_match(frame);
        case NodeType::kWord:
        case NodeType::kWords:
            return eval_words(frame);
        case NodeType::kConcat:
            return eval_concat(frame);
        case NodeType::kVariable:
        case NodeType::kSubscript:
        case NodeType::kCount:
        case NodeType::kJoin:
            return eval_variable(frame);
        case NodeType::kBackquote:
            return eval_backquote(frame);
        case NodeType::kPipeName:
            return eval_pipe_name(frame);
        case NodeType::kCase:
        case NodeType::kPipe:
        case NodeType::kAnd:
        case NodeType::kOr:
        case NodeType::kRedirection:
            break;  // looked at by their parents
    }
    PANIC("rc: no evaluation of node {}", frame.node->type);
}

// Frames.

Result<Evaluator::Frame*> Evaluator::push_frame(FrameKind kind, const Node* node,
                                                Ref<Program> program) {
    if (frames_.size() >= kMaxDepth) return complain("too deeply nested");
    Frame* below = frames_.empty() ? nullptr : &frames_.top();
    return frames_.push(Frame{.kind = kind,
                              .node = node,
                              .words = height(),
                              .redirections = static_cast<u32>(redirections_.size()),
                              .locals = static_cast<u32>(environment_.locals()),
                              .pids = static_cast<u32>(pids_.size()),
                              .program = std::move(program),
                              .below = below});
}

/// Evaluates `node` next, then goes on in `from` at `next_step`.
Result<void> Evaluator::enter(Frame& from, u8 next_step, const Node* node) {
    from.step = next_step;
    Frame* frame = TRY(push_frame(FrameKind::kNode, node, from.program));
    frame->checked = from.checked;
    return {};
}

/// As enter(), where a failure is an answer: flag e does not end the shell for it.
Result<void> Evaluator::enter_unchecked(Frame& from, u8 next_step, const Node* node) {
    TRY(enter(from, next_step, node));
    frames_.top().checked = false;
    return {};
}

/// Evaluates `node` in place of the frame's own: nothing is left to do here but to clean up.
Result<void> Evaluator::become(Frame& frame, const Node* node) {
    drop_words(frame.words);
    frame.node = node;
    frame.at = nullptr;
    frame.step = 0;
    return {};
}

/// Ends a command.
Result<void> Evaluator::leave(Frame& frame) {
    drop_words(frame.words);
    drop_frame();
    return {};
}

/// Ends a word, whose values stay on the stack.
Result<void> Evaluator::leave_words(Frame& frame) {
    // What was opened to make the words is for the command they belong to.
    if (frame.below != nullptr) frame.redirections = static_cast<u32>(redirections_.size());
    drop_frame();
    return {};
}

void Evaluator::drop_frame() {
    Frame& frame = frames_.top();
    if (frame.fd != kNoFd) host_.close(frame.fd);
    redirections_.truncate(frame.redirections);
    environment_.pop_locals(frame.locals);
    pids_.truncate(frame.pids);
    frames_.pop();
}

void Evaluator::unwind_to(usize size) {
    while (frames_.size() > size) {
        drop_words(frames_.top().words);
        drop_frame();
    }
}

/// Back to the prompt, if there is one.
bool Evaluator::unwind_to_prompt() {
    while (!frames_.empty()) {
        const Frame& frame = frames_.top();
        if (frame.kind == FrameKind::kScript && frame.script->interactive()) return true;
        unwind_to(frames_.size() - 1);
    }
    return false;
}

// Failure.

void Evaluator::report_at(const Origin* origin, u32 line, std::string_view text) {
    // The command at hand may have sent its descriptor 2 elsewhere; that is where rc's words about
    // it go, too.
    (void)err_.flush();  // ignored: there is nowhere to report it
    err_.attach(redirections_.resolve(kDiagnostics));
    err_.write("rc: ");
    if (origin != nullptr && origin->numbered) {
        if (origin->name) {
            format_to(err_, "{}:{}: ", origin->name->text(), line);
        } else {
            format_to(err_, "line {}: ", line);
        }
    }
    format_to(err_, "{}\n", text);
    (void)err_.flush();  // ignored: as above
}

void Evaluator::report(std::string_view text) {
    const Frame* frame = frames_.empty() ? nullptr : &frames_.top();
    while (frame != nullptr && !frame->program) frame = frame->below;
    if (frame == nullptr) return report_at(nullptr, 0, text);
    report_at(&frame->program->origin(), frame->node->line, text);
}

void Evaluator::set_failure(Error error, std::string_view said) {
    std::string_view detail = host_.error_detail(error);
    constexpr usize kQuotes = std::string_view(": ''").size();
    if (detail.size() == said.size() + kQuotes && detail.substr(kQuotes - 1).starts_with(said)) {
        detail = {};
    }
    status_.format("{}{}", error, detail);
}

void Evaluator::report_failure(std::string_view who, std::string_view what) {
    FixedString<256> text;
    text.format("{}{}: {}", who, what, status_.view());
    report(text);
}

/// Ends the command for an error: back to the prompt, or out of the shell.
void Evaluator::recover(Error error) {
    if (error == Error::kNoMemory) {
        report("out of memory");
    } else if (error != Error::kGeneric && !host_.ending()) {
        report(error_text(error));
    }
    status_.assign("error");
    if (!unwind_to_prompt()) exiting_ = true;
}

/// Under flag e, a command that failed ends the shell.
void Evaluator::check(const Frame& frame) {
    if (frame.checked && flag('e') && !succeeded()) exiting_ = true;
}

// Notes.

Result<void> Evaluator::take_notes() {
    StatusText note;
    while (children_.take_note(note)) TRY(handle_note(note));
    return {};
}

Result<void> Evaluator::handle_note(std::string_view note) {
    const std::string_view name = signal_function(note);
    const Function* function = name.empty() ? nullptr : environment_.find_function(name);
    if (function != nullptr) return call_handler(*function);
    status_.assign(note);
    const bool interrupt = name == "sigint";
    if (!interrupt || !unwind_to_prompt()) exiting_ = true;
    return {};
}

/// A note comes at any time; its handler has nothing to do with the redirections of what it
/// interrupts.
Result<void> Evaluator::call_handler(const Function& function) {
    Frame* frame = TRY(push_frame(FrameKind::kFunction, function.body, function.program));
    TRY(redirections_.push_none());
    return enter(*frame, 1, function.body);
}

// Functions and scripts.

Result<void> Evaluator::call_function(const Function& function, Ref<List> arguments) {
    Ref<Program> program = function.program;
    const Node* body = function.body;
    Frame* frame = TRY(push_frame(FrameKind::kFunction, body, std::move(program)));
    if (arguments) TRY(environment_.push_local("*", std::move(arguments)));
    return enter(*frame, 1, body);
}

Result<void> Evaluator::begin_script(Owned<Script> script, Ref<List> arguments, Ref<Word> zero) {
    if (!script) return Error::kNoMemory;
    Frame* frame = TRY(push_frame(FrameKind::kScript, nullptr, nullptr));
    frame->script = std::move(script);
    if (arguments) TRY(environment_.push_local("*", std::move(arguments)));
    if (zero) {
        const Ref<Word> words[] = {std::move(zero)};
        TRY(environment_.push_local("0", TRY(List::create(memory_, words))));
    }
    return {};
}

Result<void> Evaluator::step_script(Frame& frame) {
    Script& script = *frame.script;
    drop_words(frame.words);
    if (script.interactive()) {
        if (flag('s') && !succeeded()) report(status_);
        const List* prompt = environment_.find("prompt");
        const usize count = prompt == nullptr ? 0 : prompt->size();
        script.input().begin_command(count > 0 ? prompt->words()[0]->text() : std::string_view(),
                                     count > 1 ? prompt->words()[1]->text() : std::string_view());
    }
    Owned<Parser> parser(memory_, make<Parser>(memory_, memory_, script.input(), script.origin(),
                                               script.follows_if()));
    const Result<Parser::Outcome> outcome =
        parser ? parser->parse() : Result<Parser::Outcome>(Error::kNoMemory);
    if (!outcome.ok()) return stop_reading(frame, outcome.error());
    switch (outcome.value()) {
        case Parser::Outcome::kEnd:
            return leave(frame);
        case Parser::Outcome::kCommand: {
            Ref<Program> program = parser->take_program();
            const Node* root = program->root();
            (void)TRY(push_frame(FrameKind::kNode, root, std::move(program)));  // ignored: on top
            return {};
        }
        case Parser::Outcome::kSyntaxError:
            break;
    }
    report_at(&script.origin(), parser->error_line(), parser->message());
    status_.assign("syntax error");
    if (!script.interactive()) return leave(frame);
    return script.input().skip_line();
}

/// A script's text could not be read or kept.
Result<void> Evaluator::stop_reading(Frame& frame, Error error) {
    if (!frame.script->interactive()) return error;
    frame.script->input().discard();
    if (error == Error::kInterrupted) {
        // The person gave the line up.
        status_.assign("interrupt");
        return {};
    }
    if (error == Error::kNoMemory) return error;
    // A terminal that cannot be read has no more to say.
    report(error_text(error));
    status_.assign(error_text(error));
    return leave(frame);
}

}  // namespace kernel::shell::rc
