// A Result is not dropped, and is not its value.
// fails: ignoring return(ed)? value
// fails: (cannot convert|no viable conversion)
// fails: return a pointer or a Ref
#include "base/result.h"

using namespace kernel;

Result<u32> count();
Result<void> flush();

Result<void> drop() {
    TRY(flush());  // RIGHT
    flush();  // WRONG
    return {};
}
Result<u32> twice() {
    const u32 once = TRY(count());  // RIGHT
    const u32 once = count();  // WRONG
    return 2 * once;
}
Result<u32*> find();  // RIGHT
inline bool use(Result<u32&>& found) { return found.ok(); }  // WRONG
