// The schedule point of the simulator build: every atomic operation may hand over to another hart.
#pragma once

namespace kernel {

/// Defined by the simulator.
void simulator_schedule_point();

inline void schedule_point() { simulator_schedule_point(); }

}  // namespace kernel
