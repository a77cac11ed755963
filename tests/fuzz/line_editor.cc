// The line editor on a terminal: whatever is typed, the screen only gets what terminals know, and a
// fresh drawing of the line looks as the one that was edited.
#include "shell/rc/line_editor.h"

#include "tests/fuzz/target.h"
#include "tests/unit/rc/counting_memory.h"
#include "tests/unit/rc/screen.h"

namespace {

using namespace kernel::shell::rc;  // NOLINT: a small program of its own

/// Completes the last word by doubling it, in two ways.
class DoublingCompleter final : public Completer {
public:
    kernel::Result<void> complete(std::string_view line, kernel::usize cursor,
                                  Candidates& candidates) override {
        const std::string_view before = line.substr(0, cursor);
        const kernel::usize blank = before.rfind(' ');
        const kernel::usize start = blank == std::string_view::npos ? 0 : blank + 1;
        const std::string word(before.substr(start));
        if (word.size() > 50) return {};
        TRY(candidates.begin(start, {}));
        TRY(candidates.add(word + word));
        return candidates.add(word + word + "'/");
    }
};

}  // namespace

std::vector<std::string> fuzz::seeds() {
    const std::string sizes[] = {"\x10\x05", "\x50\x18", "\x02\x02", "\x85\x03"};
    const std::string keys[] = {
        "abc\x01\x02\x04\x05\x06\x0b\x0c\x10\x0e\x14\x15\x17\x19\r",
        "\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F\x1b[1~\x1b[3~\x1b[4~\x1b[1;5C\x1b[1;5D\x1bOA\r",
        "äöü日本語e\xcc\x81\xff\xc3(\x7f\x7f\x14\r",
        "\x1b[200~pasted\rlines\n\x1b[201~\x12"
        "ech\x12\x07\x12"
        "a\r",
        "word\t\t \t\x1b"
        "b\x1b"
        "f\x1b"
        "d\x1b\x7f\r",
        "a line that is longer than a narrow row of the screen is, by far, 0123456789\x01x\x05y\r",
    };
    std::vector<std::string> all;
    for (const std::string& size : sizes) {
        for (const std::string& each : keys) all.push_back(size + each);
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    if (size < 2 || size > 4000) return 0;
    const bool plain = (data[0] & 0x80) != 0;
    const WindowSize window{(data[1] & 0x1fu) + 1, (data[0] & 0x7fu) + 1};
    kernel::shell::rc::test::CountingMemory memory;
    {
        using kernel::shell::rc::test::Screen;
        using kernel::shell::rc::test::ScreenKind;
        Screen screen(window, plain ? ScreenKind::kDumb : ScreenKind::kXterm);
        screen.known_size = window;
        History history(memory);
        fuzz::check(history.add("echo one").ok() && history.add("ls -l").ok(), "no history");
        DoublingCompleter completer;
        LineEditor editor(memory, screen, history, &completer);
        screen.type(fuzz::text_of(data + 2, size - 2));
        for (;;) {
            const auto line = editor.read_line("% ");
            fuzz::check(screen.mode() == TerminalMode::kLines, "the terminal was left raw");
            if (line.ok()) {
                fuzz::check(line.value().size() <= 50 * size + 100, "more than was typed");
                continue;
            }
            if (line.error() == kernel::Error::kInterrupted) continue;
            fuzz::check(line.error() == kernel::Error::kHungUp, "an odd error");
            break;
        }
    }
    fuzz::check(memory.outstanding() == 0, "memory was lost");
    return 0;
}
