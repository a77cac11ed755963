// Builtins about files: cat, echo, xd, wc, rm, mkdir, test, pwd.
#include "base/text.h"
#include "mm/heap.h"
#include "shell/builtins/builtins.h"
#include "shell/output.h"

namespace kernel::shell::builtins {
namespace {

constexpr usize kCopySize = 4096;

/// Calls consume(bytes) for each piece of `fd` until its end.
template <class Consume>
Result<void> for_each_piece(i32 fd, Consume consume) {
    const mm::Buffer buffer = TRY(mm::Buffer::create(kCopySize));
    for (;;) {  // ends with the file
        const usize got = TRY(syscall::read(fd, buffer.bytes()));
        if (got == 0) return {};
        TRY(consume(ConstBytes(buffer.bytes().first(got))));
    }
}

/// Runs work(fd, name) for each named file, or for the standard input when there is none. A file
/// that fails is reported and does not keep the others from their turn; an interrupt does.
template <class Work>
Result<void> for_each_file(Call& call, std::span<const std::string_view> names, Work work) {
    if (names.empty()) {
        const Result<void> done = work(call.input(), std::string_view{});
        return done.ok() ? done : fail_with(call, done.error());
    }
    for (std::string_view name : names) {
        const Result<i32> opened = syscall::open(name, chan::kORead);
        Result<void> done;
        if (!opened.ok()) {
            done = opened.error();
        } else {
            const OpenFile file(opened.value());
            done = work(file.fd(), name);
        }
        if (done.ok()) continue;
        TRY(fail_with(call, done.error()));
        if (done.error() == Error::kInterrupted) break;
    }
    return {};
}

void put_hex_line(Sink& out, u64 offset, ConstBytes line) {
    format_to(out, "{:07x} ", offset);
    for (usize i = 0; i < 16; ++i) {
        if (i % 4 == 0) out.write(" ");
        if (i < line.size()) {
            format_to(out, "{:02x}", static_cast<u8>(line[i]));
        } else {
            out.write("  ");
        }
    }
    out.write("  ");
    for (std::byte byte : line) {
        const char c = static_cast<char>(byte);
        format_to(out, "{}", c >= ' ' && c <= '~' ? c : '.');
    }
    out.write("\n");
}

struct Counts {
    u64 lines = 0;
    u64 words = 0;
    u64 bytes = 0;
};

/// Which of the counts wc prints.
struct CountChoice {
    bool lines = false;
    bool words = false;
    bool bytes = false;
};

void put_counts(Sink& out, const Counts& counts, CountChoice choice, std::string_view name) {
    if (choice.lines) format_to(out, "{:7} ", counts.lines);
    if (choice.words) format_to(out, "{:7} ", counts.words);
    if (choice.bytes) format_to(out, "{:7} ", counts.bytes);
    if (!name.empty()) out.write(name);
    out.write("\n");
}

/// Runs act(name) for each operand; failures are reported and the rest goes on.
template <class Act>
Result<void> for_each_operand(Call& call, Act act) {
    if (call.arguments().size() < 2) return call.usage();
    for (std::string_view name : call.arguments().subspan(1)) {
        const Result<void> done = act(name);
        if (!done.ok()) TRY(fail_with(call, done.error()));
    }
    return {};
}

}  // namespace

Result<void> cat(Call& call) {
    return for_each_file(call, call.arguments().subspan(1), [&](i32 fd, std::string_view) {
        return for_each_piece(fd, [&](ConstBytes piece) -> Result<void> {
            call.out().write(as_text(piece));
            // Each piece goes out at once: a reader of a pipe or a person sees it when it is there.
            return call.flush();
        });
    });
}

Result<void> echo(Call& call) {
    const auto args = call.arguments();
    const bool newline = args.size() < 2 || args[1] != "-n";
    bool first = true;
    for (std::string_view word : args.subspan(newline ? 1 : 2)) {
        if (!first) call.out().write(" ");
        call.out().write(word);
        first = false;
    }
    if (newline) call.out().write("\n");
    return {};
}

Result<void> xd(Call& call) {
    return for_each_file(
        call, call.arguments().subspan(1), [&](i32 fd, std::string_view) -> Result<void> {
            std::array<std::byte, 16> line;
            usize held = 0;
            u64 offset = 0;
            const Result<void> read = for_each_piece(fd, [&](ConstBytes piece) -> Result<void> {
                for (std::byte byte : piece) {
                    line[held++] = byte;
                    if (held < line.size()) continue;
                    put_hex_line(call.out(), offset, line);
                    offset += held;
                    held = 0;
                }
                return call.flush();
            });
            if (held > 0) put_hex_line(call.out(), offset, {line.data(), held});
            format_to(call.out(), "{:07x}\n", offset + held);
            return read;
        });
}

Result<void> wc(Call& call) {
    auto names = call.arguments().subspan(1);
    CountChoice choice;
    for (; !names.empty() && names[0].size() > 1 && names[0][0] == '-'; names = names.subspan(1)) {
        for (char flag : names[0].substr(1)) {
            if (flag != 'l' && flag != 'w' && flag != 'c') return call.usage();
            (flag == 'l' ? choice.lines : flag == 'w' ? choice.words : choice.bytes) = true;
        }
    }
    if (!choice.lines && !choice.words && !choice.bytes) choice = {true, true, true};
    Counts total;
    TRY(for_each_file(call, names, [&](i32 fd, std::string_view name) -> Result<void> {
        Counts counts;
        bool in_word = false;
        TRY(for_each_piece(fd, [&](ConstBytes piece) -> Result<void> {
            for (char c : as_text(piece)) {
                const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
                if (c == '\n') ++counts.lines;
                if (!blank && !in_word) ++counts.words;
                in_word = !blank;
            }
            counts.bytes += piece.size();
            return {};
        }));
        put_counts(call.out(), counts, choice, name);
        total.lines += counts.lines;
        total.words += counts.words;
        total.bytes += counts.bytes;
        return {};
    }));
    if (names.size() > 1) put_counts(call.out(), total, choice, "total");
    return {};
}

Result<void> rm(Call& call) {
    return for_each_operand(call, [](std::string_view name) { return syscall::remove(name); });
}

Result<void> mkdir(Call& call) {
    return for_each_operand(call, [](std::string_view name) -> Result<void> {
        return syscall::close(TRY(syscall::create(name, chan::kORead, chan::kDmDir | 0777)));
    });
}

Result<void> test(Call& call) {
    const auto args = call.arguments();
    const auto answer = [&](bool yes) -> Result<void> {
        if (!yes) call.set_status("false");
        return {};
    };
    if (args.size() == 4 && args[2] == "=") return answer(args[1] == args[3]);
    if (args.size() == 4 && args[2] == "!=") return answer(args[1] != args[3]);
    if (args.size() != 3 || args[1].size() != 2 || args[1][0] != '-') return call.usage();
    const std::string_view name = args[2];
    const char what = args[1][1];
    chan::Stat stat;
    switch (what) {
        case 'r':
        case 'w': {
            const Result<i32> opened =
                syscall::open(name, what == 'r' ? chan::kORead : chan::kOWrite);
            if (opened.ok()) (void)syscall::close(opened.value());  // ignored: nothing was written
            return answer(opened.ok());
        }
        case 'e':
            return answer(syscall::stat(name, stat).ok());
        case 'd':
        case 'f':
            return answer(syscall::stat(name, stat).ok() && stat.is_dir() == (what == 'd'));
        default:
            return call.usage();
    }
}

Result<void> pwd(Call& call) {
    const Result<i32> opened = syscall::open(".", chan::kORead);
    if (!opened.ok()) return fail_with(call, opened.error());
    const OpenFile here(opened.value());
    std::array<char, 512> buffer;
    const Result<std::string_view> path = syscall::fd2path(here.fd(), buffer);
    if (!path.ok()) return fail_with(call, path.error());
    format_to(call.out(), "{}\n", path.value());
    return {};
}

}  // namespace kernel::shell::builtins
