// Pages of user memory and of its tables: where UserSpace gets them.
#pragma once

#include "base/result.h"
#include "base/units.h"

namespace kernel::mm {

/// Where user memory shows zeroes that nobody has written yet. Not counted, never freed. Context:
/// after initialize().
PhysAddr zero_page();

/// A page of user memory with a fresh record. Errors: kNoMemory. Context: task.
Result<PhysAddr> take_user_page();
/// Takes back a page that nobody refers to.
void give_user_page(PhysAddr page);
/// Lets go of a reference, and gives the page back if that was the last.
void drop_user_page(PhysAddr page);

}  // namespace kernel::mm
