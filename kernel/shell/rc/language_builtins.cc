// The builtins of the language itself.
#include "base/text.h"
#include "shell/rc/builtin.h"
#include "shell/rc/evaluator.h"
#include "shell/rc/help_files.h"
#include "shell/rc/interpreter.h"

namespace kernel::shell::rc {
namespace {

Evaluator& evaluator(Call& call) { return call.shell().evaluator(); }

/// The words from the `first` on, with blanks between.
Result<Ref<Word>> join(Call& call, usize first) {
    TextBuffer text(call.host().memory());
    for (usize i = first; i < call.arguments().size(); ++i) {
        if (i != first) text.put(' ');
        text.write(call.arguments()[i]);
    }
    text.put('\n');
    return Word::create(call.host().memory(), TRY(text.text()));
}

/// `. file args`: the file's commands, with `$*` and `$0` of their own.
Result<void> dot(Call& call) {
    const auto arguments = call.arguments();
    if (arguments.size() < 2) return call.usage();
    Host& host = call.host();
    Memory& memory = host.memory();
    TextBuffer file(memory);
    Result<Fd> fd = Error::kNotExist;
    if (TRY(evaluator(call).find_program(arguments[1], file))) {
        fd = host.open(file.view(), OpenMode::kRead);
    }
    // A script that is not marked executable is found where its name says.
    if (!fd.ok()) fd = host.open(arguments[1], OpenMode::kRead);
    if (!fd.ok()) {
        evaluator(call).set_failure(fd.error(), arguments[1]);
        evaluator(call).report_failure(arguments[1], ": can't open");
        return Error::kGeneric;
    }
    Result<Ref<Word>> name = Word::create(memory, arguments[1]);
    Result<Ref<List>> list = List::create(memory, arguments.subspan(2));
    Script* script = nullptr;
    if (name.ok() && list.ok()) {
        script =
            make<Script>(memory, Origin{.name = name.value(), .numbered = true}, host, fd.value());
    }
    if (script == nullptr) {
        host.close(fd.value());
        return Error::kNoMemory;
    }
    call.keep_status();
    return evaluator(call).begin_script(Owned<Script>(memory, script), std::move(list).value(),
                                        std::move(name).value());
}

Result<void> eval(Call& call) {
    call.keep_status();
    Ref<Word> text = TRY(join(call, 1));
    Memory& memory = call.host().memory();
    return evaluator(call).begin_script(
        Owned<Script>(memory, make<Script>(memory, Origin{.numbered = true}, std::move(text))),
        nullptr, nullptr);
}

Result<void> exec(Call& call) {
    Evaluator& shell = evaluator(call);
    if (call.arguments().size() == 1) {
        // Without a command, the redirections stay.
        return call.host().remap(TRY(shell.redirections().flatten()));
    }
    call.keep_status();
    return shell.replace(call.arguments().subspan(1));
}

Result<void> exit(Call& call) {
    const auto arguments = call.arguments();
    if (arguments.size() > 1) {
        call.set_status(arguments[1]);
    } else {
        call.keep_status();
    }
    evaluator(call).exit();
    return {};
}

Result<void> cd(Call& call) {
    const auto arguments = call.arguments();
    if (arguments.size() > 2) return call.usage();
    Host& host = call.host();
    call.set_status("can't cd");
    const bool to_home = arguments.size() == 1;
    const std::string_view to = to_home ? evaluator(call).first_value("home") : arguments[1];
    if (to_home && to.empty()) {
        format_to(call.err(), "Can't cd -- $home empty\n");
        return {};
    }
    // A relative name is looked for in the directories of $cdpath, if there are any.
    const List* path = evaluator(call).environment().find("cdpath");
    const bool direct = to_home || path == nullptr || path->size() == 0 || to.starts_with('/');
    Result<void> there = Error::kNotExist;
    for (usize i = 0; i < (direct ? 1 : path->size()); ++i) {
        TextBuffer name(host.memory());
        const std::string_view prefix = direct ? std::string_view() : path->words()[i]->text();
        if (!prefix.empty()) format_to(name, "{}/", prefix);
        name.write(to);
        there = host.chdir(TRY(name.text()));
        if (!there.ok()) continue;
        if (!prefix.empty() && prefix != ".") format_to(call.err(), "{}\n", name.view());
        call.set_status("");
        return {};
    }
    evaluator(call).set_failure(there.error(), to);
    format_to(call.err(), "Can't cd {}: {}\n", to, evaluator(call).status());
    return {};
}

Result<void> shift(Call& call) {
    const auto arguments = call.arguments();
    if (arguments.size() > 2) return call.usage();
    const i64 count = arguments.size() == 2 ? parse_leading_number(arguments[1]) : 1;
    Environment& environment = evaluator(call).environment();
    const List* all = environment.find("*");
    if (all == nullptr || count <= 0) return {};
    const usize gone = std::min(static_cast<usize>(count), all->size());
    return environment.assign("*",
                              TRY(List::create(call.host().memory(), all->words().subspan(gone))));
}

Result<void> flag(Call& call) {
    const auto arguments = call.arguments();
    const bool sets = arguments.size() == 3 && (arguments[2] == "+" || arguments[2] == "-");
    if (arguments.size() < 2 || (arguments.size() > 2 && !sets) || arguments[1].size() != 1) {
        return call.usage();
    }
    if (sets) {
        evaluator(call).set_flag(arguments[1][0], arguments[2] == "+");
    } else {
        call.set_status(evaluator(call).flag(arguments[1][0]) ? "" : "flag not set");
    }
    return {};
}

Result<void> wait(Call& call) {
    const auto arguments = call.arguments();
    if (arguments.size() > 2) return call.usage();
    if (arguments.size() == 1) return evaluator(call).children().wait_all();
    const i64 pid = parse_leading_number(arguments[1]);
    StatusText status;
    TRY(evaluator(call).children().wait(static_cast<u64>(std::max<i64>(pid, 0)), status));
    call.set_status(status);
    return {};
}

Result<void> rfork(Call& call) {
    const auto arguments = call.arguments();
    if (arguments.size() > 2) return call.usage();
    RforkFlags flags{};
    for (char letter : arguments.size() == 2 ? arguments[1] : std::string_view("ens")) {
        switch (letter) {
            case 'n':
                flags.name_space = true;
                break;
            case 'N':
                flags.clean_name_space = true;
                break;
            case 'e':
                flags.environment = true;
                break;
            case 'E':
                flags.clean_environment = true;
                break;
            case 's':
                flags.note_group = true;
                break;
            case 'f':
                flags.descriptors = true;
                break;
            case 'F':
                flags.clean_descriptors = true;
                break;
            case 'm':
                flags.no_mount = true;
                break;
            default:
                return call.usage();
        }
    }
    return call.host().rfork(flags);
}

void put_variable(Sink& sink, std::string_view name, const List& value) {
    put_quoted(sink, name);
    sink.write("=");
    if (value.size() != 1) sink.write("(");
    bool first = true;
    for (const Ref<Word>& word : value.words()) {
        if (!first) sink.write(" ");
        put_quoted(sink, word->text());
        first = false;
    }
    sink.write(value.size() != 1 ? ")\n" : "\n");
}

Result<void> put_named_function(Call& call, const Function& function) {
    TRY(put_function(call.host().memory(), call.out(), function));
    call.out().write("\n");
    return {};
}

/// Everything `name` means; false if it means nothing.
Result<bool> put_meaning(Call& call, std::string_view name) {
    const Environment& environment = evaluator(call).environment();
    const List* value = environment.find(name);
    const bool is_status = name == "status";
    if (is_status) {
        call.out().write("status=");
        put_quoted(call.out(), evaluator(call).status());
        call.out().write("\n");
    } else if (value != nullptr && value->size() > 0) {
        put_variable(call.out(), name, *value);
    }
    const bool is_variable = is_status || (value != nullptr && value->size() > 0);
    if (const Function* function = environment.find_function(name); function != nullptr) {
        TRY(put_named_function(call, *function));
        return true;
    }
    const Builtin* row = find_builtin(call.host().builtins(), name);
    if (row != nullptr && row->function != nullptr) {
        format_to(call.out(), "builtin {}\n", name);
        return true;
    }
    TextBuffer file(call.host().memory());
    if (TRY(evaluator(call).find_program(name, file)) && call.host().is_executable(file.view())) {
        format_to(call.out(), "{}\n", file.view());
        return true;
    }
    return is_variable;
}

Result<void> whatis_all(Call& call) {
    const Environment& environment = evaluator(call).environment();
    TRY(environment.each_variable([&](std::string_view name) -> Result<void> {
        put_variable(call.out(), name, *environment.find(name));
        return {};
    }));
    return environment.each_function([&](std::string_view name) -> Result<void> {
        return put_named_function(call, *environment.find_function(name));
    });
}

Result<void> whatis(Call& call) {
    if (call.arguments().size() == 1) return whatis_all(call);
    for (std::string_view name : call.arguments().subspan(1)) {
        if (TRY(put_meaning(call, name))) continue;
        TRY(call.flush());
        format_to(call.err(), "{}: not found\n", name);
        call.set_status("not found");
    }
    return {};
}

/// Only reached by `builtin` alone, which the evaluator looks through.
Result<void> builtin(Call& call) { return call.usage(); }

Result<void> help(Call& call) {
    const auto home = call.host().builtins();
    if (call.arguments().size() == 1) {
        put_help(call.out(), home);
        return {};
    }
    for (std::string_view name : call.arguments().subspan(1)) {
        if (const Builtin* row = find_builtin(home, name); row != nullptr) {
            put_help(call.out(), *row);
        } else if (!name.starts_with('/') || !put_file_help(call, name)) {
            TRY(call.flush());
            format_to(call.err(), "help: {}: no help about it; programs say their usage with -h\n",
                      name);
            call.set_status("no help");
        }
    }
    return {};
}

constexpr Builtin kRows[] = {
    {".", ". file [word ...]", "evaluate a file's commands in this shell", dot},
    {"builtin", "builtin command ...", "run a command, but no function of that name", builtin},
    {"cd", "cd [directory]", "change the current directory; alone, to $home", cd},
    {"eval", "eval [word ...]", "evaluate words as a command", eval},
    {"exec", "exec [command ...]", "replace this shell, or keep redirections", exec},
    {"exit", "exit [status]", "end this shell", exit},
    {"flag", "flag letter [+|-]", "a flag: e ends on failure, x prints commands", flag},
    {"help", "help [name ...]", "list what is built in, or tell of files: /proc", help},
    {"rfork", "rfork [nNeEsfFm]", "get one's own names, environment, notes, files", rfork},
    {"shift", "shift [n]", "drop the first n words of $*", shift},
    {"wait", "wait [pid]", "wait for a process started with &, or for all", wait},
    {"whatis", "whatis [name ...]", "say what a name means, as commands", whatis},
    // The language: not called, only listed.
    {"!", "! command", "succeed if the command fails", nullptr},
    {"@", "@ command", "run a command in a shell of its own", nullptr},
    {"fn", "fn name [{ commands }]", "define a function, or remove it", nullptr},
    {"for", "for(name in words) command", "run a command for each word", nullptr},
    {"if", "if(commands) command", "run a command if others succeed", nullptr},
    {"if not", "if not command", "run a command if the `if` before did not", nullptr},
    {"switch", "switch(word){case pattern ...}", "run the commands of the first case that matches",
     nullptr},
    {"while", "while(commands) command", "run a command as long as others succeed", nullptr},
    {"~", "~ word pattern ...", "succeed if a word matches a pattern", nullptr},
};
static_assert(fit_help(kRows));

}  // namespace

std::span<const Builtin> language_builtins() { return kRows; }

}  // namespace kernel::shell::rc
