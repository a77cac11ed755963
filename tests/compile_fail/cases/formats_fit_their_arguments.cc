// A format has a place for each argument, no more and no fewer.
// fails: format_text_is_malformed
// fails: format_text_is_malformed
#include "base/log.h"

using namespace kernel;

void say(u32 number) {
    klog("{} of {}", number, 2u);  // RIGHT
    klog("{} of {}", number);  // WRONG
    klog("only {}", number);  // RIGHT
    klog("only", number);  // WRONG
}
