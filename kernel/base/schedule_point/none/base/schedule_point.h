// The schedule point of builds in which real hardware or real threads decide who runs: nothing.
#pragma once

namespace kernel {

inline void schedule_point() {}

}  // namespace kernel
