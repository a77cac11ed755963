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

std::string_view last_element(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Prints the lines of the help in `directory` about `name` (empty: all of them). Whether there are
/// any.
bool put_lines(Call& call, std::string_view directory, std::string_view name) {
    FixedString<256> path;
    path.format("{}/help", directory);
    const Result<Fd> fd = call.host().open(path.view(), OpenMode::kRead);
    if (!fd.ok()) return false;
    bool any = false;
    Lines lines(call.host(), fd.value());
    while (const std::optional<std::string_view> line = lines.next()) {
        const std::string_view about = line->substr(0, line->find(' '));
        if (!name.empty() && last_element(about) != name) continue;
        format_to(call.out(), "{}\n", *line);
        any = true;
    }
    call.host().close(fd.value());
    return any;
}

}  // namespace

Result<bool> put_file_help(Call& call, std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    if (put_lines(call, path, {})) return true;
    const std::string_view name = last_element(path);
    if (name.empty()) return false;
    do {
        path = path.substr(0, path.rfind('/'));
        if (put_lines(call, path, name)) return true;
    } while (!path.empty());
    return false;
}

}  // namespace kernel::shell::rc
