// Counters of processes that share memory.
#include <libc.h>

// acq_rel: who counts down to 0 sees what the others did before.
long ainc(long* count) { return __atomic_add_fetch(count, 1, __ATOMIC_ACQ_REL); }
long adec(long* count) { return __atomic_sub_fetch(count, 1, __ATOMIC_ACQ_REL); }
