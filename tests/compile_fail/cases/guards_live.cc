// A guard has a name, and so lives to the end of its block.
// compiler: clang
// fails: ignoring temporary
#include "sync/spin_lock.h"

using namespace kernel;

void keep(sync::SpinLock<sync::LockRank::kDeviceSpin>& lock) {
    const sync::IrqSaveGuard guard{lock};  // RIGHT
    sync::IrqSaveGuard{lock};  // WRONG
}
