// PidRef: a counted reference to a process number, which cannot be copied, lost or dropped twice.
#pragma once

#include "base/assert.h"
#include "base/std.h"
#include "pid/pid_cells.h"

namespace kernel::pid {

template <class Policy>
class BasicPidTable;

/// Holds one reference to a number for its life: while it exists the number is nobody else's. Only
/// the table makes one; only the destructor, reset() or PidTable::exit() ends one. The handle
/// itself is its owner's to protect.
template <class Policy>
class [[nodiscard]] BasicPidRef {
public:
    /// Nobody.
    constexpr BasicPidRef() = default;
    BasicPidRef(BasicPidRef&& other) noexcept
        : cells_(other.cells_), number_(std::exchange(other.number_, 0)) {}
    BasicPidRef& operator=(BasicPidRef&& other) noexcept {
        // What this held goes now, not when `other` dies: an exchanged parent is free at once.
        BasicPidRef taken(std::move(other));
        std::swap(cells_, taken.cells_);
        std::swap(number_, taken.number_);
        return *this;
    }
    ~BasicPidRef() { reset(); }

    /// The number; 0 for nobody.
    u32 number() const { return number_; }
    explicit operator bool() const { return number_ != 0; }

    /// A further reference to the same number; nobody's is nobody. Any context. Wait-free.
    BasicPidRef dup() const {
        if (number_ != 0) cells_->dup(number_);
        return BasicPidRef(cells_, number_);
    }
    /// Drops the reference now. Any context. Wait-free.
    void reset() {
        if (const u32 number = std::exchange(number_, 0); number != 0) cells_->release(number, 1);
    }

private:
    friend class BasicPidTable<Policy>;
    using Cells = BasicPidCells<Policy>;

    BasicPidRef(Cells* cells, u32 number) : cells_(cells), number_(number) {}
    /// Gives the number up with its reference still counted.
    u32 take() { return std::exchange(number_, 0); }

    Cells* cells_ = nullptr;
    u32 number_ = 0;
};

using PidRef = BasicPidRef<KernelAtomics>;

}  // namespace kernel::pid
