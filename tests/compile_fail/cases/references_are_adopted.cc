// A Ref is not made of a bare pointer: adopt or share says what becomes of the count.
// fails: (private|no viable conversion|no matching constructor|could not convert|conversion from)
#include "base/ref.h"

using namespace kernel;

struct Thing : RefCounted<Thing> {
    static void destroy(Thing& thing);
};

Ref<Thing> hold(Thing& thing) {
    return Ref<Thing>::share(thing);  // RIGHT
    return &thing;  // WRONG
}
