// Panic: one hart reports, the others stop, the machine goes off with status 2.
#include "base/panic.h"

#include "base/assert.h"
#include "base/atomic.h"

namespace kernel {
namespace {

constinit PanicHooks hooks{};     // const after boot
constinit Atomic<u32> panics{0};  // atomic: [panic.once]

class PanicSink final : public Sink {
public:
    void write(std::string_view text) override {
        if (hooks.output != nullptr) hooks.output(text);
    }
};

/// Puts "panic: " before the reason, so that whoever reads the console finds the line.
[[noreturn]] void stop(SourcePlace place, void (*put_reason)(Sink&, const void*),
                       const void* reason) {
    // [panic.once] acq_rel: the first to arrive owns the console; a second panic (from a hook) only
    // halts.
    const u32 earlier = panics.fetch_add(1, std::memory_order_acq_rel);
    if (earlier == 0) {
        PanicSink sink;
        if (hooks.begin != nullptr) hooks.begin();
        sink.write("panic: ");
        put_reason(sink, reason);
        format_to(sink, "\npanic: at {}:{} in {}\n", place.file, place.line, place.function);
        if (hooks.backtrace != nullptr) hooks.backtrace(sink);
        if (hooks.report != nullptr) hooks.report(sink);
    }
    if (hooks.halt != nullptr) hooks.halt();
    for (;;) __builtin_trap();  // intended: there is no machine to stop
}

struct Formatted {
    std::string_view format;
    std::span<const FormatArg> args;
};

}  // namespace

void set_panic_hooks(const PanicHooks& changed) {
    if (changed.begin != nullptr) hooks.begin = changed.begin;
    if (changed.output != nullptr) hooks.output = changed.output;
    if (changed.backtrace != nullptr) hooks.backtrace = changed.backtrace;
    if (changed.report != nullptr) hooks.report = changed.report;
    if (changed.halt != nullptr) hooks.halt = changed.halt;
}

bool panicking() {
    // relaxed: a hint to give up waiting; nothing is read on the strength of it.
    return panics.load(std::memory_order_relaxed) != 0;
}

void panic(SourcePlace place, std::string_view message) {
    stop(
        place,
        [](Sink& sink, const void* text) {
            sink.write(*static_cast<const std::string_view*>(text));
        },
        &message);
}

void detail::panic_formatted(SourcePlace place, std::string_view format,
                             std::span<const FormatArg> args) {
    const Formatted formatted{format, args};
    stop(
        place,
        [](Sink& sink, const void* erased) {
            const auto& message = *static_cast<const Formatted*>(erased);
            format_erased(sink, message.format, message.args);
        },
        &formatted);
}

void detail::assertion_failed(SourcePlace place, const char* expression) {
    panic_with(place, "assertion failed: {}", expression);
}

}  // namespace kernel
