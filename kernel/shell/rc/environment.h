// Environment: the variables and functions of one shell.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/ast.h"
#include "shell/rc/host.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// A defined function: a block in a program that is kept as long as somebody uses it.
struct Function {
    Ref<Word> name;
    Ref<Program> program{};  // null: removed, and the removal not exported yet
    const Node* body = nullptr;
    bool changed = false;  // since the last export
};

/// Variables have a global value and local ones, which hide it while a construction (`x=1 cmd`,
/// `for`, a function call) lasts. Names and values are shared with other environments by reference;
/// the tables are not.
class Environment : Pinned {
public:
    explicit Environment(Memory& memory)
        : memory_(memory), variables_(memory), functions_(memory), locals_(memory) {}

    Memory& memory() const { return memory_; }

    // Variables. All that can fail fails with kNoMemory and changes nothing.

    /// The value now, or null for none. Valid until the variable changes.
    const List* find(std::string_view name) const;
    /// Sets the innermost value of that name; null for none.
    Result<void> assign(std::string_view name, Ref<List> value);
    /// Sets the global value, and takes it for exported.
    Result<void> import(std::string_view name, Ref<List> value);
    /// Hides the value of `name` by a new one, until pop_locals(the count before).
    Result<void> push_local(std::string_view name, Ref<List> value);
    usize locals() const { return locals_.size(); }
    void pop_locals(usize count);
    /// Sets the value of the innermost local.
    void set_top_local(Ref<List> value);

    // Functions.

    const Function* find_function(std::string_view name) const;
    Result<void> define(std::string_view name, Ref<Program> program, const Node* body);
    Result<void> remove_function(std::string_view name);
    /// Defines a function that came from outside: it is not exported again.
    Result<void> import_function(std::string_view name, Ref<Program> program, const Node* body);

    /// Gives `host` what changed since the last time.
    Result<void> export_changes(Host& host);
    /// Makes `other`, which is new, have what can be seen here, all of it global.
    Result<void> copy_to(Environment& other) const;
    /// Takes over everything that `other` has, which is left without.
    void take(Environment& other);

    /// In the order of names; f returns a Result<void>.
    template <class F>
    Result<void> each_variable(F f) const {
        for (const Variable& variable : variables_) {
            if (find(variable.name->text()) != nullptr) TRY(f(variable.name->text()));
        }
        return {};
    }
    template <class F>
    Result<void> each_function(F f) const {
        for (const Function& function : functions_) {
            if (function.program) TRY(f(function.name->text()));
        }
        return {};
    }

private:
    struct Variable {
        Ref<Word> name;
        Ref<List> value{};     // the global one; null for none
        bool changed = false;  // the value seen from here, since the last export
    };
    struct Local {
        Ref<Word> name;
        Ref<List> value;
    };

    template <class T>
    static usize lower_bound(const Vector<T>& table, std::string_view name);
    Result<Variable*> variable(std::string_view name);
    Local* local(std::string_view name);
    Result<void> export_variable(Host& host, std::string_view name);
    Result<void> export_function(Host& host, const Function& function);

    Memory& memory_;
    Vector<Variable> variables_;  // by name
    Vector<Function> functions_;  // by name
    Vector<Local> locals_;        // innermost last
};

/// Writes a function's definition, `fn name {...}`.
Result<void> put_function(Memory& memory, Sink& sink, const Function& function);

}  // namespace kernel::shell::rc
