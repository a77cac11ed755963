// Addresses and times are not numbers, nor each other.
// fails: (conversion from .*PhysAddr.* to non-scalar type|no viable conversion from .*PhysAddr)
// fails: (conversion from 'int' to|no viable conversion from 'int')
// fails: narrow
// fails: (no match for 'operator\+'|invalid operands)
#include "base/units.h"

using namespace kernel;

VirtAddr map(PhysAddr physical) {
    const VirtAddr at{physical.value};  // RIGHT
    const VirtAddr at = physical;  // WRONG
    return at;
}
PhysAddr first() {
    const PhysAddr page{4096};  // RIGHT
    const PhysAddr page = 4096;  // WRONG
    return page;
}
PhysAddr offset(i64 bytes) {
    return PhysAddr{static_cast<u64>(bytes)};  // RIGHT
    return PhysAddr{bytes};  // WRONG
}
Nanos later(Nanos now) {
    return now + nanos_from_millis(5);  // RIGHT
    return now + 5;  // WRONG
}
