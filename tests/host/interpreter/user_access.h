// UserAccess: loads, stores and fetches at user addresses, of any width and alignment.
#pragma once

#include "tests/host/interpreter/instruction.h"
#include "tests/host/interpreter/translation_cache.h"
#include "tests/host/interpreter/trap.h"

namespace host::interpreter {

/// Memory as the instructions of one run see it. What faults says nothing or null, leaves memory as
/// it was, and leaves its reason in trap(). Aligned accesses are single-copy atomic; those that are
/// not aligned are made byte by byte, after both pages were found.
class UserAccess {
public:
    UserAccess(UserEnvironment& environment, TranslationCache& cache)
        : environment_(environment), cache_(cache) {}

    template <class T>
    std::optional<T> load(u64 at) {
        if (kernel::is_aligned(at, sizeof(T))) [[likely]] {
            std::byte* const host = locate(at, Attempt::kLoad);
            if (host == nullptr) return std::nullopt;
            return get<T>(host);
        }
        const std::optional<u64> value = load_bytes(at, sizeof(T));
        if (!value) return std::nullopt;
        return static_cast<T>(*value);
    }

    template <class T>
    bool store(u64 at, T value) {
        if (kernel::is_aligned(at, sizeof(T))) [[likely]] {
            std::byte* const host = locate(at, Attempt::kStore);
            if (host == nullptr) return false;
            // relaxed: user programs order their own accesses, with fences and .aq and .rl.
            std::atomic_ref<T>(*reinterpret_cast<T*>(host)).store(value, std::memory_order_relaxed);
            return true;
        }
        return store_bytes(at, value, sizeof(T));
    }

    /// The 16 bits of an instruction at `at`, which is even.
    std::optional<u16> fetch(u64 at) {
        // Instructions follow each other on one page: it is looked up when they leave it.
        if (at >> kernel::kPageShift != code_page_) [[unlikely]] {
            std::byte* const host = locate(at, Attempt::kExecute);
            if (host == nullptr) return std::nullopt;
            code_page_ = at >> kernel::kPageShift;
            code_ = host - at % kernel::kPageSize;
        }
        return get<u16>(code_ + at % kernel::kPageSize);
    }

    /// Where the word at `at` is, for atomic instructions; misaligned is a fault.
    template <class T>
    T* locate_atomic(u64 at, Attempt attempt) {
        if (!kernel::is_aligned(at, sizeof(T))) {
            trap_ = {attempt == Attempt::kLoad ? Cause::kLoadMisaligned : Cause::kStoreMisaligned,
                     at};
            return nullptr;
        }
        return reinterpret_cast<T*>(locate(at, attempt));
    }

    /// Why the last access that faulted did.
    const Trap& trap() const { return trap_; }

private:
    template <class T>
    static T get(std::byte* host) {
        // relaxed: as for stores.
        return std::atomic_ref<T>(*reinterpret_cast<T*>(host)).load(std::memory_order_relaxed);
    }

    /// Where the byte at `at` is, or null and a trap.
    std::byte* locate(u64 at, Attempt attempt) {
        std::byte* const known = cache_.find(at, attempt);
        return known != nullptr ? known : look_up(at, attempt);
    }

    std::byte* look_up(u64 at, Attempt attempt);
    std::optional<u64> load_bytes(u64 at, unsigned size);
    bool store_bytes(u64 at, u64 value, unsigned size);

    /// The bytes of a misaligned access: on one page, or the last ones on the next.
    struct Run {
        std::byte* first;   // null: it faulted
        std::byte* second;  // where the next page begins, if the run reaches there
        u64 on_first;       // bytes on the first page

        std::byte& byte(unsigned index) const {
            return index < on_first ? first[index] : second[index - on_first];
        }
    };
    Run locate_run(u64 at, unsigned size, Attempt attempt);

    UserEnvironment& environment_;
    TranslationCache& cache_;
    u64 code_page_ = ~u64{0};  // no page has this number
    std::byte* code_ = nullptr;
    Trap trap_{};
};

}  // namespace host::interpreter
