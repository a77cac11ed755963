// Interpreter: the shell as its home sees it.
#include "shell/rc/interpreter.h"

#include "shell/rc/evaluator.h"

namespace kernel::shell::rc {
namespace {

/// A list of `texts`; null, which is no value, if there are none.
Result<Ref<List>> list_of(Memory& memory, std::span<const std::string_view> texts) {
    if (texts.empty()) return Ref<List>();
    return List::create(memory, texts);
}

}  // namespace

Interpreter::Interpreter(Host& host) : host_(host) {}
Interpreter::~Interpreter() = default;

Result<Owned<Interpreter>> Interpreter::create_bare(Host& host) {
    Memory& memory = host.memory();
    Owned<Interpreter> shell(memory, make<Interpreter>(memory, host));
    if (!shell) return Error::kNoMemory;
    shell->evaluator_ = Owned<Evaluator>(memory, make<Evaluator>(memory, host, *shell));
    if (!shell->evaluator_) return Error::kNoMemory;
    return shell;
}

Result<Owned<Interpreter>> Interpreter::create(Host& host) {
    Owned<Interpreter> shell = TRY(create_bare(host));
    std::array<char, 24> digits;
    const std::string_view ifs[] = {" \t\n"};
    const std::string_view path[] = {".", "/bin"};
    const std::string_view prompt[] = {"% ", "\t"};
    const std::string_view pid[] = {format_into(digits, "{}", host.pid())};
    TRY(shell->set_variable("ifs", ifs));
    TRY(shell->set_variable("path", path));
    TRY(shell->set_variable("prompt", prompt));
    TRY(shell->set_variable("pid", pid));
    return shell;
}

Result<void> Interpreter::set_variable(std::string_view name,
                                       std::span<const std::string_view> values) {
    return evaluator_->environment().import(name, TRY(list_of(host_.memory(), values)));
}

Result<void> Interpreter::set_arguments(std::string_view zero,
                                        std::span<const std::string_view> arguments) {
    const std::string_view name[] = {zero};
    TRY(set_variable("0", name));
    return set_variable("*", arguments);
}

Result<void> Interpreter::define_function(std::string_view text) {
    return evaluator_->import_function(text);
}

void Interpreter::set_flag(char letter, bool on) { evaluator_->set_flag(letter, on); }
bool Interpreter::flag(char letter) const { return evaluator_->flag(letter); }

std::string_view Interpreter::run(Source& source, Mode mode, std::string_view name) {
    const bool interactive = mode == Mode::kInteractive;
    Origin origin{.numbered = !interactive};
    if (!name.empty()) {
        Result<Ref<Word>> word = Word::create(host_.memory(), name);
        if (word.ok()) origin.name = std::move(word).value();
    }
    evaluator_->run_script(Owned<Script>(
        host_.memory(), make<Script>(host_.memory(), std::move(origin), source, interactive)));
    return status();
}

std::string_view Interpreter::run_text(std::string_view text, std::string_view name) {
    TextSource source(text);
    return run(source, Mode::kScript, name);
}

std::string_view Interpreter::finish() {
    evaluator_->finish();
    return status();
}

bool Interpreter::exiting() const { return evaluator_->exiting(); }
std::string_view Interpreter::status() const { return evaluator_->status(); }
void Interpreter::set_status(std::string_view status) { evaluator_->set_status(status); }

usize Interpreter::count(std::string_view name) const {
    const List* value = evaluator_->environment().find(name);
    return value == nullptr ? 0 : value->size();
}

std::string_view Interpreter::value(std::string_view name, usize index) const {
    const List* value = evaluator_->environment().find(name);
    if (value == nullptr || index >= value->size()) return {};
    return value->words()[index]->text();
}

Result<void> Interpreter::visit_variables(NameVisitor& visitor) const {
    return evaluator_->environment().each_variable(
        [&visitor](std::string_view name) { return visitor.name(name); });
}

Result<void> Interpreter::visit_functions(NameVisitor& visitor) const {
    return evaluator_->environment().each_function(
        [&visitor](std::string_view name) { return visitor.name(name); });
}

}  // namespace kernel::shell::rc
