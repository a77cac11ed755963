// A reference to a number is not copied, and a further one is not dropped unseen.
// fails: (use of deleted|call to (implicitly-)?deleted|implicitly deleted)
// fails: ignoring return(ed)? value
#include "pid/pid_ref.h"

using namespace kernel;

pid::PidRef again(pid::PidRef& held) {
    pid::PidRef other = held.dup();  // RIGHT
    pid::PidRef other = held;  // WRONG
    return other;
}
void forget(pid::PidRef& held) {
    held.reset();  // RIGHT
    held.dup();  // WRONG
}
