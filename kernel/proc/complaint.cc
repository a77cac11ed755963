// Writing to descriptor 2 of a program.
#include "proc/complaint.h"

#include "base/format.h"
#include "chan/fd_group.h"
#include "chan/file.h"

namespace kernel::proc {

bool complain(Proc& self, std::string_view text) {
    const Ref<chan::FdGroup> fds = self.caller().fds();
    if (!fds) return false;
    Result<Ref<chan::Chan>> errors = fds->get(2, chan::FdUse::kWrite);
    if (!errors.ok()) return false;
    FixedString<kNameMax> name;
    {
        const sync::IrqSaveGuard guard(self.lock());
        name = self.attributes().text;
    }
    std::array<char, kNameMax + kNoteMax + 60> line;
    const std::string_view said =
        format_into(line, "{} {}: {}\n", name.view(), self.id().pid, text);
    const bool done = chan::write(self.caller(), *errors.value(), as_bytes(said)).ok();
    // Why it failed is no detail of the call that is complained of.
    chan::Caller::error_detail().clear();
    return done;
}

}  // namespace kernel::proc
