// procyon-host-sim: harts are flows of the simulator.
#include "tests/board/backend.h"

const bool board::kIsSimulator = true;
