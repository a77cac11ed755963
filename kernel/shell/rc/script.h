// Script: a source being evaluated, with all that must live as long as it is read.
#pragma once

#include "base/std.h"
#include "shell/rc/ast.h"
#include "shell/rc/input.h"
#include "shell/rc/source.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// Program text on the evaluator's stack: a caller's source, the text of `eval`, a file of `.`.
class Script : Pinned {
public:
    /// `source` outlives the script.
    Script(Origin origin, Source& source, bool interactive)
        : origin_(std::move(origin)), interactive_(interactive), input_(source) {}
    /// Owns the text.
    Script(Origin origin, Ref<Word> text)
        : origin_(std::move(origin)),
          text_(std::move(text)),
          text_source_(text_->text()),
          input_(text_source_) {}
    /// Owns `fd`, a descriptor of `host`.
    Script(Origin origin, Host& host, Fd fd)
        : origin_(std::move(origin)),
          host_(&host),
          fd_(fd),
          file_source_(std::in_place, host, fd, FileSource::Sharing::kPrivate),
          input_(*file_source_) {}
    ~Script() {
        if (host_ != nullptr) host_->close(fd_);
    }

    const Origin& origin() const { return origin_; }
    bool interactive() const { return interactive_; }
    Input& input() { return input_; }
    bool& follows_if() { return follows_if_; }

private:
    const Origin origin_;
    const bool interactive_ = false;
    bool follows_if_ = false;  // the last command was an `if`
    Ref<Word> text_;
    TextSource text_source_{{}};
    Host* host_ = nullptr;
    Fd fd_ = kNoFd;
    std::optional<FileSource> file_source_;
    Input input_;
};

}  // namespace kernel::shell::rc
