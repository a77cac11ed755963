// model::Var<T>: plain shared data, of which the explorer finds unordered accesses.
#pragma once

#include "tests/model/execution.h"

namespace model {

/// Who accessed a Var last, by the clocks of threads.
class Accesses {
public:
    /// Each fails the execution if it is not ordered after the accesses it conflicts with. An
    /// interrupt handler is of its thread, hence ordered.
    void read(std::source_location where) const;
    void write(std::source_location where);

private:
    mutable std::array<u32, kMaxThreads> read_at_{};
    u32 written_at_ = 0;  // 0: before the threads
    u32 writer_ = 0;
};

template <class T>
class Var {
    using Where = std::source_location;

public:
    Var() = default;
    explicit Var(T value) : value_(value) {}
    Var(const Var&) = delete;
    Var& operator=(const Var&) = delete;

    T get(Where where = Where::current()) const {
        accesses_.read(where);
        return value_;
    }
    void set(T value, Where where = Where::current()) {
        accesses_.write(where);
        value_ = value;
    }

private:
    T value_{};
    Accesses accesses_;
};

}  // namespace model
