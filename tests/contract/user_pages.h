// Pages for user spaces where no mm is: a few of RAM that nobody uses.
#pragma once

#include "base/units.h"
#include "machine/page_record.h"
#include "tests/contract/contract.h"

namespace contract {

/// Gives the machine this pool for the tables and pages of user memory; everything in it is free.
/// Context: task; no space is open.
void use_user_pages();

/// A page of zeroes with one reference. There are enough for any case.
kernel::PhysAddr take_user_page();
/// Lets go of a reference to a page.
void give_user_page(kernel::PhysAddr page);
/// What the kernel sees of a page.
u64& word_in(kernel::PhysAddr page, u64 offset = 0);

kernel::machine::PageRecord& user_page_record(kernel::PhysAddr page);
/// Pages that are not free: none, when all spaces are closed.
usize user_pages_taken();

/// What a page holds that was given back: no program should read it, and as code it is illegal.
inline constexpr u64 kGivenBack = 0xdead'0000'dead'0000;

}  // namespace contract
