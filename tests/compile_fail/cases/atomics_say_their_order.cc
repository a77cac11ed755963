// An atomic operation names its order; an atomic is a word that the machine has instructions for.
// fails: (no matching function|too few arguments|no matching member)
// fails: (no match for 'operator\+\+'|no 'operator\+\+|cannot increment)
// fails: constraint
#include "base/atomic.h"

using namespace kernel;

u32 read(Atomic<u32>& word) {
    return word.load(std::memory_order_relaxed);  // RIGHT
    return word.load();  // WRONG
}
void bump(Atomic<u32>& word) {
    word.fetch_add(1, std::memory_order_relaxed);  // RIGHT
    ++word;  // WRONG
}
void small(Atomic<u32>&);  // RIGHT
void small(Atomic<u8>&);  // WRONG
