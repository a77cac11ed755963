// p: shows files a page at a time.
#include "mm/heap.h"
#include "shell/builtins/builtins.h"
#include "shell/console_terminal.h"
#include "shell/output.h"
#include "shell/rc/pager.h"
#include "shell/rc/source.h"

namespace kernel::shell::builtins {
namespace {

/// The pager and its terminal: too large for a kernel stack.
struct Viewer {
    explicit Viewer(rc::Memory& memory) : pager(memory, terminal, {}) {}

    ConsoleTerminal terminal;
    rc::Pager pager;
};

Result<rc::Pager::Outcome> show(Call& call, Viewer& viewer, i32 fd) {
    rc::FileSource text(call.host(), fd, rc::FileSource::Sharing::kPrivate);
    return viewer.pager.show(text);
}

}  // namespace

Result<void> page(Call& call) {
    const mm::Box<Viewer> viewer = TRY(mm::Box<Viewer>::create(call.host().memory()));
    const Result<void> opened = viewer->terminal.open();
    if (!opened.ok()) return fail_with(call, opened.error());
    const auto names = call.arguments().subspan(1);
    if (names.empty()) {
        const auto shown = show(call, *viewer, call.input());
        return shown.ok() ? Result<void>() : fail_with(call, shown.error());
    }
    for (std::string_view name : names) {
        const Result<i32> fd = syscall::open(name, chan::kORead);
        if (!fd.ok()) {
            TRY(fail_with(call, fd.error()));
            continue;
        }
        const OpenFile file(fd.value());
        const auto shown = show(call, *viewer, file.fd());
        if (!shown.ok()) return fail_with(call, shown.error());
        if (shown.value() == rc::Pager::Outcome::kQuit) break;
    }
    return {};
}

}  // namespace kernel::shell::builtins
