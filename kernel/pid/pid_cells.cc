// The Pid hash on the kernel's atomics, compiled once.
#include "pid/pid_cells.h"

namespace kernel::pid {

template class BasicPidCells<KernelAtomics>;

}  // namespace kernel::pid
