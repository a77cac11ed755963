// Commands made of commands, assignments, functions, redirections.
#include "shell/rc/evaluator.h"
#include "shell/rc/pattern.h"

namespace kernel::shell::rc {

Result<void> Evaluator::eval_sequence(Frame& frame) {
    if (frame.step == 0) {
        frame.step = 1;
        frame.at = frame.node->child;
    }
    if (frame.at == nullptr) return leave(frame);
    const Node* child = std::exchange(frame.at, frame.at->next);
    return frame.at == nullptr ? become(frame, child) : enter(frame, 1, child);
}

Result<void> Evaluator::eval_logic(Frame& frame) {
    if (frame.step == 0) {
        frame.at = frame.node->child;
        return enter_unchecked(frame, 1, frame.at);
    }
    // frame.at is the command that was evaluated last, or skipped; an operator follows, or nothing.
    for (;;) {
        const Node* op = frame.at->next;
        if (op == nullptr) return leave(frame);
        frame.at = op->next;
        if ((op->type == NodeType::kAnd) != succeeded()) continue;
        if (frame.at->next == nullptr) return become(frame, frame.at);
        return enter_unchecked(frame, 1, frame.at);
    }
}

Result<void> Evaluator::eval_not(Frame& frame) {
    if (frame.step == 0) return enter_unchecked(frame, 1, frame.node->child);
    status_.assign(succeeded() ? "false" : "");
    return leave(frame);
}

Result<void> Evaluator::eval_if(Frame& frame) {
    switch (frame.step) {
        case 0:
            return enter_unchecked(frame, 1, frame.node->child);
        case 1:
            if_failed_ = true;
            if (!succeeded()) return leave(frame);
            return enter(frame, 2, frame.node->second());
        default:
            // Whatever the command itself asked and answered.
            if_failed_ = false;
            return leave(frame);
    }
}

Result<void> Evaluator::eval_while(Frame& frame) {
    if (frame.step == 0) {
        const Node* condition = frame.node->child;
        if (condition->child == nullptr) status_.clear();
        return enter_unchecked(frame, 1, condition);
    }
    if (!succeeded()) return leave(frame);
    return enter(frame, 0, frame.node->second());
}

/// The values wait at frame.words, the next one at frame.middle.
Result<void> Evaluator::eval_for(Frame& frame) {
    const Node* name = frame.node->child;
    const Node* words = frame.node->second();
    switch (frame.step) {
        case 0:
            if (words->type == NodeType::kWords) return enter(frame, 1, words);
            TRY(push_variable("*"));
            frame.step = 1;
            return {};
        case 1:
            TRY(glob(frame.words));
            frame.middle = height();
            return enter(frame, 2, name);
        case 2: {
            TRY(plain(frame.middle));
            TRY(environment_.push_local(TRY(singleton(frame.middle, "variable name")), nullptr));
            drop_words(frame.middle);
            frame.middle = frame.words;
            frame.step = 3;
            return {};
        }
        default: {
            if (frame.middle == height()) return leave(frame);
            const u32 at = frame.middle++;
            environment_.set_top_local(TRY(make_list(at, at + 1)));
            return enter(frame, 3, frame.node->third());
        }
    }
}

/// The subject is at frame.words, as one word; patterns come and go above it.
Result<void> Evaluator::eval_switch(Frame& frame) {
    switch (frame.step) {
        case 0:
            return enter(frame, 1, frame.node->child);
        case 1: {
            TRY(plain(frame.words));
            TextBuffer subject(memory_);
            TRY(join_words(frame.words, subject));
            drop_words(frame.words);
            TRY(push_word(subject.view()));
            frame.at = frame.node->second();
            break;
        }
        default:
            if (matches_any(frame.words + 1, words_[frame.words].word->text())) {
                return become(frame, frame.at->second());
            }
            drop_words(frame.words + 1);
            frame.at = frame.at->next;
            break;
    }
    if (frame.at == nullptr) return leave(frame);
    return enter(frame, 2, frame.at->child);
}

/// Whether one of the words from `from` on, as a pattern, matches.
bool Evaluator::matches_any(u32 from, std::string_view subject) const {
    for (u32 i = from; i < words_.size(); ++i) {
        const std::string_view text = words_[i].word->text();
        if (words_[i].pattern ? matches(text, subject) : text == subject) return true;
    }
    return false;
}

/// `~`: the subject is at frame.words, the patterns at frame.middle.
Result<void> Evaluator::eval_match(Frame& frame) {
    switch (frame.step) {
        case 0:
            return enter(frame, 1, frame.node->child);
        case 1:
            TRY(plain(frame.words));
            frame.middle = height();
            return enter(frame, 2, frame.node->second());
        default: {
            TextBuffer subject(memory_);
            for (u32 i = frame.words; i < frame.middle; ++i) {
                if (i != frame.words) subject.put(' ');
                subject.write(words_[i].word->text());
            }
            const bool hit = matches_any(frame.middle, TRY(subject.text()));
            status_.assign(hit ? "" : "no match");
            check(frame);
            return leave(frame);
        }
    }
}

Result<void> Evaluator::eval_function(Frame& frame) {
    if (frame.step == 0) return enter(frame, 1, frame.node->child);
    TRY(plain(frame.words));
    const Node* body = frame.node->second();
    for (u32 i = frame.words; i < height(); ++i) {
        const std::string_view name = words_[i].word->text();
        if (body == nullptr) {
            TRY(environment_.remove_function(name));
        } else {
            TRY(environment_.define(name, frame.program, body));
        }
    }
    return leave(frame);
}

/// kAssign and kLocal: for each pair the value, then the name; frame.at is the pair's name.
Result<void> Evaluator::eval_assign(Frame& frame) {
    const bool local = frame.node->type == NodeType::kLocal;
    switch (frame.step) {
        case 0:
            if (frame.at == nullptr) frame.at = frame.node->child;
            return enter(frame, 1, frame.at->next);
        case 1:
            TRY(glob(frame.words));
            frame.middle = height();
            return enter(frame, 2, frame.at);
        default:
            break;
    }
    TRY(plain(frame.middle));
    const std::string_view name = TRY(singleton(frame.middle, "variable name"));
    Ref<List> value = TRY(make_list(frame.words, frame.middle));
    if (local) {
        TRY(environment_.push_local(name, std::move(value)));
        return become(frame, frame.node->third());
    }
    TRY(assign(name, std::move(value)));
    drop_words(frame.words);
    redirections_.truncate(frame.redirections);
    frame.at = frame.at->next->next;
    frame.step = 0;
    return frame.at == nullptr ? leave(frame) : Result<void>();
}

/// `status` is the evaluator's own: its first word counts.
Result<void> Evaluator::assign(std::string_view name, Ref<List> value) {
    if (name != "status") return environment_.assign(name, std::move(value));
    status_.assign(value->size() == 0 ? std::string_view() : value->words()[0]->text());
    return {};
}

// Redirections.

/// frame.at is the redirection at hand; when all are done, the frame becomes the command.
Result<void> Evaluator::eval_redirect(Frame& frame) {
    if (frame.step == 0) {
        frame.at = frame.node->child->next;
    } else {
        TRY(glob(frame.words));
        if (height() - frame.words != 1) return complain("redirection requires one file");
        TRY(open_target(*frame.at, words_[frame.words].word->text()));
        drop_words(frame.words);
        frame.at = frame.at->next;
    }
    for (; frame.at != nullptr; frame.at = frame.at->next) {
        const Node& redirection = *frame.at;
        switch (redirection.form) {
            case RedirectForm::kDup:
                TRY(redirections_.push_dup(redirection.fd, redirection.other));
                break;
            case RedirectForm::kClose:
                TRY(redirections_.push_close(redirection.fd));
                break;
            case RedirectForm::kHere:
                TRY(open_document(redirection));
                break;
            default:
                return enter(frame, 1, redirection.child);
        }
    }
    return become(frame, frame.node->child);
}

Result<void> Evaluator::open_target(const Node& redirection, std::string_view path) {
    const Result<Fd> opened = open_file(redirection.form, path);
    if (!opened.ok()) {
        if (opened.error() == Error::kNoMemory) return opened.error();
        set_failure(opened.error(), path);
        report_failure(path, ": can't open");
        return Error::kGeneric;
    }
    return redirections_.push_open(redirection.fd, opened.value());
}

Result<Fd> Evaluator::open_file(RedirectForm form, std::string_view path) {
    switch (form) {
        case RedirectForm::kRead:
            return host_.open(path, OpenMode::kRead);
        case RedirectForm::kReadWrite:
            return host_.open(path, OpenMode::kReadWrite);
        case RedirectForm::kAppend:
            return host_.append(path);
        default:
            return host_.create(path, OpenMode::kWrite);
    }
}

/// A document is read from a pipe; one that does not fit in it is written by a process.
Result<void> Evaluator::open_document(const Node& redirection) {
    TextBuffer text(memory_);
    if (redirection.child->quoted) {
        text.write(redirection.text);
    } else {
        TRY(substitute(redirection.text, text));
    }
    const std::string_view document = TRY(text.text());
    const PipeEnds ends = TRY(host_.pipe());
    Result<void> written = redirections_.push_open(redirection.fd, ends.read);
    if (!written.ok()) {
        // Nothing to write for.
    } else if (document.size() > kPipeRoom) {
        written = spawn_writer(document, ends.write);
    } else {
        out_.attach(ends.write);
        out_.write(document);
        written = out_.flush();
    }
    host_.close(ends.write);
    return written;
}

/// Writes a document with its `$name`s replaced by their values; a caret behind one goes.
Result<void> Evaluator::substitute(std::string_view document, TextBuffer& text) {
    for (;;) {
        const usize dollar = document.find('$');
        text.write(document.substr(0, dollar));
        if (dollar == std::string_view::npos) return {};
        document.remove_prefix(dollar + 1);
        if (document.starts_with('$')) {
            text.put('$');
            document.remove_prefix(1);
            continue;
        }
        usize end = 0;
        while (end < document.size() && is_name_byte(static_cast<u8>(document[end]))) ++end;
        const u32 from = height();
        TRY(push_variable(document.substr(0, end)));
        TRY(join_words(from, text));
        drop_words(from);
        document.remove_prefix(end);
        if (document.starts_with('^')) document.remove_prefix(1);
    }
}

}  // namespace kernel::shell::rc
