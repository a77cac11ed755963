// What runs in other processes: pipelines, `&`, `@`, backquotes, `<{...}`.
#include "shell/rc/evaluator.h"
#include "shell/rc/job.h"
#include "shell/rc/rune.h"

namespace kernel::shell::rc {

/// Starts a job for `node` with the redirections at hand and `maps`.
Result<u64> Evaluator::spawn(Frame& frame, const Node* node, Job::Kind kind,
                             std::span<const FdMap> maps) {
    TRY(environment_.export_changes(host_));
    Owned<Job> job = TRY(Job::create(*this, kind, frame.program, node));
    const u64 pid = TRY(host_.spawn(job, TRY(redirections_.flatten(maps))));
    TRY(children_.add(pid));
    return pid;
}

/// Starts a process that writes `text` to `pipe` and ends. Nobody waits for it.
Result<void> Evaluator::spawn_writer(std::string_view text, Fd pipe) {
    Owned<Job> job = TRY(Job::create_writer(memory_, TRY(Word::create(memory_, text))));
    const FdMap map{1, pipe};
    (void)TRY(host_.spawn(job, TRY(redirections_.flatten({&map, 1}))));  // ignored: not waited for
    return {};
}

// Pipelines.

/// Every stage but the last is a job; the last one is evaluated here. frame.fd is the pipe from the
/// stage before.
Result<void> Evaluator::eval_pipeline(Frame& frame) {
    if (frame.step == 1) return finish_pipeline(frame);
    const Node* command = frame.node->child;
    const Node* before = nullptr;  // the pipe in front of `command`
    for (const Node* pipe = command->next; pipe != nullptr; pipe = command->next) {
        TRY(start_stage(frame, command, before, *pipe));
        before = pipe;
        command = pipe->next;
    }
    TRY(redirections_.push_open(before->other, std::exchange(frame.fd, kNoFd)));
    return enter(frame, 1, command);
}

Result<void> Evaluator::start_stage(Frame& frame, const Node* command, const Node* before,
                                    const Node& pipe) {
    TRY(pids_.reserve(pids_.size() + 1));
    const PipeEnds ends = TRY(host_.pipe());
    const FdMap maps[] = {
        {pipe.fd, ends.write},
        {before == nullptr ? pipe.fd : before->other, before == nullptr ? ends.write : frame.fd}};
    const Result<u64> pid = spawn(frame, command, Job::Kind::kForeground, maps);
    host_.close(ends.write);
    if (frame.fd != kNoFd) host_.close(frame.fd);
    frame.fd = ends.read;
    if (!pid.ok()) return pid.error();
    return pids_.push(pid.value());
}

/// The last stage is done: its status comes last, behind those of the others.
Result<void> Evaluator::finish_pipeline(Frame& frame) {
    // The reader is gone: who still writes learns of it.
    redirections_.truncate(frame.redirections);
    const StatusText last = status_;
    TextBuffer all(memory_);
    for (usize i = frame.pids; i < pids_.size(); ++i) {
        StatusText one;
        TRY(children_.wait(pids_[i], one));
        all.write(one);
        all.put('|');
    }
    all.write(last);
    set_pipeline_status(TRY(all.text()));
    return leave(frame);
}

/// A status too long for its place must not lose the failure that is in it.
void Evaluator::set_pipeline_status(std::string_view text) {
    const usize failure = text.find_first_not_of("|0");
    const bool cut_off = failure != std::string_view::npos && failure >= StatusText::kCapacity;
    status_.assign(cut_off ? text.substr(failure) : text);
}

// Jobs.

Result<void> Evaluator::eval_background(Frame& frame) {
    // A background command must not take the terminal's input away.
    const Result<Fd> null = host_.open("/dev/null", OpenMode::kRead);
    const FdMap map{0, null.ok() ? null.value() : kNoFd};
    const Result<u64> pid = spawn(frame, frame.node->child, Job::Kind::kBackground, {&map, 1});
    if (null.ok()) host_.close(null.value());
    if (!pid.ok()) return pid.error();
    std::array<char, 24> digits;
    const std::string_view texts[] = {format_into(digits, "{}", pid.value())};
    TRY(environment_.assign("apid", TRY(List::create(memory_, texts))));
    return leave(frame);
}

Result<void> Evaluator::eval_subshell(Frame& frame) {
    const u64 pid = TRY(spawn(frame, frame.node->child, Job::Kind::kForeground, {}));
    TRY(children_.wait(pid, status_));
    check(frame);
    return leave(frame);
}

// Words made by commands.

/// `` `{...} ``: the separators first, if there are any.
Result<void> Evaluator::eval_backquote(Frame& frame) {
    const Node* separators = frame.node->second();
    if (separators == nullptr) {
        TRY(capture(frame, first_value("ifs")));
        return leave_words(frame);
    }
    if (frame.step == 0) return enter(frame, 1, separators);
    TRY(plain(frame.words));
    TextBuffer text(memory_);
    for (u32 i = frame.words; i < height(); ++i) text.write(words_[i].word->text());
    drop_words(frame.words);
    TRY(capture(frame, TRY(text.text())));
    return leave_words(frame);
}

/// Pushes the words that the frame's command writes.
Result<void> Evaluator::capture(Frame& frame, std::string_view separators) {
    const PipeEnds ends = TRY(host_.pipe());
    frame.fd = ends.read;
    const FdMap map{1, ends.write};
    const Result<u64> pid = spawn(frame, frame.node->child, Job::Kind::kForeground, {&map, 1});
    host_.close(ends.write);
    if (!pid.ok()) return pid.error();
    TextBuffer text(memory_);
    const Result<void> read = read_all(ends.read, text);
    host_.close(std::exchange(frame.fd, kNoFd));
    TRY(children_.wait(pid.value(), status_));
    TRY(read);
    return split(TRY(text.text()), separators);
}

Result<void> Evaluator::read_all(Fd fd, TextBuffer& text) {
    std::array<char, 256> buffer;
    for (;;) {
        const Result<usize> count = host_.read(fd, std::as_writable_bytes(std::span(buffer)));
        // A note ends the reading, not the shell: what is to be done about it comes later.
        if (!count.ok() && count.error() == Error::kInterrupted && !host_.ending()) return {};
        if (!count.ok()) return count.error();
        if (count.value() == 0) return {};
        text.write({buffer.data(), count.value()});
        if (text.failed()) return Error::kNoMemory;
    }
}

/// Pushes the runs of `text` that have no rune of `separators`.
Result<void> Evaluator::split(std::string_view text, std::string_view separators) {
    const auto is_separator = [separators](Rune rune) {
        for (std::string_view rest = separators; !rest.empty();) {
            const DecodedRune at = decode_rune(rest);
            if (at.rune == rune) return true;
            rest.remove_prefix(at.size);
        }
        return false;
    };
    usize start = 0;
    for (usize i = 0; i <= text.size();) {
        const DecodedRune at = i < text.size() ? decode_rune(text.substr(i)) : DecodedRune{0, 1};
        if (i == text.size() || is_separator(at.rune)) {
            if (i > start) TRY(push_word(text.substr(start, i - start)));
            start = i + at.size;
        }
        i += at.size;
    }
    return {};
}

/// `<{...}` and `>{...}`: the name of a pipe to or from the command. The command that gets the name
/// also gets the pipe, under the number it has here.
Result<void> Evaluator::eval_pipe_name(Frame& frame) {
    const bool reads = frame.node->form == RedirectForm::kRead;
    const PipeEnds ends = TRY(host_.pipe());
    const Fd ours = reads ? ends.read : ends.write;
    const Fd theirs = reads ? ends.write : ends.read;
    const FdMap map{reads ? 1 : 0, theirs};
    const Result<u64> pid = spawn(frame, frame.node->child, Job::Kind::kForeground, {&map, 1});
    host_.close(theirs);
    TRY(redirections_.push_open(ours, ours));
    if (!pid.ok()) return pid.error();
    std::array<char, 64> buffer;
    TRY(push_word(host_.fd_name(ours, buffer)));
    return leave_words(frame);
}

}  // namespace kernel::shell::rc
