// Callers: their identity and groups behind one spin lock.
#include "chan/caller.h"

#include "chan/owner.h"
#include "sched/task.h"

namespace kernel::chan {

void Caller::start(CallerStart&& from) {
    // relaxed (both): the process is found by others only later, which orders these.
    pid_.store(from.pid, std::memory_order_relaxed);
    serial_.store(from.serial, std::memory_order_relaxed);
    set_parent_pid(from.parent_pid);
    io_.clear();
    const sync::IrqSaveGuard guard(lock_);
    user_.assign(from.user);
    name_space_ = std::move(from.name_space);
    fds_ = std::move(from.fds);
    environment_ = std::move(from.environment);
    dot_ = std::move(from.dot);
}

void Caller::finish() {
    // Dropped after the lock, the last first: files are closed while their names are still there.
    Ref<Chan> dot;
    Ref<Namespace> name_space;
    Ref<EnvGroup> environment;
    Ref<FdGroup> fds;
    const sync::IrqSaveGuard guard(lock_);
    std::swap(dot, dot_);
    std::swap(name_space, name_space_);
    std::swap(environment, environment_);
    std::swap(fds, fds_);
}

UserName Caller::user() const {
    sync::IrqSaveGuard guard(lock_);
    return user_;
}

void Caller::set_user(std::string_view name) {
    sync::IrqSaveGuard guard(lock_);
    // [caller.changes] release: who reads the new count waits for the lock, and finds the new user.
    user_changes_.fetch_add(1, std::memory_order_release);
    user_.assign(name);
}

bool Caller::is_eve() const { return user().view() == host_owner().view(); }

bool Caller::is_none() const { return user().view() == "none"; }

Ref<Namespace> Caller::name_space() const {
    sync::IrqSaveGuard guard(lock_);
    return name_space_;
}

Ref<FdGroup> Caller::fds() const {
    sync::IrqSaveGuard guard(lock_);
    return fds_;
}

Ref<EnvGroup> Caller::environment() const {
    sync::IrqSaveGuard guard(lock_);
    return environment_;
}

Ref<Chan> Caller::dot() const {
    sync::IrqSaveGuard guard(lock_);
    return dot_;
}

// The old reference is dropped with `next`, after the lock.

void Caller::set_name_space(Ref<Namespace> next) {
    sync::IrqSaveGuard guard(lock_);
    std::swap(name_space_, next);
}

void Caller::set_fds(Ref<FdGroup> next) {
    sync::IrqSaveGuard guard(lock_);
    std::swap(fds_, next);
}

void Caller::set_environment(Ref<EnvGroup> next) {
    sync::IrqSaveGuard guard(lock_);
    std::swap(environment_, next);
}

void Caller::set_dot(Ref<Chan> next) {
    sync::IrqSaveGuard guard(lock_);
    std::swap(dot_, next);
}

FixedString<kErrorTextMax>& Caller::error_detail() { return sched::Task::current().error_detail(); }

void print_error(Sink& sink, Error error) {
    FixedString<kErrorTextMax> text;
    text.format("{}{}", error, Caller::error_detail().view());
    sink.write(text);
}

}  // namespace kernel::chan
