// Fences that reach every hart, through firmware.
#pragma once

#include "base/std.h"

namespace arch::riscv64 {

/// On return every hart of `harts`, a bit a hart index, has forgotten its cached translations. As
/// below otherwise.
void fence_translations_on(kernel::u64 harts);

/// On return every hart has forgotten its cached translations, or its fetched instructions. Panics
/// if firmware refuses: a hart that goes on with what it remembers corrupts others' memory. For
/// machines where firmware_reaches_other_harts(). Any context.
void fence_translations_everywhere();
void fence_instructions_everywhere();

}  // namespace arch::riscv64
