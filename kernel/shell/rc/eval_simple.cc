// Simple commands: words, then a function, a builtin or a program.
#include "base/text.h"
#include "shell/rc/evaluator.h"

namespace kernel::shell::rc {
namespace {

// Steps of a frame that runs a command.
enum : u8 { kDispatch, kWordsReady, kDone, kContinue };

/// Names that mean a file without looking for it in $path.
bool is_path(std::string_view name) {
    return name.starts_with('/') || name.starts_with('#') || name.starts_with("./") ||
           name.starts_with("../") || name == "." || name == "..";
}

}  // namespace

/// First all words, then the command; then, for flag e, its outcome.
Result<void> Evaluator::eval_simple(Frame& frame) {
    switch (frame.step) {
        case kDispatch:
            frame.at = frame.node->child;
            frame.step = kWordsReady;
            break;
        case kWordsReady:
            break;
        case kDone:
            check(frame);
            return leave(frame);
        case kContinue:
            return continue_builtin(frame);
    }
    while (frame.at != nullptr) {
        const Node* child = std::exchange(frame.at, frame.at->next);
        if (!TRY(push_plain(*child))) return enter(frame, kWordsReady, child);
    }
    TRY(glob(frame.words));
    if (flag('x')) print_command(frame);
    return dispatch(frame);
}

/// Runs the words from frame.words on.
Result<void> Evaluator::dispatch(Frame& frame) {
    frame.step = kDone;
    frame.middle = frame.words;
    if (height() == frame.words) return complain("empty argument list");
    if (words_[frame.words].word->text() == "builtin") {
        while (frame.middle < height() && words_[frame.middle].word->text() == "builtin") {
            ++frame.middle;
        }
        if (frame.middle == height()) return complain("empty argument list");
    }
    const std::string_view name = words_[frame.middle].word->text();
    const Function* function =
        frame.middle == frame.words ? environment_.find_function(name) : nullptr;
    if (function != nullptr) {
        Ref<List> arguments = TRY(make_list(frame.words + 1, height()));
        drop_words(frame.words);
        return call_function(*function, std::move(arguments));
    }
    const Builtin* row = find_builtin(host_.builtins(), name);
    if (row != nullptr && row->function != nullptr) return run_builtin(frame, *row);
    return run_program(frame);
}

/// The words from `from` on as texts. Valid until the next call.
Result<std::span<const std::string_view>> Evaluator::arguments(u32 from) {
    argv_.truncate(0);
    TRY(argv_.reserve(height() - from));
    for (u32 i = from; i < height(); ++i) TRY(argv_.push(words_[i].word->text()));
    return std::span<const std::string_view>(argv_.items());
}

void Evaluator::print_command(const Frame& frame) {
    err_.attach(redirections_.resolve(2));
    for (u32 i = frame.words; i < height(); ++i) {
        if (i != frame.words) err_.write(" ");
        put_quoted(err_, words_[i].word->text());
    }
    err_.write("\n");
    (void)err_.flush();  // ignored: only a trace
}

// Builtins.

Result<void> Evaluator::run_builtin(Frame& frame, const Builtin& row) {
    const auto words = TRY(arguments(frame.middle));
    out_.attach(redirections_.resolve(1));
    err_.attach(redirections_.resolve(2));
    Call::Scratch scratch{};
    Call call(shell_, words, out_, err_, scratch);
    const Result<void> outcome = row.function(call);
    return finish_builtin(frame, call, row, outcome);
}

/// The command that a builtin asked for has ended: the builtin's second part.
Result<void> Evaluator::continue_builtin(Frame& frame) {
    frame.step = kDone;
    Owned<Continuation> continuation = std::move(frame.continuation);
    const auto words = TRY(arguments(frame.middle));
    out_.attach(redirections_.resolve(1));
    err_.attach(redirections_.resolve(2));
    Call call(shell_, words, out_, err_, continuation->scratch);
    call.keep_status();
    const Result<void> outcome = continuation->after(call);
    return finish_builtin(frame, call, *continuation->row, outcome);
}

Result<void> Evaluator::finish_builtin(Frame& frame, Call& call, const Builtin& row,
                                       Result<void> outcome) {
    if (call.handed_on_) return run_program(frame);
    // Output that could not be written fails the command, unless it failed already, or has said so.
    // What failed before this may have other calls behind it, whose detail is not its.
    const bool fails_here = outcome.ok() && !out_.failed();
    const Result<void> written = out_.flush();
    if (outcome.ok() && !written.ok() &&
        !call.status_.view().starts_with(error_text(written.error()))) {
        outcome = written;
    }
    if (!outcome.ok()) {
        if (outcome.error() == Error::kGeneric) return outcome;
        status_.assign(error_text(outcome.error()));
        if (fails_here) set_failure(outcome.error());
        format_to(err_, "{}: {}\n", row.name, status_.view());
    } else if (call.status_set_) {
        status_.assign(call.status_);
    } else if (!call.keeps_status_) {
        status_.clear();
    }
    (void)err_.flush();  // ignored: there is nowhere to report it
    if (call.after_ == nullptr || !outcome.ok()) return {};
    frame.continuation =
        Owned<Continuation>(memory_, make<Continuation>(memory_, &row, call.after_, call.scratch_));
    if (!frame.continuation) return Error::kNoMemory;
    // The words to run are the last ones of this frame; the command has copies above them.
    const u32 count = static_cast<u32>(call.run_words_.size());
    const u32 first = height() - count;
    frame.step = kContinue;
    Frame* command = TRY(push_frame(FrameKind::kCommand, frame.node, frame.program));
    command->checked = false;
    for (u32 i = 0; i < count; ++i) TRY(words_.push(Item{words_[first + i].word}));
    return {};
}

// Programs.

Result<bool> Evaluator::find_program(std::string_view name, TextBuffer& file) {
    file.clear();
    if (is_path(name)) {
        file.write(name);
        (void)TRY(file.text());  // ignored: the caller looks
        return true;
    }
    const List* path = environment_.find("path");
    const std::span<const Ref<Word>> directories =
        path == nullptr ? std::span<const Ref<Word>>() : path->words();
    for (const Ref<Word>& directory : directories) {
        file.clear();
        if (!directory->text().empty() && directory->text() != ".") {
            format_to(file, "{}/", directory->text());
        }
        file.write(name);
        if (host_.is_executable(TRY(file.text()))) return true;
    }
    return false;
}

/// Starts the program that the words from frame.middle on name, and waits for it. As the last act
/// of a job it takes the job's place.
Result<void> Evaluator::run_program(Frame& frame) {
    const auto words = TRY(arguments(frame.middle));
    if (is_job_ && frame.below == nullptr && environment_.find_function("sigexit") == nullptr) {
        return replace(words);
    }
    TextBuffer file(memory_);
    Error error = Error::kNotExist;
    std::string_view found;
    if (TRY(find_program(words[0], file))) {
        TRY(environment_.export_changes(host_));
        const Result<u64> pid = host_.start(file.view(), words, TRY(redirections_.flatten()));
        if (pid.ok()) {
            TRY(children_.add(pid.value()));
            return children_.wait(pid.value(), status_);
        }
        error = pid.error();
        found = file.view();
    }
    report_program(words[0], error, found);
    return {};
}

/// `file`: what could not be run; empty if there is no such program.
void Evaluator::report_program(std::string_view name, Error error, std::string_view file) {
    status_.assign(error_text(error));
    if (!file.empty()) set_failure(error, file);
    report_failure(name, {});
}

Result<void> Evaluator::replace(std::span<const std::string_view> argv) {
    TextBuffer file(memory_);
    Error error = Error::kNotExist;
    std::string_view found;
    if (TRY(find_program(argv[0], file))) {
        TRY(environment_.export_changes(host_));
        const Result<void> done =
            host_.exec(file.view(), argv, TRY(redirections_.flatten()), status_);
        if (done.ok()) {
            exiting_ = finished_ = true;
            return {};
        }
        error = done.error();
        found = file.view();
    }
    report_program(argv[0], error, found);
    return {};
}

}  // namespace kernel::shell::rc
