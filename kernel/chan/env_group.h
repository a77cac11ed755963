// EnvGroup: environment variables, shared by the processes that did not separate theirs.
#pragma once

#include "base/annotations.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/qid.h"
#include "chan/stat.h"
#include "mm/object_cache.h"
#include "sched/qlock.h"

namespace kernel::chan {

/// The longest value, and the most that all values of one group may take.
inline constexpr usize kEnvValueMax = 1 << 20;
inline constexpr usize kEnvGroupMax = 4 << 20;

/// What a listing says about a variable.
struct EnvInfo {
    ElementName name;
    Qid qid;  // path: never reused in a group; vers: counts changes
    u64 length = 0;
};

class EnvVariable;

/// Variables, each a name and a run of bytes (rc ends list elements with NULs), in the order they
/// were made. A Qid path names a variable for good: it is not reused, and copies keep it.
/// Context of all: task, no spin lock held. Locks: the group's.
class EnvGroup : public RefCounted<EnvGroup> {
public:
    /// An empty group. Errors: kNoMemory.
    static Result<Ref<EnvGroup>> create();
    /// A group of its own with the same variables. Errors: kNoMemory.
    Result<Ref<EnvGroup>> copy();

    // --- By name, for the kernel itself. ---

    /// Errors: kNameTooLong, kBadName, kTooBig, kNoMemory.
    Result<void> set(std::string_view name, ConstBytes value);
    /// Copies the value, cut to `out`, and returns its full length. Errors: kNotExist.
    Result<usize> get(std::string_view name, Bytes out);
    /// Errors: kNotExist.
    Result<void> remove(std::string_view name);

    // --- As files, for #e. ---

    /// Errors: kNotExist.
    Result<EnvInfo> find(std::string_view name);
    Result<EnvInfo> find(u64 path);
    /// The first variable whose path is above `path`.
    std::optional<EnvInfo> next(u64 path);
    /// Makes an empty variable, or empties it if it exists. Errors: as set().
    Result<Qid> make(std::string_view name);
    Result<void> truncate(u64 path);
    Result<usize> read(u64 path, Bytes out, u64 offset);
    /// Grows the value as needed, a gap filled with zeros. Errors: kNotExist, kTooBig, kNoMemory.
    Result<usize> write(u64 path, ConstBytes data, u64 offset);
    Result<void> remove(u64 path);

private:
    friend class Ref<EnvGroup>;
    friend class mm::ObjectCache<EnvGroup>;

    EnvGroup() = default;
    ~EnvGroup();
    static void destroy(EnvGroup& group);

    EnvVariable* by_name(std::string_view name) REQUIRES_SHARED(lock_);
    EnvVariable* by_path(u64 path) REQUIRES_SHARED(lock_);
    /// The variable `name`, made if need be.
    Result<EnvVariable*> make_locked(std::string_view name) REQUIRES(lock_);
    Result<void> resize(EnvVariable& variable, usize size) REQUIRES(lock_);
    Result<void> remove_locked(EnvVariable* variable) REQUIRES(lock_);
    void append(EnvVariable& variable) REQUIRES(lock_);
    /// Fills this group, which is empty and known to nobody, from `other`; in part, on failure.
    Result<void> copy_from(EnvGroup& other);
    static Result<void> copy_variable(const EnvVariable& from, EnvVariable** to);

    sched::RWLock lock_{sync::LockRank::kEnvironment};
    EnvVariable* first_ GUARDED_BY(lock_) = nullptr;  // in order of paths
    EnvVariable* last_ GUARDED_BY(lock_) = nullptr;
    u64 last_path_ GUARDED_BY(lock_) = 0;
    usize bytes_ GUARDED_BY(lock_) = 0;
};

}  // namespace kernel::chan
