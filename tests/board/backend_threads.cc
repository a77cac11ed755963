// procyon-host: harts are threads.
#include "tests/board/backend.h"

const bool board::kIsSimulator = false;
