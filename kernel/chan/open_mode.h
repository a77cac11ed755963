// OpenMode: how a file is opened: to read, write, both or execute, with modifiers; Plan 9's
// numbers.
#pragma once

#include "base/result.h"
#include "base/std.h"

namespace kernel::chan {

/// The low two bits of an OpenMode.
enum class OpenAccess : u8 { kRead = 0, kWrite = 1, kReadWrite = 2, kExecute = 3 };

/// How a file is opened. Made of the constants below and `|`, or from a number by `parse`.
class OpenMode {
public:
    constexpr OpenMode() = default;
    constexpr explicit OpenMode(u32 bits) : bits_(bits) {}

    /// From a user's number. Errors: kBadArg for bits that mean nothing.
    static Result<OpenMode> parse(u32 bits);

    constexpr OpenAccess access() const { return static_cast<OpenAccess>(bits_ & 3); }
    constexpr bool reads() const { return access() != OpenAccess::kWrite; }
    constexpr bool writes() const {
        return access() == OpenAccess::kWrite || access() == OpenAccess::kReadWrite;
    }
    constexpr bool executes() const { return access() == OpenAccess::kExecute; }
    constexpr bool truncates() const { return (bits_ & 0x10) != 0; }
    constexpr bool closes_on_exec() const { return (bits_ & 0x20) != 0; }
    constexpr bool removes_on_close() const { return (bits_ & 0x40) != 0; }
    constexpr bool is_exclusive() const { return (bits_ & 0x1000) != 0; }

    /// The access alone, without modifiers.
    constexpr OpenMode access_only() const { return OpenMode(bits_ & 3); }
    constexpr OpenMode without(OpenMode other) const { return OpenMode(bits_ & ~other.bits_); }
    constexpr u32 bits() const { return bits_; }

    constexpr OpenMode operator|(OpenMode other) const { return OpenMode(bits_ | other.bits_); }
    constexpr bool operator==(const OpenMode&) const = default;

private:
    u32 bits_ = 0;
};

inline constexpr OpenMode kORead{0};
inline constexpr OpenMode kOWrite{1};
inline constexpr OpenMode kORdWr{2};
inline constexpr OpenMode kOExec{3};
inline constexpr OpenMode kOTrunc{0x10};   // empty the file
inline constexpr OpenMode kOCExec{0x20};   // close it at exec
inline constexpr OpenMode kORClose{0x40};  // remove it when the last reference goes
inline constexpr OpenMode kOExcl{0x1000};  // create only: fail if it exists

}  // namespace kernel::chan
