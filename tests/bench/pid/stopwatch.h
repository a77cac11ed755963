// Time of this thread, without what it waited for a processor; and threads held to processors.
#pragma once

#include <chrono>

#include "tests/bench/pid/table.h"

namespace bench {

/// Elapsed time less the time that this thread was ready to run and did not: others who use the
/// machine disturb the measurement less. Waiting for a lock counts.
class Stopwatch {
public:
    void start();
    double ns() const;

private:
    std::chrono::steady_clock::time_point begin_;
    double delayed_ns_ = 0;
};

/// Holds the calling thread to processor `index` of those this process may use; ends the process
/// with a sentence when there are not that many, for two threads on one processor measure nothing.
void pin(u32 index);

}  // namespace bench
