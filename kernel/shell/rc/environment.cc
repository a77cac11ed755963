// Environment: sorted tables of what is global, a stack of what is local.
#include "shell/rc/environment.h"

namespace kernel::shell::rc {
namespace {

/// What a shell keeps to itself: they are about this process or this call.
bool is_private(std::string_view name) {
    return name == "*" || name == "0" || name == "pid" || name == "apid" || name == "status";
}

}  // namespace

template <class T>
usize Environment::lower_bound(const Vector<T>& table, std::string_view name) {
    const auto at = std::lower_bound(
        table.begin(), table.end(), name,
        [](const T& entry, std::string_view wanted) { return entry.name->text() < wanted; });
    return static_cast<usize>(at - table.begin());
}

Environment::Local* Environment::local(std::string_view name) {
    for (usize i = locals_.size(); i > 0; --i) {
        if (locals_[i - 1].name->text() == name) return &locals_[i - 1];
    }
    return nullptr;
}

const List* Environment::find(std::string_view name) const {
    for (usize i = locals_.size(); i > 0; --i) {
        if (locals_[i - 1].name->text() == name) return locals_[i - 1].value.get();
    }
    const usize at = lower_bound(variables_, name);
    if (at == variables_.size() || variables_[at].name->text() != name) return nullptr;
    return variables_[at].value.get();
}

/// The row of `name`, made if there is none. It moves when another is made.
Result<Environment::Variable*> Environment::variable(std::string_view name) {
    const usize at = lower_bound(variables_, name);
    if (at == variables_.size() || variables_[at].name->text() != name) {
        TRY(variables_.insert(at, Variable { .name = TRY(Word::create(memory_, name)) }));
    }
    return &variables_[at];
}

Result<void> Environment::assign(std::string_view name, Ref<List> value) {
    Variable* global = TRY(variable(name));
    Local* inner = local(name);
    (inner == nullptr ? global->value : inner->value) = std::move(value);
    global->changed = true;
    return {};
}

Result<void> Environment::import(std::string_view name, Ref<List> value) {
    Variable* global = TRY(variable(name));
    global->value = std::move(value);
    global->changed = false;
    return {};
}

Result<void> Environment::push_local(std::string_view name, Ref<List> value) {
    // The global row is made now, so that pop_locals(), which cannot fail, finds one to mark.
    Variable* global = TRY(variable(name));
    TRY(locals_.push(Local{global->name, std::move(value)}));
    global->changed = true;
    return {};
}

void Environment::pop_locals(usize count) {
    while (locals_.size() > count) {
        variables_[lower_bound(variables_, locals_.back().name->text())].changed = true;
        locals_.truncate(locals_.size() - 1);
    }
}

void Environment::set_top_local(Ref<List> value) {
    Local& top = locals_.back();
    variables_[lower_bound(variables_, top.name->text())].changed = true;
    top.value = std::move(value);
}

const Function* Environment::find_function(std::string_view name) const {
    const usize at = lower_bound(functions_, name);
    if (at == functions_.size() || functions_[at].name->text() != name) return nullptr;
    return functions_[at].program ? &functions_[at] : nullptr;
}

Result<void> Environment::define(std::string_view name, Ref<Program> program, const Node* body) {
    const usize at = lower_bound(functions_, name);
    if (at == functions_.size() || functions_[at].name->text() != name) {
        TRY(functions_.insert(at, Function { .name = TRY(Word::create(memory_, name)) }));
    }
    functions_[at].program = std::move(program);
    functions_[at].body = body;
    functions_[at].changed = true;
    return {};
}

Result<void> Environment::remove_function(std::string_view name) {
    if (find_function(name) == nullptr) return {};
    return define(name, nullptr, nullptr);
}

Result<void> Environment::import_function(std::string_view name, Ref<Program> program,
                                          const Node* body) {
    TRY(define(name, std::move(program), body));
    functions_[lower_bound(functions_, name)].changed = false;
    return {};
}

Result<void> Environment::export_variable(Host& host, std::string_view name) {
    const List* value = find(name);
    if (value == nullptr) return host.export_variable(name, {});
    Vector<std::string_view> texts(memory_);
    TRY(texts.reserve(value->size()));
    for (const Ref<Word>& word : value->words()) TRY(texts.push(word->text()));
    return host.export_variable(name, texts.items());
}

Result<void> Environment::export_function(Host& host, const Function& function) {
    if (!function.program) return host.export_function(function.name->text(), {});
    TextBuffer text(memory_);
    TRY(put_function(memory_, text, function));
    return host.export_function(function.name->text(), TRY(text.text()));
}

Result<void> Environment::export_changes(Host& host) {
    for (Variable& variable : variables_) {
        if (!variable.changed) continue;
        if (!is_private(variable.name->text())) {
            TRY(export_variable(host, variable.name->text()));
        }
        variable.changed = false;
    }
    for (usize i = 0; i < functions_.size(); ++i) {
        if (!functions_[i].changed) continue;
        TRY(export_function(host, functions_[i]));
        functions_[i].changed = false;
    }
    return {};
}

Result<void> Environment::copy_to(Environment& other) const {
    TRY(other.variables_.reserve(variables_.size()));
    for (const Variable& variable : variables_) {
        TRY(other.variables_.push(Variable{variable.name, variable.value, variable.changed}));
    }
    for (const Local& local : locals_) {
        // From the outermost in, so that the innermost stays.
        Variable* row = TRY(other.variable(local.name->text()));
        row->value = local.value;
    }
    TRY(other.functions_.reserve(functions_.size()));
    for (const Function& function : functions_) {
        TRY(other.functions_.push(function));
    }
    return {};
}

void Environment::take(Environment& other) {
    variables_ = std::move(other.variables_);
    functions_ = std::move(other.functions_);
    locals_ = std::move(other.locals_);
}

Result<void> put_function(Memory& memory, Sink& sink, const Function& function) {
    sink.write("fn ");
    put_quoted(sink, function.name->text());
    sink.write(" ");
    return put_node(memory, sink, *function.body);
}

}  // namespace kernel::shell::rc
