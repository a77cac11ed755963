// Its own file, for programs without floating point.
#include <libc.h>

double frand(void) { return ((uvlong)lrand() << 22 | lrand() >> 9) * 0x1p-53; }
