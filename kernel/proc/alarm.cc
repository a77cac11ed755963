// Alarms: a timer whose function posts a note.
#include "proc/alarm.h"

#include "machine/clock.h"
#include "proc/notes.h"
#include "proc/proc.h"

namespace kernel::proc {

Nanos Alarm::set(Nanos time) {
    const Nanos now = machine::now();
    const bool was_armed = timer_.cancel();
    const Nanos left = was_armed && when_ > now ? when_ - now : Nanos{};
    if (time == Nanos{}) return left;
    when_ = now + time;
    timer_.arm(when_);
    return left;
}

void Alarm::ring(sched::Timer&, void* alarm) {
    Proc& owner = static_cast<Alarm*>(alarm)->owner_;
    // ignored: a full queue has more pressing notes
    (void)post_note(owner.ref(), NoteKind::kUser, "alarm");
}

}  // namespace kernel::proc
