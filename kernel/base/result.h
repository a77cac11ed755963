// Result<T>: a value or an Error; TRY passes the error on to the caller.
#pragma once

#include "base/assert.h"
#include "base/error.h"
#include "base/std.h"

namespace kernel {

namespace detail {

// What is asked of the wrong outcome stops here: one function for all types, so that asking is a
// comparison, which the compiler leaves out behind a test of ok().
[[noreturn, gnu::noinline]] inline void result_without_value() {
    assertion_failed(KERNEL_SOURCE_PLACE(), "the Result is a value");
}
[[noreturn, gnu::noinline]] inline void result_without_error() {
    assertion_failed(KERNEL_SOURCE_PLACE(), "the Result is an error");
}

}  // namespace detail

/// The outcome of an operation that is expected to fail at times. Must be looked at: either test
/// it, or pass the error on with TRY, or state with `(void)` and a comment why it does not matter.
template <class T>
class [[nodiscard]] Result {
    static_assert(!std::is_reference_v<T>, "return a pointer or a Ref");

public:
    Result(Error error) : error_(error), ok_(false) {}
    Result(T value) : value_(std::move(value)), ok_(true) {}
    Result(Result&& other) noexcept : ok_(other.ok_) {
        if (ok_) {
            ::new (static_cast<void*>(&value_)) T(std::move(other.value_));
        } else {
            error_ = other.error_;
        }
    }
    Result& operator=(Result&& other) noexcept {
        if (this != &other) {
            this->~Result();
            ::new (static_cast<void*>(this)) Result(std::move(other));
        }
        return *this;
    }
    ~Result() {
        if (ok_) value_.~T();
    }

    bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }

    [[gnu::always_inline]] Error error() const {
        if (ok_) [[unlikely]] detail::result_without_error();
        return error_;
    }
    [[gnu::always_inline]] T& value() & {
        check_value();
        return value_;
    }
    [[gnu::always_inline]] const T& value() const& {
        check_value();
        return value_;
    }
    [[gnu::always_inline]] T value() && {
        check_value();
        return std::move(value_);
    }
    T value_or(T other) && { return ok_ ? std::move(value_) : std::move(other); }

private:
    [[gnu::always_inline]] void check_value() const {
        if (!ok_) [[unlikely]] detail::result_without_value();
    }

    union {
        T value_;
        Error error_;
    };
    bool ok_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() : error_{}, ok_(true) {}
    Result(Error error) : error_(error), ok_(false) {}

    bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }
    [[gnu::always_inline]] Error error() const {
        if (ok_) [[unlikely]] detail::result_without_error();
        return error_;
    }
    [[gnu::always_inline]] void value() const {
        if (!ok_) [[unlikely]] detail::result_without_value();
    }

private:
    Error error_;
    bool ok_;
};

}  // namespace kernel

// Each use gets a name of its own, so that uses may nest.
#define KERNEL_RESULT_NAME_(counter) result_##counter##_
#define KERNEL_RESULT_NAME(counter) KERNEL_RESULT_NAME_(counter)

#define KERNEL_TRY(expression, name)   \
    ({                                 \
        auto name = (expression);      \
        if (!name.ok()) [[unlikely]] { \
            return name.error();       \
        }                              \
        std::move(name).value();       \
    })
#define KERNEL_MUST(expression, name) \
    ({                                \
        auto name = (expression);     \
        ASSERT(name.ok());            \
        std::move(name).value();      \
    })

/// The value of `expression` (a Result), or return its error from the enclosing function.
#define TRY(expression) KERNEL_TRY(expression, KERNEL_RESULT_NAME(__COUNTER__))

/// The value of `expression` (a Result) that cannot fail here; the comment at the use proves why.
#define MUST(expression) KERNEL_MUST(expression, KERNEL_RESULT_NAME(__COUNTER__))
