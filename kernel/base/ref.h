// Ref<T>: a counted reference to an object that carries its own count.
#pragma once

#include "base/assert.h"
#include "base/atomic.h"
#include "base/std.h"

namespace kernel {

/// Base of counted objects. Starts at one reference, which `Ref<T>::adopt` takes over. When the
/// last reference goes, `T::destroy(T&)` runs in the context of the dropper: an object whose
/// destroy may sleep must only be dropped where sleeping is allowed.
template <class T>
class RefCounted : Pinned {
public:
    /// References held now; exact only when nobody else can change it.
    u32 ref_count() const {
        // relaxed: diagnostics and "am I alone" tests under the lock that excludes new references.
        return refs_.load(std::memory_order_relaxed);
    }

private:
    template <class U>
    friend class Ref;

    void add_ref() const {
        // relaxed: who adds a reference holds one, so the object cannot go meanwhile.
        const u32 before = refs_.fetch_add(1, std::memory_order_relaxed);
        DEBUG_ASSERT(before != 0);
        (void)before;  // ignored: looked at in debug builds
    }
    bool drop_ref() const {
        // [ref.drop] acq_rel: all uses by other holders happen before the destruction; pairs with
        // itself.
        const u32 before = refs_.fetch_sub(1, std::memory_order_acq_rel);
        DEBUG_ASSERT(before != 0);
        return before == 1;
    }

    mutable Atomic<u32> refs_{1};  // atomic: [ref.drop]
};

/// A reference that counts. Null when default-constructed, moved from or reset. Copying adds a
/// reference.
template <class T>
class Ref {
public:
    constexpr Ref() = default;
    constexpr Ref(std::nullptr_t) {}
    /// Takes over the reference that `object` was created with (or that was released by `leak`).
    static Ref adopt(T& object) { return Ref(&object); }
    /// A further reference to `object`, to which the caller holds one in some form.
    static Ref share(T& object) {
        object.add_ref();
        return Ref(&object);
    }

    Ref(const Ref& other) : object_(other.object_) {
        if (object_ != nullptr) object_->add_ref();
    }
    Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref& operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref() { reset(); }

    /// Drops the reference; may destroy the object.
    void reset() {
        T* object = std::exchange(object_, nullptr);
        if (object != nullptr && object->drop_ref()) T::destroy(*object);
    }
    /// Drops the reference without destroying: the object if this was the last one, else null. For
    /// who destroys chains of objects by a work list instead of recursion.
    [[nodiscard]] T* release_last() {
        T* object = std::exchange(object_, nullptr);
        return object != nullptr && object->drop_ref() ? object : nullptr;
    }
    /// Gives the reference up without dropping it; `adopt` takes it back.
    [[nodiscard]] T* leak() { return std::exchange(object_, nullptr); }

    T* get() const { return object_; }
    T& operator*() const {
        DEBUG_ASSERT(object_ != nullptr);
        return *object_;
    }
    T* operator->() const {
        DEBUG_ASSERT(object_ != nullptr);
        return object_;
    }
    explicit operator bool() const { return object_ != nullptr; }
    bool operator==(const Ref& other) const { return object_ == other.object_; }

private:
    explicit Ref(T* object) : object_(object) {}

    T* object_ = nullptr;
};

}  // namespace kernel
