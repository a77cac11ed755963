// Writing to /proc/n/ctl.
#include "devproc/control_messages.h"
#include "devproc/files.h"

namespace kernel::devproc {

Result<usize> write_ctl(const Request& request, ConstBytes data) {
    TRY(obey(messages(), request.caller, request.process, as_text(data)));
    return data.size();
}

}  // namespace kernel::devproc
