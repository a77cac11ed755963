// Records: what the kernel tells a program in bytes, as the shell wants it: errors, ends of
// children, files.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell::user {

/// The error whose text an error string begins with ("file does not exist: '/proc/7'"); kGeneric
/// for a string of nobody's.
Error error_named(std::string_view text);

/// What await() wrote: pid, three times, status. Errors: kBadArg for anything else.
Result<rc::WaitRecord> parse_wait_record(std::string_view text);

/// What a shell asks of a file's stat record.
struct FileRecord {
    std::string_view name;  // in the record
    u32 mode;
    usize size;  // of the record: where the next begins
};
/// The record at the beginning of `bytes`. Errors: kShortStat if it is not all there, or no record.
Result<FileRecord> parse_file_record(ConstBytes bytes);

}  // namespace kernel::shell::user
