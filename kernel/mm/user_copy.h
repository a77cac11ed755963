// Copies between kernel and user memory that bring in what is not there yet.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "mm/address_space.h"

/// All here act on `space`, in which this hart runs. Context: task, interrupts on, no lock held.
/// Errors: kBadArg if the program itself could not do it; kNoMemory. After an error part may have
/// been copied.
namespace kernel::mm {

Result<void> copy_in(AddressSpace& space, Bytes to, VirtAddr user);
Result<void> copy_out(AddressSpace& space, VirtAddr user, ConstBytes from);

/// A value of the user's, at any alignment.
template <class T>
    requires(std::is_trivially_copyable_v<T>)
Result<T> read_user(AddressSpace& space, VirtAddr user) {
    T value;
    TRY(copy_in(space, std::as_writable_bytes(std::span(&value, 1)), user));
    return value;
}
template <class T>
    requires(std::is_trivially_copyable_v<T>)
Result<void> write_user(AddressSpace& space, VirtAddr user, const T& value) {
    return copy_out(space, user, std::as_bytes(std::span(&value, 1)));
}

/// The text at `user` up to its NUL, in `to`. Errors also: kTooBig if `to` has no room for the NUL.
Result<std::string_view> copy_text_in(AddressSpace& space, std::span<char> to, VirtAddr user);

/// Compares the word at `user` with `expected` and replaces it if it is equal; returns what was
/// there. Errors also: kBadArg if it is not aligned.
Result<u32> exchange_user(AddressSpace& space, VirtAddr user, u32 expected, u32 desired);

}  // namespace kernel::mm
