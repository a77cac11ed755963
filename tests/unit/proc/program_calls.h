// The numbers of the calls that programs of process tests can make.
#pragma once

#include "base/std.h"

namespace kernel::proc::test {

enum ProgramCall : u32 {
    kExits = 1,  // a0: a text, or 0
    kFork,       // a0: proc::Memory, a1: proc::Begin; the number of the child, 0 in it
    kWait,       // the number of the child that ended
    kNotify,
    kNoted,
    kMeet,     // a0: tag, a1: value
    kAcquire,  // a0: semaphore, a1: whether to wait
    kRelease,  // a0: semaphore, a1: how many
    kPid,      // short
};

}  // namespace kernel::proc::test
