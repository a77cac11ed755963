// Where rc's memory comes from: one small interface, and an owner that gives back what it holds.
#pragma once

#include "base/std.h"

namespace kernel::shell::rc {

/// The allocator behind every object of the shell. Shells that share parsed text or values with
/// each other (a job with its parent) use the same one, which outlives them all.
class Memory {
public:
    /// `bytes` > 0 of memory aligned for any type, or null when there is none.
    /// Context: any process that runs a shell, at the same time as others.
    virtual void* allocate(usize bytes) = 0;
    /// Gives back what allocate(bytes) returned.
    virtual void release(void* at, usize bytes) = 0;

protected:
    ~Memory() = default;
};

/// Makes a T in `memory`; null when there is none.
template <class T, class... Args>
[[nodiscard]] T* make(Memory& memory, Args&&... args) {
    void* at = memory.allocate(sizeof(T));
    if (at == nullptr) return nullptr;
    return ::new (at) T(std::forward<Args>(args)...);
}

/// Ends what make() began.
template <class T>
void unmake(Memory& memory, T& object) {
    object.~T();
    memory.release(&object, sizeof(T));
}

/// Sole owner of an object made in a Memory, or of nothing.
template <class T>
class Owned {
public:
    constexpr Owned() = default;
    Owned(Memory& memory, T* object) : memory_(&memory), object_(object) {}
    Owned(Owned&& other) noexcept
        : memory_(other.memory_), object_(std::exchange(other.object_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        if (this != &other) {
            reset();
            memory_ = other.memory_;
            object_ = std::exchange(other.object_, nullptr);
        }
        return *this;
    }
    ~Owned() { reset(); }

    void reset() {
        T* object = std::exchange(object_, nullptr);
        if (object != nullptr) unmake(*memory_, *object);
    }
    /// Gives the object up: somebody else makes an Owned of it.
    [[nodiscard]] T* release() { return std::exchange(object_, nullptr); }
    T* get() const { return object_; }
    T& operator*() const { return *object_; }
    T* operator->() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }

private:
    Memory* memory_ = nullptr;
    T* object_ = nullptr;
};

}  // namespace kernel::shell::rc
