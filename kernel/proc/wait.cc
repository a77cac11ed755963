// Waiting for children, and wait records as text.
#include "proc/wait.h"

#include "base/format.h"
#include "base/text.h"
#include "proc/family_tree.h"
#include "proc/proc_table.h"
#include "proc/slot_pin.h"

namespace kernel::proc {

Result<WaitRecord> wait() {
    Proc& self = current();
    return FamilyTree::wait(self, self.ref(), FamilyTree::WhoWaits::kParent);
}

Result<WaitRecord> wait_of(ProcRef parent) {
    if (parent == current().ref()) return wait();
    // Pinned, because the wait sleeps in the parent's slot, which must not become another's.
    const SlotPin pin(parent);
    if (!pin) return Error::kProcessExited;
    return FamilyTree::wait(*pin, parent, FamilyTree::WhoWaits::kOther);
}

u32 waiting_records(ProcRef parent) {
    const Proc* proc = parent.pid == 0 ? nullptr : table().slot(parent.slot);
    if (proc == nullptr) return 0;
    const u32 records = FamilyTree::records(*proc);
    return proc->ref() == parent ? records : 0;
}

std::string_view render_wait_record(const WaitRecord& record, std::span<char> out) {
    // From the last number to the first.
    std::array<char, 4 * 21> numbers;
    char* const end = numbers.data() + numbers.size();
    char* at = end;
    for (const u64 number :
         {record.real_ms, record.system_ms, record.user_ms, u64{record.id.pid}}) {
        *--at = ' ';
        at = put_decimal_before(at, number);
    }
    BufferSink sink(out);
    sink.write({at, static_cast<usize>(end - at)});
    put_quoted(sink, record.message);
    return sink.text();
}

}  // namespace kernel::proc
