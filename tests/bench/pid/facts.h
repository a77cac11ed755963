// What of the Pid hash is counted or timed by itself, without a peer.
#pragma once

namespace bench {

/// Prints, one a line as `name value`: bytes a cell, the largest part of memory, the shortest reuse
/// distance and its bound, the shortest time of reuse, the worst allocation beside 3 million live
/// numbers. `smoke` does the same with little.
void print_facts(bool smoke);

}  // namespace bench
