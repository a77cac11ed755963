// Finding a directory's help, and the lines in it.
#include "shell/rc/help_files.h"

#include "shell/rc/host.h"

namespace kernel::shell::rc {
namespace {

/// A file's lines, one after the other, cut where they are too long.
class Lines {
public:
    Lines(Host& host, Fd fd) : host_(host), fd_(fd) {}

    /// The next line without its newline; nothing at the end, or if it cannot be read.
    std::optional<std::string_view> next() {
        size_ = 0;
        for (;;) {  // ends with the line, or the file
            if (at_ == got_) {
                const Result<usize> got =
                    host_.read(fd_, std::as_writable_bytes(std::span(piece_)));
                at_ = 0;
                got_ = got.ok() ? got.value() : 0;
                if (got_ == 0) break;
            }
            const char c = piece_[at_++];
            if (c == '\n') return std::string_view(line_.data(), size_);
            if (size_ < line_.size()) line_[size_++] = c;
        }
        return size_ == 0 ? std::nullopt : std::optional(std::string_view(line_.data(), size_));
    }

private:
    Host& host_;
    const Fd fd_;
    std::array<char, 256> piece_;
    std::array<char, 256> line_;
    usize at_ = 0;
    usize got_ = 0;
    usize size_ = 0;
};

/// Takes the first element off `path`; empty at its end.
std::string_view next_element(std::string_view& path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    const std::string_view element = path.substr(0, path.find('/'));
    path.remove_prefix(element.size());
    return element;
}

/// Whether `element` may stand where help says N: for a process.
bool is_process(std::string_view element) {
    return element == "self" || (element[0] >= '0' && element[0] <= '9');
}

/// Whether what help says about the file `about` ("N/ctl") concerns `path`, both below the
/// directory of the help: it is the file, or a directory that has it.
bool concerns(std::string_view about, std::string_view path) {
    for (;;) {  // ends with the path
        const std::string_view element = next_element(path);
        if (element.empty()) return true;
        const std::string_view told = next_element(about);
        if (told != element && !(told == "N" && is_process(element))) return false;
    }
}

/// Prints the lines of the help in `directory` that concern `path` below it. Whether there are any.
bool put_lines(Call& call, std::string_view directory, std::string_view path) {
    FixedString<256> name;
    name.format("{}/help", directory);
    const Result<Fd> fd = call.host().open(name.view(), OpenMode::kRead);
    if (!fd.ok()) return false;
    bool any = false;
    Lines lines(call.host(), fd.value());
    while (const std::optional<std::string_view> line = lines.next()) {
        if (!concerns(line->substr(0, line->find(' ')), path)) continue;
        format_to(call.out(), "{}\n", *line);
        any = true;
    }
    call.host().close(fd.value());
    return any;
}

}  // namespace

bool put_file_help(Call& call, std::string_view path) {
    for (usize end = path.size();; end = path.rfind('/', end - 1)) {  // ends at the first slash
        if (put_lines(call, path.substr(0, end), path.substr(end))) return true;
        if (end == 0) return false;
    }
}

}  // namespace kernel::shell::rc
