// fail_each: fails each allocation of something in turn, and sees that nothing is lost.
#pragma once

#include <functional>

#include "base/result.h"

namespace kernel::proc::test {

/// Whether what is tried is known to allocate at all.
enum class Allocates : u8 { kYes, kPerhaps };

/// Runs `make` with its first allocation failed, then its second, ... and at last with none; undoes
/// with `undo` what succeeded. What fails must say `kernel allocate failed` and leave everything as
/// it was (see Census). On a machine of one hart on which nothing else allocates.
void fail_each(const std::function<Result<void>()>& make, const std::function<void()>& undo,
               Allocates allocates = Allocates::kYes);

}  // namespace kernel::proc::test
