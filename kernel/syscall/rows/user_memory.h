// What the rows of the table have in common: arguments in user memory, and results.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "mm/heap.h"
#include "mm/user_copy.h"
#include "proc/proc.h"

/// Context of everything here: a full call of the current process's program.
namespace kernel::syscall {

/// -1, and errstr() gives the text of `error` then.
[[gnu::cold]] i64 refuse(Error error);
/// What a program gets: `result`, or -1.
inline i64 answer(const Result<u64>& result) {
    if (!result.ok()) [[unlikely]]
        return refuse(result.error());
    // A next row that fails before it begins a call has no detail to tell.
    chan::Caller::error_detail().clear();
    return static_cast<i64>(result.value());
}
inline i64 answer(const Result<void>& result) { return result.ok() ? 0 : refuse(result.error()); }

/// The memory of the current program.
inline mm::AddressSpace& user_space() { return *proc::current().my_space(); }

/// Posts the note for a bad address.
void note_bad_address();

/// `result` of touching user memory: kBadArg also posts the note for a bad address.
template <class T>
Result<T> checked(Result<T> result) {
    if (!result.ok() && result.error() == Error::kBadArg) note_bad_address();
    return result;
}

/// A text argument, copied. Short ones need no memory.
class UserText : Pinned {
public:
    /// Room for any name.
    static constexpr usize kMost = 4096;

    /// Copies the text at `at`, which is shorter than `most`. Errors: kBadArg, with a note;
    /// kNameTooLong; kNoMemory.
    Result<std::string_view> read(u64 at, usize most = kMost);

private:
    std::array<char, 128> inline_;
    mm::Buffer heap_;
};

/// Room for what a call copies in or out. Small ones need no memory.
class UserBuffer : Pinned {
public:
    /// What is moved at most in one go; a call that wants more gets less.
    static constexpr usize kMost = 64 * 1024;

    /// Room for `size` bytes, or kMost. Errors: kNoMemory.
    Result<Bytes> open(u64 size) {
        if (size <= inline_.size()) [[likely]]
            return Bytes(inline_).first(size);
        return open_heap(size);
    }

private:
    Result<Bytes> open_heap(u64 size);

    std::array<std::byte, 512> inline_;
    mm::Buffer heap_;
};

/// Checks that the program may do that with [at, at + size). Errors: kBadArg, with a note.
Result<void> check_user(u64 at, u64 size, machine::UserAttempt attempt);
inline Result<void> check_writable(u64 at, u64 size) {
    return check_user(at, size, machine::UserAttempt::kStore);
}
inline Result<void> check_readable(u64 at, u64 size) {
    return check_user(at, size, machine::UserAttempt::kLoad);
}
/// Copies to or from the program. Errors: kBadArg, with a note; kNoMemory.
Result<void> put_user(u64 at, ConstBytes from);
Result<void> get_user(Bytes to, u64 at);

}  // namespace kernel::syscall
