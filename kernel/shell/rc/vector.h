// Vector<T> and Stack<T>: growable storage whose growth may fail; memory comes from a Memory.
#pragma once

#include "base/assert.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"

namespace kernel::shell::rc {

/// A growing array. Elements move when it grows. Growing fails with kNoMemory and changes nothing.
template <class T>
class Vector {
public:
    explicit Vector(Memory& memory) : memory_(&memory) {}
    Vector(Vector&& other) noexcept
        : memory_(other.memory_),
          data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    Vector& operator=(Vector&& other) noexcept {
        std::swap(memory_, other.memory_);
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    ~Vector() {
        truncate(0);
        if (data_ != nullptr) memory_->release(data_, capacity_ * sizeof(T));
    }

    Result<void> reserve(usize capacity) {
        if (capacity <= capacity_) return {};
        const usize grown = std::max({capacity, capacity_ * 2, kFirstCapacity});
        if (grown > std::numeric_limits<usize>::max() / 2 / sizeof(T)) return Error::kNoMemory;
        void* at = memory_->allocate(grown * sizeof(T));
        if (at == nullptr) return Error::kNoMemory;
        T* moved = static_cast<T*>(at);
        if constexpr (std::is_trivially_copyable_v<T>) {
            if (size_ != 0) std::memcpy(moved, data_, size_ * sizeof(T));
        } else {
            for (usize i = 0; i < size_; ++i) {
                ::new (static_cast<void*>(moved + i)) T(std::move(data_[i]));
                data_[i].~T();
            }
        }
        if (data_ != nullptr) memory_->release(data_, capacity_ * sizeof(T));
        data_ = moved;
        capacity_ = grown;
        return {};
    }
    Result<void> push(T value) {
        if (size_ == capacity_) TRY(reserve(size_ + 1));
        ::new (static_cast<void*>(data_ + size_)) T(std::move(value));
        ++size_;
        return {};
    }
    /// Puts `value` before position `at`.
    Result<void> insert(usize at, T value) {
        TRY(push(std::move(value)));
        std::rotate(data_ + at, data_ + size_ - 1, data_ + size_);
        return {};
    }
    void erase(usize from, usize to) {
        std::move(data_ + to, data_ + size_, data_ + from);
        truncate(size_ - (to - from));
    }
    /// Drops everything from position `size` on.
    void truncate(usize size) {
        while (size_ > size) data_[--size_].~T();
    }
    /// Appends copies; for plain data.
    Result<void> append(std::span<const T> values)
        requires std::is_trivially_copyable_v<T>
    {
        TRY(reserve(size_ + values.size()));
        if (!values.empty()) std::memcpy(data_ + size_, values.data(), values.size_bytes());
        size_ += values.size();
        return {};
    }

    usize size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](usize i) {
        DEBUG_ASSERT(i < size_);
        return data_[i];
    }
    const T& operator[](usize i) const {
        DEBUG_ASSERT(i < size_);
        return data_[i];
    }
    T& back() { return (*this)[size_ - 1]; }
    T* begin() { return data_; }
    T* end() { return data_ + size_; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }
    std::span<T> items() { return {data_, size_}; }
    std::span<const T> items() const { return {data_, size_}; }
    Memory& memory() const { return *memory_; }

private:
    static constexpr usize kFirstCapacity = 8;

    Memory* memory_;
    T* data_ = nullptr;
    usize size_ = 0;
    usize capacity_ = 0;
};

/// A stack in pieces: elements stay where they are, and no large piece of memory is needed however
/// deep it gets. What parser, evaluator and printer use in place of the machine's stack.
template <class T>
class Stack : Pinned {
public:
    explicit Stack(Memory& memory) : memory_(memory) {}
    ~Stack() {
        while (size_ > 0) pop();
        if (spare_ != nullptr) unmake(memory_, *spare_);
    }

    /// Fails with kNoMemory.
    Result<T*> push(T value) {
        if (top_ == nullptr || used_ == kPieceItems) {
            Piece* piece =
                spare_ != nullptr ? std::exchange(spare_, nullptr) : make<Piece>(memory_);
            if (piece == nullptr) return Error::kNoMemory;
            piece->below = top_;
            top_ = piece;
            used_ = 0;
        }
        T* at = top_->item(used_);
        ::new (static_cast<void*>(at)) T(std::move(value));
        ++used_;
        ++size_;
        return at;
    }
    void pop() {
        DEBUG_ASSERT(size_ > 0);
        top_->item(--used_)->~T();
        --size_;
        if (used_ > 0) return;
        Piece* empty = std::exchange(top_, top_->below);
        used_ = top_ == nullptr ? 0 : kPieceItems;
        // One empty piece is kept, so that a stack at the border of two does not allocate each
        // time.
        if (spare_ == nullptr) {
            spare_ = empty;
        } else {
            unmake(memory_, *empty);
        }
    }
    T& top() {
        DEBUG_ASSERT(size_ > 0);
        return *top_->item(used_ - 1);
    }
    usize size() const { return size_; }
    bool empty() const { return size_ == 0; }

private:
    static constexpr usize kPieceItems = 16;

    struct Piece {
        Piece* below = nullptr;
        alignas(T) std::byte storage[kPieceItems * sizeof(T)];

        T* item(usize i) { return reinterpret_cast<T*>(storage) + i; }
    };

    Memory& memory_;
    Piece* top_ = nullptr;
    Piece* spare_ = nullptr;
    usize used_ = 0;  // items in the top piece
    usize size_ = 0;
};

}  // namespace kernel::shell::rc
