// Complaint: the one sentence that says what is wrong with a description of the machine.
#pragma once

#include "base/fixed_string.h"
#include "boot/vocabulary.h"

namespace boot {

/// Filled by whoever returns Error::kBadFdt: what is wrong, with the values, for the panic message.
using Complaint = kernel::FixedString<160>;

}  // namespace boot
