// /proc/help: a line for each file and each control message, from their rows.
#include "chan/rendered_text.h"
#include "devproc/control_messages.h"
#include "devproc/files.h"

namespace kernel::devproc {
namespace {

void put_files(Sink& sink, std::string_view folder, std::span<const File> files,
               const NameTable<Message>& messages) {
    for (const File& file : files) {
        format_to(sink, "{}{} {}\n", folder, file.name, file.help);
        if (file.name != "ctl") continue;
        for (const Message& message : messages) {
            format_to(sink, "{}ctl `{}` {}\n", folder, message.usage, message.help);
        }
    }
}

}  // namespace

Result<usize> read_help(const Request& request, Bytes out) {
    auto render = [](Sink& sink) -> Result<void> {
        put_files(sink, "", root_files(), settings());
        put_files(sink, "N/", process_files().rows(), messages());
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
