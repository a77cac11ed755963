// Input: program text a byte at a time, with line numbers and prompts.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"
#include "shell/rc/source.h"

namespace kernel::shell::rc {

/// Reads a Source through a buffer. What is read past the end of a command stays for the next one.
class Input : Pinned {
public:
    /// What get() and peek() give at the end of the source.
    static constexpr int kEnd = -1;

    explicit Input(Source& source) : source_(source) {}

    /// What a person sees before the first line of a command and before further ones. The texts are
    /// only used until the command is complete.
    void begin_command(std::string_view first_prompt, std::string_view further_prompt);

    /// The next byte, or kEnd. Fails as the source does, with nothing lost.
    Result<int> get();
    Result<int> peek();

    /// The number of the line that the next byte is on, from 1.
    u32 line() const { return line_; }
    /// Drops what is left of the line the last byte came from.
    Result<void> skip_line();
    /// Drops everything that was read ahead: the person gave the line up.
    void discard();

private:
    Result<void> fill();

    Source& source_;
    std::string_view prompt_;
    std::string_view further_prompt_;
    u32 line_ = 1;
    bool ended_ = false;
    bool line_begins_ = true;  // the last byte was a newline, or there was none
    u16 at_ = 0;
    u16 filled_ = 0;
    std::array<char, 256> buffer_;
};

}  // namespace kernel::shell::rc
