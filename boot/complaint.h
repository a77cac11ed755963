// Complaint: the one sentence that says what is wrong with a description of the machine.
#pragma once

#include "base/fixed_string.h"
#include "boot/vocabulary.h"

namespace boot {

/// Filled by whoever returns Error::kBadFdt: what is wrong, with the values, for the panic message.
using Complaint = kernel::FixedString<160>;

/// Fills `complaint` and is the error to return with it.
template <class... Args>
Error refuse(Complaint& complaint, kernel::FormatString<std::type_identity_t<Args>...> format,
             const Args&... args) {
    complaint.format(format, args...);
    return Error::kBadFdt;
}

}  // namespace boot
