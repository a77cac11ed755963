// Writing to descriptor 2 of a program.
#include "proc/complaint.h"

#include "base/format.h"
#include "base/log.h"
#include "chan/fd_group.h"
#include "chan/file.h"

namespace kernel::proc {
namespace {

FixedString<kNameMax> name_of(Proc& proc) {
    const sync::IrqSaveGuard guard(proc.lock());
    return proc.attributes().text;
}

}  // namespace

bool complain(Proc& self, std::string_view text) {
    const Ref<chan::FdGroup> fds = self.caller().fds();
    if (!fds) return false;
    Result<Ref<chan::Chan>> errors = fds->get(2, chan::FdUse::kWrite);
    if (!errors.ok()) return false;
    const FixedString<kNameMax> name = name_of(self);
    std::array<char, kNameMax + kNoteMax + 60> line;
    const std::string_view said =
        format_into(line, "{} {}: {}\n", name.view(), self.id().pid, text);
    const bool done = chan::write(self.caller(), *errors.value(), as_bytes(said)).ok();
    // Why it failed is no detail of the call that is complained of.
    chan::Caller::error_detail().clear();
    return done;
}

void explain(Proc& self, std::string_view why) {
    if (complain(self, why)) return;
    klog("{} {}: {}", name_of(self).view(), self.id().pid, why);
}

}  // namespace kernel::proc
