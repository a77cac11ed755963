// klog: formats a line on the caller's stack and hands it to the log writer.
#include "base/log.h"

#include "base/atomic.h"

namespace kernel {
namespace {

constinit Atomic<LogWriter> log_writer{nullptr};  // atomic: [log.writer]

}  // namespace

void set_log_writer(LogWriter writer) {
    // [log.writer] release: the writer's state is ready before anyone calls it; pairs with acquire
    // in log_erased().
    log_writer.store(writer, std::memory_order_release);
}

void detail::log_erased(std::string_view format, std::span<const FormatArg> args) {
    // [log.writer] acquire: pairs with release in set_log_writer().
    const LogWriter writer = log_writer.load(std::memory_order_acquire);
    if (writer == nullptr) return;
    std::array<char, kLogLineMax> line;
    BufferSink sink({line.data(), line.size() - 1});
    format_erased(sink, format, args);
    const usize length = sink.text().size();
    line[length] = '\n';
    writer({line.data(), length + 1});
}

}  // namespace kernel
