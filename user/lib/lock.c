// Lock: for processes that share memory.
#include <libc.h>

enum { kSpins = 100 };

// acquire: what the last holder wrote is seen; pairs with unlock().
int canlock(Lock* lock) { return !__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE); }

void lock(Lock* lock) {
    for (int spins = 0; !canlock(lock); ++spins) {
        // The holder may not be running: let it.
        if (spins >= kSpins) sleep(0);
    }
}

// release: pairs with canlock().
void unlock(Lock* lock) { __atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE); }
