// A lock, and whatever has one, is neither copied nor moved.
// fails: (use of deleted|call to (implicitly-)?deleted|implicitly deleted)
#include "sync/spin_lock.h"

using namespace kernel;

struct Table {
    sync::SpinLock<sync::LockRank::kDeviceSpin> lock;
};

void use(Table& table) {
    Table& same = table;  // RIGHT
    Table same = table;  // WRONG
    (void)same;
}
