// The first process: pid 1, parent of the shell and of every orphan.
#pragma once

namespace kernel::init {

/// Makes pid 1. Stops the machine when that fails. Context: boot hart, after every module is ready.
void make_first_process();

}  // namespace kernel::init
