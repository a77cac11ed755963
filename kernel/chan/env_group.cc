// Environment variables: a list of names and byte runs behind one sleeping lock.
#include "chan/env_group.h"

#include "chan/text_reply.h"
#include "mm/heap.h"
#include "mm/object_cache.h"

namespace kernel::chan {

/// A variable. All fields are guarded by the lock of its group.
class EnvVariable : Pinned {
public:
    explicit EnvVariable(std::string_view text) : name(text) {}

    ConstBytes value() const { return buffer.bytes().first(size); }

    const ElementName name;
    u64 path = 0;
    u32 vers = 0;
    mm::Buffer buffer;  // the value and room to grow
    usize size = 0;     // of the value
    EnvVariable* next = nullptr;
};

namespace {

constinit mm::ObjectCache<EnvGroup> groups{"envgroup"};
constinit mm::ObjectCache<EnvVariable> variables{"envvar"};

EnvInfo describe_variable(const EnvVariable& variable) {
    return {variable.name, file_qid(variable.path, variable.vers), variable.size};
}

Result<void> check_name(std::string_view name) {
    if (name.size() > kElementMax) return Error::kNameTooLong;
    if (name.empty() || name == "." || name == "..") return Error::kBadName;
    for (char c : name) {
        if (static_cast<u8>(c) < 0x20 || c == 0x7f || c == '/') return Error::kBadName;
    }
    return {};
}

}  // namespace

Result<Ref<EnvGroup>> EnvGroup::create() { return Ref<EnvGroup>::adopt(*TRY(groups.create())); }

EnvGroup::~EnvGroup() {
    // Nobody else is left; the lock is for the analysis.
    sched::WriteGuard guard(lock_);
    while (first_ != nullptr) {
        EnvVariable* gone = first_;
        first_ = gone->next;
        variables.destroy(*gone);
    }
}

void EnvGroup::destroy(EnvGroup& group) { groups.destroy(group); }

EnvVariable* EnvGroup::by_name(std::string_view name) {
    EnvVariable* at = first_;
    while (at != nullptr && at->name.view() != name) at = at->next;
    return at;
}

EnvVariable* EnvGroup::by_path(u64 path) {
    EnvVariable* at = first_;
    while (at != nullptr && at->path != path) at = at->next;
    return at;
}

void EnvGroup::append(EnvVariable& variable) {
    (last_ == nullptr ? first_ : last_->next) = &variable;
    last_ = &variable;
}

Result<EnvVariable*> EnvGroup::make_locked(std::string_view name) {
    EnvVariable* found = by_name(name);
    if (found != nullptr) return found;
    if (bytes_ + sizeof(EnvVariable) > kEnvGroupMax) return Error::kTooBig;
    EnvVariable* made = TRY(variables.create(name));
    made->path = ++last_path_;
    bytes_ += sizeof(EnvVariable);
    append(*made);
    return made;
}

Result<void> EnvGroup::resize(EnvVariable& variable, usize size) {
    constexpr usize kSmallest = 16;
    if (size > kEnvValueMax || bytes_ - variable.size + size > kEnvGroupMax) return Error::kTooBig;
    if (size > variable.buffer.size()) {
        // Doubling, so that a value written piece by piece is not copied for each piece.
        const usize room = std::max({kSmallest, size, std::min(2 * variable.size, kEnvValueMax)});
        mm::Buffer grown = TRY(mm::Buffer::create(room));
        std::copy_n(variable.buffer.data(), variable.size, grown.data());
        variable.buffer = std::move(grown);
    }
    if (size > variable.size) {
        std::memset(variable.buffer.data() + variable.size, 0, size - variable.size);
    }
    bytes_ = bytes_ - variable.size + size;
    variable.size = size;
    ++variable.vers;
    return {};
}

Result<void> EnvGroup::remove_locked(EnvVariable* variable) {
    if (variable == nullptr) return Error::kNotExist;
    EnvVariable* before = nullptr;
    for (EnvVariable* at = first_; at != variable; at = at->next) before = at;
    (before == nullptr ? first_ : before->next) = variable->next;
    if (last_ == variable) last_ = before;
    bytes_ -= variable->size + sizeof(EnvVariable);
    variables.destroy(*variable);
    return {};
}

Result<Ref<EnvGroup>> EnvGroup::copy() {
    Ref<EnvGroup> made = TRY(create());
    TRY(made->copy_from(*this));
    return made;
}

Result<void> EnvGroup::copy_from(EnvGroup& other) {
    // Two locks of one rank are never held at once: the list is built outside of both groups.
    EnvVariable* first = nullptr;
    Result<void> outcome;
    u64 last_path = 0;
    usize bytes = 0;
    {
        sched::ReadGuard guard(other.lock_);
        EnvVariable** end = &first;
        for (const EnvVariable* at = other.first_; at != nullptr && outcome.ok(); at = at->next) {
            outcome = copy_variable(*at, end);
            if (outcome.ok()) end = &(*end)->next;
        }
        last_path = other.last_path_;
        bytes = other.bytes_;
    }
    sched::WriteGuard guard(lock_);
    while (first != nullptr) {
        EnvVariable* variable = std::exchange(first, first->next);
        variable->next = nullptr;
        append(*variable);
    }
    last_path_ = last_path;
    bytes_ = bytes;
    return outcome;
}

Result<void> EnvGroup::copy_variable(const EnvVariable& from, EnvVariable** to) {
    mm::Buffer buffer = TRY(mm::Buffer::create(from.size));
    std::copy_n(from.buffer.data(), from.size, buffer.data());
    EnvVariable* made = TRY(variables.create(from.name.view()));
    made->path = from.path;
    made->vers = from.vers;
    made->buffer = std::move(buffer);
    made->size = from.size;
    *to = made;
    return {};
}

// By name.

Result<void> EnvGroup::set(std::string_view name, ConstBytes value) {
    TRY(check_name(name));
    sched::WriteGuard guard(lock_);
    const bool existed = by_name(name) != nullptr;
    EnvVariable* variable = TRY(make_locked(name));
    const Result<void> resized = resize(*variable, value.size());
    if (!resized.ok()) {
        if (!existed) MUST(remove_locked(variable));  // it was made just now
        return resized;
    }
    std::copy_n(value.data(), value.size(), variable->buffer.data());
    return {};
}

Result<usize> EnvGroup::get(std::string_view name, Bytes out) {
    sched::ReadGuard guard(lock_);
    const EnvVariable* variable = by_name(name);
    if (variable == nullptr) return Error::kNotExist;
    reply_bytes(out, 0, variable->value());
    return variable->size;
}

Result<void> EnvGroup::remove(std::string_view name) {
    sched::WriteGuard guard(lock_);
    return remove_locked(by_name(name));
}

// As files.

Result<EnvInfo> EnvGroup::find(std::string_view name) {
    sched::ReadGuard guard(lock_);
    const EnvVariable* variable = by_name(name);
    if (variable == nullptr) return Error::kNotExist;
    return describe_variable(*variable);
}

Result<EnvInfo> EnvGroup::find(u64 path) {
    sched::ReadGuard guard(lock_);
    const EnvVariable* variable = by_path(path);
    if (variable == nullptr) return Error::kNotExist;
    return describe_variable(*variable);
}

std::optional<EnvInfo> EnvGroup::next(u64 path) {
    sched::ReadGuard guard(lock_);
    const EnvVariable* at = first_;
    while (at != nullptr && at->path <= path) at = at->next;
    if (at == nullptr) return {};
    return describe_variable(*at);
}

Result<Qid> EnvGroup::make(std::string_view name) {
    TRY(check_name(name));
    sched::WriteGuard guard(lock_);
    EnvVariable* variable = TRY(make_locked(name));
    TRY(resize(*variable, 0));
    return file_qid(variable->path, variable->vers);
}

Result<void> EnvGroup::truncate(u64 path) {
    sched::WriteGuard guard(lock_);
    EnvVariable* variable = by_path(path);
    if (variable == nullptr) return Error::kNotExist;
    return resize(*variable, 0);
}

Result<usize> EnvGroup::read(u64 path, Bytes out, u64 offset) {
    sched::ReadGuard guard(lock_);
    const EnvVariable* variable = by_path(path);
    if (variable == nullptr) return Error::kNotExist;
    return reply_bytes(out, offset, variable->value());
}

Result<usize> EnvGroup::write(u64 path, ConstBytes data, u64 offset) {
    sched::WriteGuard guard(lock_);
    EnvVariable* variable = by_path(path);
    if (variable == nullptr) return Error::kNotExist;
    if (offset > kEnvValueMax || data.size() > kEnvValueMax) return Error::kTooBig;
    const usize start = static_cast<usize>(offset);
    TRY(resize(*variable, std::max(variable->size, start + data.size())));
    std::copy_n(data.data(), data.size(), variable->buffer.data() + start);
    return data.size();
}

Result<void> EnvGroup::remove(u64 path) {
    sched::WriteGuard guard(lock_);
    return remove_locked(by_path(path));
}

}  // namespace kernel::chan
