// Checking the open modes that programs hand in.
#include "chan/open_mode.h"

namespace kernel::chan {

Result<OpenMode> OpenMode::parse(u32 bits) {
    constexpr u32 kKnown = 3 | (kOTrunc | kOCExec | kORClose | kOExcl).bits();
    if ((bits & ~kKnown) != 0) return Error::kBadArg;
    return OpenMode(bits);
}

}  // namespace kernel::chan
