// The table of the in-kernel shell's builtins: name, synopsis, one line of help, function.
#include "shell/builtin_table.h"

#include "shell/builtins/builtins.h"

namespace kernel::shell {
namespace {

constexpr rc::Builtin kBuiltins[] = {
    {"bind", "bind [-a|-b] [-c] new old", "make a name stand for another", builtins::bind},
    {"broke", "broke [user]", "print commands that end Broken processes", builtins::broke},
    {"cat", "cat [file ...]", "print files, or the standard input", builtins::cat},
    {"date", "date [-n]", "print the time, or the seconds since 1970", builtins::date},
    {"echo", "echo [-n] [word ...]", "print words", builtins::echo},
    {"false", "false", "fail", builtins::fail},
    {"halt", "halt [status]", "turn the machine off", builtins::halt},
    {"kill", "kill name ...", "print commands that kill processes by name", builtins::kill},
    {"kprocs", "kprocs n", "make n kernel processes and wait for them", builtins::kprocs},
    {"ls", "ls [-dlnpqrstuF] [name ...]", "list directories", builtins::ls},
    {"mkdir", "mkdir directory ...", "make directories", builtins::mkdir},
    {"ns", "ns [pid]", "print a name space as the commands that make it", builtins::ns},
    {"p", "p [file ...]", "show files by pages: space, enter, /, n, q", builtins::page},
    {"ps", "ps [-apnr]", "list processes; args, priority, group, real time", builtins::ps},
    {"pwd", "pwd", "print the current directory", builtins::pwd},
    {"reboot", "reboot", "start the machine again", builtins::reboot},
    {"rm", "rm file ...", "remove files", builtins::rm},
    {"slay", "slay name ...", "print commands that end processes by name", builtins::slay},
    {"sleep", "sleep seconds", "do nothing for a while", builtins::sleep},
    {"spin", "spin n", "keep n processes busy for a while, one a hart", builtins::spin},
    {"start", "start name ...", "print commands that let stopped processes go on", builtins::start},
    {"stop", "stop name ...", "print commands that stop processes by name", builtins::stop},
    {"test", "test -e|-f|-d|-r|-w file", "succeed if a file is so, or if a = b, a != b",
     builtins::test},
    {"time", "time command", "run a command and say how long it took", builtins::time},
    {"true", "true", "succeed", builtins::succeed},
    {"unmount", "unmount [new] old", "undo bind", builtins::unmount},
    {"wc", "wc [-lwc] [file ...]", "count lines, words and bytes", builtins::wc},
    {"xd", "xd [file ...]", "print bytes in hexadecimal", builtins::xd},
    // Last, because release builds cut it off.
    {"crash", "crash", "follow a null pointer in the kernel: a panic", builtins::crash},
};
constexpr usize kDebugOnly = 1;
static_assert(rc::fit_help(kBuiltins));

}  // namespace

std::span<const rc::Builtin> builtin_table() {
    return std::span(kBuiltins).first(std::size(kBuiltins) - (kDebug ? 0 : kDebugOnly));
}

}  // namespace kernel::shell
