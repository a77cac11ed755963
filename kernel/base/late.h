// Late<T>: room for a global object that boot code makes, and that nothing ever destroys.
#pragma once

#include "base/std.h"

namespace kernel {

/// A kernel has neither global constructors nor an end of the program, so a global with links or
/// locks in it lives in a Late and is made by its module's init(). Making it again is a new boot in
/// the same address space (the host does that): what was there is forgotten, not destroyed.
template <class T>
class Late : Pinned {
public:
    constexpr Late() = default;

    /// Makes the object. Context: boot.
    template <class... Args>
    T& make(Args&&... args) {
        return *::new (static_cast<void*>(bytes_.data())) T(std::forward<Args>(args)...);
    }
    /// The object, made earlier.
    T& get() { return *std::launder(reinterpret_cast<T*>(bytes_.data())); }
    const T& get() const { return *std::launder(reinterpret_cast<const T*>(bytes_.data())); }
    T* operator->() { return &get(); }
    T& operator*() { return get(); }

private:
    alignas(T) std::array<std::byte, sizeof(T)> bytes_{};
};

}  // namespace kernel
