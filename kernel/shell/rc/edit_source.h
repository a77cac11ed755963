// EditorSource: program text that a person types into a LineEditor.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_history.h"
#include "shell/rc/line_editor.h"
#include "shell/rc/source.h"

namespace kernel::shell::rc {

/// Gives a shell what is edited, a line at a time, and the history what the shell was given.
class EditorSource final : public Source {
public:
    EditorSource(LineEditor& editor, History& history) : editor_(editor), history_(history) {}

    Result<usize> read(std::span<char> into, std::string_view prompt) override;

private:
    LineEditor& editor_;
    History& history_;
    std::string_view rest_;         // of the line, which is the editor's until it reads the next
    bool newline_follows_ = false;  // behind `rest_`
};

}  // namespace kernel::shell::rc
