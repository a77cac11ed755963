// Backtraces on the host: frame pointers, and names from the dynamic symbol table.
#include "machine/backtrace.h"

#include <dlfcn.h>

#include "machine/hart.h"
#include "tests/host/common/flow.h"
#include "tests/host/common/sanitizers.h"
#include "tests/host/common/session.h"

namespace kernel::machine {
namespace {

constexpr usize kFrames = 32;

/// Frames: the link to the outer one, then the return address.
HOST_READS_OTHER_STACKS usize walk(host::FrameStart start, std::span<VirtAddr> out) {
    usize count = 0;
    const u64 end = reinterpret_cast<u64>(start.stack_end);
    u64 frame = reinterpret_cast<u64>(start.frame);
    while (frame != 0 && frame % 8 == 0 && frame + 16 <= end && count < out.size()) {
        const auto* words = reinterpret_cast<const u64*>(frame);
        if (words[1] == 0) break;
        out[count++] = VirtAddr{words[1]};
        // Stacks grow down, so outer frames are above; anything else is the end.
        if (words[0] <= frame) break;
        frame = words[0];
    }
    return count;
}

void print_frames(Sink& sink, std::span<const VirtAddr> frames) {
    for (const VirtAddr frame : frames) {
        const Symbol symbol = find_symbol(frame);
        format_to(sink, "  {:x} {}+{:x}\n", frame.value,
                  symbol.name.empty() ? std::string_view("?") : symbol.name.view(), symbol.offset);
    }
}

}  // namespace

Symbol find_symbol(VirtAddr address) {
    Dl_info info;
    if (dladdr(address.as(), &info) == 0 || info.dli_sname == nullptr) return {};
    kernel::machine::Symbol symbol{.name = {}, .offset = address - VirtAddr::of(info.dli_saddr)};
    symbol.name.assign(info.dli_sname);
    return symbol;
}

usize capture_backtrace(std::span<VirtAddr> out) {
    return walk(host::running_frame(__builtin_frame_address(0)), out);
}

usize capture_backtrace(const Context& context, std::span<VirtAddr> out) {
    return walk(host::saved_frame(context.storage()), out);
}

usize capture_backtrace(const Context& context, Bytes, std::span<VirtAddr> out) {
    return capture_backtrace(context, out);  // never leaves its stack
}

void print_all_harts(Sink& sink) {
    std::array<VirtAddr, kFrames> frames;
    format_to(sink, "hart {} (this one):\n", hart_index());
    print_frames(sink, {frames.data(), capture_backtrace(frames)});
    for (HartIndex hart = 0; hart < hart_count(); ++hart) {
        // This one stands nowhere: what was saved of it last is no frame any more.
        if (hart == hart_index()) continue;
        const host::FrameStart start = host::backend::stopped_frame(hart);
        if (start.frame == nullptr) continue;
        format_to(sink, "hart {}:\n", hart);
        print_frames(sink, {frames.data(), walk(start, frames)});
    }
}

SavedPlace saved_place(const Context& context) {
    std::array<VirtAddr, 1> frame{};
    capture_backtrace(context, frame);
    return {frame[0], VirtAddr::of(context.storage().stack_pointer)};
}

}  // namespace kernel::machine
