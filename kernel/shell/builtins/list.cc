// ls: names, or with -l the whole directory entry of each.
#include "base/text.h"
#include "chan/dev.h"
#include "shell/builtins/builtins.h"
#include "shell/calendar.h"
#include "shell/directory.h"
#include "shell/output.h"

namespace kernel::shell::builtins {
namespace {

struct Options {
    bool long_form = false;  // -l
    bool as_file = false;    // -d: a directory itself, not what is in it
    bool qids = false;       // -q
    bool paths = false;      // several operands: print names with their directory
};

void put_permissions(Sink& out, u32 mode) {
    out.write((mode & chan::kDmDir) != 0 ? "d" : (mode & chan::kDmAppend) != 0 ? "a" : "-");
    out.write((mode & chan::kDmExcl) != 0 ? "l" : "-");
    for (i32 shift = 6; shift >= 0; shift -= 3) {
        const u32 bits = (mode >> shift) & 7;
        out.write((bits & 4) != 0 ? "r" : "-");
        out.write((bits & 2) != 0 ? "w" : "-");
        out.write((bits & 1) != 0 ? "x" : "-");
    }
}

void put_entry(Sink& out, const chan::Stat& stat, std::string_view directory, Options options) {
    if (options.qids) {
        format_to(out, "({:016x} {} {:02x}) ", stat.qid.path, stat.qid.vers, stat.qid.type);
    }
    if (options.long_form) {
        put_permissions(out, stat.mode);
        format_to(out, " {} {} {} {} {:8} ", chan::device_letter(stat.device), stat.device_number,
                  stat.uid.view(), stat.gid.view(), stat.length);
        put_short_date(out, stat.mtime);
        out.write(" ");
    }
    if (options.paths && !directory.empty()) {
        out.write(directory);
        if (directory.back() != '/') out.write("/");
    }
    put_quoted(out, stat.name.view());
    out.write("\n");
}

[[gnu::noinline]] Result<void> list_directory(Sink& out, std::string_view name, Options options) {
    const OpenFile directory(TRY(syscall::open(name, chan::kORead)));
    DirReader reader(directory.fd());
    for (;;) {  // ends with the directory
        const chan::Stat* entry = TRY(reader.next());
        if (entry == nullptr) return {};
        put_entry(out, *entry, name, options);
    }
}

Result<void> list_one(Sink& out, std::string_view name, Options options) {
    chan::Stat stat;
    TRY(syscall::stat(name, stat));
    if (stat.is_dir() && !options.as_file) {
        return list_directory(out, name, options);
    }
    // The name as it was typed: `ls -d /proc/1` says /proc/1, not 1.
    stat.name.assign(name);
    options.paths = false;
    put_entry(out, stat, {}, options);
    return {};
}

}  // namespace

Result<void> ls(Call& call) {
    const auto args = call.arguments();
    Options options;
    usize first = 1;
    for (; first < args.size() && args[first].size() > 1 && args[first][0] == '-'; ++first) {
        for (char flag : args[first].substr(1)) {
            if (flag == 'l') {
                options.long_form = true;
            } else if (flag == 'd') {
                options.as_file = true;
            } else if (flag == 'q') {
                options.qids = true;
            } else {
                call.hand_on();
                return {};
            }
        }
    }
    // What is in a named directory is printed with the directory's name, what is in . without.
    constexpr std::string_view kHere[] = {"."};
    const auto operands = args.subspan(first);
    options.paths = !operands.empty();
    for (std::string_view name : operands.empty() ? std::span(kHere) : operands) {
        const Result<void> listed = list_one(call.out(), name, options);
        if (!listed.ok()) TRY(fail_with(call, listed.error()));
    }
    return {};
}

}  // namespace kernel::shell::builtins
