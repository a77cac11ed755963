// What is in a Locked is reached through with() only, and nothing that points into it comes out.
// fails: value_.* is (a private member|private)
// fails: a reference would outlive the lock
#include "sync/locked.h"

using namespace kernel;

using Cell = sync::Locked<u32, sync::LockRank::kDeviceSpin>;

u32 peek(Cell& cell) {
    return cell.with([](u32& value) { return value; });  // RIGHT
    return cell.value_;  // WRONG
}
u32 leak(Cell& cell) {
    return cell.with([](u32& value) { return value + 1; });  // RIGHT
    return cell.with([](u32& value) -> u32& { return value; });  // WRONG
}
