// Runs a test's body as the first process of a machine that has the kernel's lower half.
#pragma once

#include <functional>

#include "chan/caller.h"
#include "chan/dev.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::dev::test {

/// Boots a machine with memory, channels and processes, where `devices` are all there are and `/`
/// is the first one's root, and runs `body` as process 1. Returns how the machine ended.
fixture::Outcome run_as_process(fixture::Options options, std::span<chan::Dev* const> devices,
                                const std::function<void(chan::Caller&)>& body,
                                fixture::Trouble trouble = fixture::Trouble::kFails);

}  // namespace kernel::dev::test
