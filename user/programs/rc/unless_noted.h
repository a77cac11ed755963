// unless_noted.S: a call that waits, made only if no note has come; so none is slept through.
#pragma once

#include "base/std.h"
#include "user/include/abi.h"

extern "C" {
/// Makes system call `number`, or returns kNoteCame if the mark is set.
kernel::i64 rc_unless_noted(const volatile bool* mark, kernel::u64 number, kernel::u64 a0,
                            kernel::u64 a1, kernel::u64 a2, kernel::u64 a3);
extern const char rc_unless_noted_begin[], rc_unless_noted_end[], rc_unless_noted_came[];
}

namespace kernel::shell::user {

inline constexpr i64 kNoteCame = -2;

/// For the handler, after it set the mark: code that looked at it before, and has not begun its
/// call yet, goes on as if it had seen it.
inline void move_on(Ureg& interrupted) {
    const u64 begin = reinterpret_cast<u64>(rc_unless_noted_begin);
    const u64 end = reinterpret_cast<u64>(rc_unless_noted_end);
    if (interrupted.pc < begin || interrupted.pc >= end) return;
    interrupted.pc = reinterpret_cast<u64>(rc_unless_noted_came);
}

}  // namespace kernel::shell::user
