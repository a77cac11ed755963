// Which backend this executable was built on.
#pragma once

namespace board {

/// Whether harts are flows of the simulator; else they are threads.
extern const bool kIsSimulator;

}  // namespace board
