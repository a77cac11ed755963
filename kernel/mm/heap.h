// The heap: memory of any size, by size classes below a page and by the page above.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"

namespace kernel::mm {

/// At least `size` bytes, 16-byte aligned; the answer's size is `size`. Of 0 bytes: an empty span.
/// Context: any. Locks: slab, page cache, pages.
/// Returns: kNoMemory.
/// Cost: O(1) to kLargestClass; above that, a run of pages.
Result<Bytes> allocate(usize size);
/// Gives back what allocate(size) gave. Null is fine when size is 0.
void deallocate(void* memory, usize size);
inline void deallocate(Bytes memory) { deallocate(memory.data(), memory.size()); }

/// Sizes above this one are rounded up to whole pages.
inline constexpr usize kLargestClass = 2048;

/// Move-only owner of raw bytes.
class Buffer {
public:
    constexpr Buffer() = default;
    /// `size` bytes, contents unspecified. Returns: kNoMemory.
    static Result<Buffer> create(usize size) { return Buffer(TRY(allocate(size))); }

    Buffer(Buffer&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    Buffer& operator=(Buffer&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~Buffer() {
        if (!bytes_.empty()) deallocate(bytes_);
    }

    Bytes bytes() const { return bytes_; }
    usize size() const { return bytes_.size(); }
    std::byte* data() const { return bytes_.data(); }

private:
    explicit Buffer(Bytes bytes) : bytes_(bytes) {}

    Bytes bytes_;
};

/// Move-only owner of one T on the heap, for types that are too rare for a cache of their own.
template <class T>
class Box {
    static_assert(alignof(T) <= 16);

public:
    constexpr Box() = default;
    /// Returns: kNoMemory.
    template <class... Args>
    static Result<Box> create(Args&&... arguments) {
        const Bytes memory = TRY(allocate(sizeof(T)));
        return Box(::new (static_cast<void*>(memory.data())) T(std::forward<Args>(arguments)...));
    }
    /// Takes over an object that leak() gave up.
    static Box adopt(T& object) { return Box(&object); }

    Box(Box&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Box& operator=(Box&& other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Box() { reset(); }

    void reset() {
        if (T* object = std::exchange(object_, nullptr); object != nullptr) {
            object->~T();
            deallocate(object, sizeof(T));
        }
    }
    [[nodiscard]] T* leak() { return std::exchange(object_, nullptr); }

    T* get() const { return object_; }
    T& operator*() const { return *object_; }
    T* operator->() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }

private:
    explicit Box(T* object) : object_(object) {}

    T* object_ = nullptr;
};

}  // namespace kernel::mm
