// Backtraces by frame pointers, through traps, reading only what is mapped.
#include "machine/backtrace.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/trap_frame.h"

namespace arch::riscv64 {
namespace {

constexpr usize kMaxFrames = 24;

bool in_text(VirtAddr at) { return at >= VirtAddr::of(text_start) && at < VirtAddr::of(text_end); }

/// A word of memory, if it is mapped. On the early map, before the tables exist, only the image is.
std::optional<u64> read_word(VirtAddr at) {
    if (!kernel::is_aligned(at.value, sizeof(u64))) return std::nullopt;
    const bool mapped = kernel_tables().root().value != 0
                            ? kernel_tables().find(at).has_value()
                            : at >= VirtAddr::of(image_start) && at < VirtAddr::of(image_end);
    if (!mapped) return std::nullopt;
    return *at.as<const u64>();
}

/// A place on a call stack.
struct Place {
    VirtAddr at;
    bool is_return;  // a return address: the call is just before it, perhaps in another function

    kernel::machine::Symbol symbol() const {
        kernel::machine::Symbol found = kernel::machine::find_symbol(is_return ? at - 1 : at);
        if (is_return) ++found.offset;
        return found;
    }
};

/// Where the function begins that holds `place`; zero if it has no name.
VirtAddr function_of(const Place& place) {
    const kernel::machine::Symbol symbol = place.symbol();
    return symbol.name.empty() ? VirtAddr{} : place.at - symbol.offset;
}

/// A walk over frames. A frame pointer holds the caller's stack pointer; below it lie the return
/// address and the caller's frame pointer (RISC-V ELF psABI 1.0, "Frame pointer convention").
class FrameWalk {
public:
    explicit FrameWalk(VirtAddr frame_pointer) : frame_pointer_(frame_pointer) {}
    /// The same, which reads nothing but `stack`.
    FrameWalk(VirtAddr frame_pointer, Bytes stack) : stack_(stack), frame_pointer_(frame_pointer) {}
    /// A walk that begins where `trap` interrupted.
    explicit FrameWalk(const TrapFrame& trap) { pass_trap(trap); }

    /// The next place outward; nothing at the end, or where the chain is broken.
    std::optional<Place> next() {
        if (interrupted_) return std::exchange(interrupted_, std::nullopt);
        if (caller_) return std::exchange(caller_, std::nullopt);
        const std::optional<u64> above = word(frame_pointer_ - 8);
        const std::optional<u64> below = word(frame_pointer_ - 16);
        if (!above || !below) return std::nullopt;
        if (*above == reinterpret_cast<u64>(&trap_return)) {
            const VirtAddr trap = VirtAddr{*below} - sizeof(TrapFrame);
            if (!word(trap) || !word(trap + sizeof(TrapFrame) - 8)) return std::nullopt;
            pass_trap(*trap.as<const TrapFrame>());
            return std::exchange(interrupted_, std::nullopt);
        }
        if (!in_text({*above})) return std::nullopt;
        frame_pointer_ = {*below};
        return Place{{*above}, true};
    }

private:
    std::optional<u64> word(VirtAddr at) const {
        const VirtAddr start = VirtAddr::of(stack_.data());
        const bool outside = at < start || at - start > stack_.size() - sizeof(u64);
        if (!stack_.empty() && outside) return std::nullopt;
        return read_word(at);
    }

    /// Goes on with what `trap` interrupted. That function may be at its first or last
    /// instructions, or call nothing: then its caller is only in the register ra. In every other
    /// place ra is in the function itself, or is what the frame says, too.
    void pass_trap(const TrapFrame& trap) {
        interrupted_ = Place{{trap.pc}, false};
        frame_pointer_ = {trap.x[kRegisterS0]};
        const Place in_register{{trap.x[kRegisterRa]}, true};
        const VirtAddr in_frame{word(frame_pointer_ - 8).value_or(0)};
        if (in_text(in_register.at) && in_register.at != in_frame &&
            function_of(in_register) != function_of(*interrupted_)) {
            caller_ = in_register;
            // A function that calls nothing keeps its caller's frame pointer one word higher.
            if (!in_text(in_frame)) frame_pointer_ = in_frame;
        }
    }

    Bytes stack_;  // empty: whatever is mapped
    VirtAddr frame_pointer_;
    std::optional<Place> interrupted_;
    std::optional<Place> caller_;
};

void print_place(Sink& sink, const Place& place) {
    const kernel::machine::Symbol symbol = place.symbol();
    if (symbol.name.empty()) {
        kernel::format_to(sink, "  {:016x}\n", place.at.value);
    } else {
        kernel::format_to(sink, "  {:016x} {}+0x{:x}\n", place.at.value, symbol.name.view(),
                          symbol.offset);
    }
}

void print_walk(Sink& sink, FrameWalk walk) {
    for (usize i = 0; i < kMaxFrames; ++i) {
        const std::optional<Place> place = walk.next();
        if (!place) return;
        print_place(sink, *place);
    }
    sink.write("  ...\n");
}

/// Fills `out` from `walk`; returns how many.
usize collect(FrameWalk walk, std::span<VirtAddr> out) {
    usize count = 0;
    while (count < out.size()) {
        const std::optional<Place> place = walk.next();
        if (!place) break;
        out[count++] = place->at;
    }
    return count;
}

void print_registers(Sink& sink, const TrapFrame& frame) {
    constexpr std::string_view kNames[] = {"pc", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                           "s0", "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                           "a6", "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                           "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
    for (usize i = 0; i < frame.x.size(); ++i) {
        kernel::format_to(sink, " {:>3} {:016x}{}", kNames[i], frame.x[i], i % 4 == 3 ? "\n" : "");
    }
    kernel::format_to(sink, " status {:016x} cause {:016x} value {:016x}\n", frame.status,
                      frame.cause, frame.value);
}

void print_stopped(Sink& sink, const HartBlock& block) {
    const StoppedPlace& place = block.stopped_place;
    kernel::format_to(sink, "hart {} (id {}) stopped:\n", block.index, block.hardware_id);
    if (place.frame != nullptr) {
        print_registers(sink, *place.frame);
        print_walk(sink, FrameWalk(*place.frame));
    } else {
        print_place(sink, {place.pc, true});
        print_walk(sink, FrameWalk(place.frame_pointer));
    }
}

}  // namespace
}  // namespace arch::riscv64

namespace kernel::machine {

using arch::riscv64::FrameWalk;
using arch::riscv64::HartBlock;

usize capture_backtrace(std::span<VirtAddr> out) {
    return arch::riscv64::collect(FrameWalk(VirtAddr::of(__builtin_frame_address(0))), out);
}

usize capture_backtrace(const Context& context, std::span<VirtAddr> out) {
    const ContextStorage& storage = context.storage();
    if (out.empty() || storage.sp == 0) return 0;
    out[0] = {storage.ra};
    return 1 + arch::riscv64::collect(FrameWalk(VirtAddr{storage.s[0]}), out.subspan(1));
}

usize capture_backtrace(const Context& context, Bytes stack, std::span<VirtAddr> out) {
    const ContextStorage& storage = context.storage();
    if (out.empty() || storage.sp == 0) return 0;
    out[0] = {storage.ra};
    return 1 + arch::riscv64::collect(FrameWalk(VirtAddr{storage.s[0]}, stack), out.subspan(1));
}

void print_all_harts(Sink& sink) {
    const HartBlock& self = arch::riscv64::this_hart();
    format_to(sink, "hart {} (id {}) reports:\n", self.index, self.hardware_id);
    if (self.fault != nullptr) arch::riscv64::print_registers(sink, *self.fault);
    arch::riscv64::print_walk(sink, FrameWalk(VirtAddr::of(__builtin_frame_address(0))));
    for (const HartBlock& block : arch::riscv64::hart_blocks) {
        if (&block == &self) continue;
        // [hart.stopped] acquire: its place can be read; pairs with release in stop_here().
        if (block.stopped.load(std::memory_order_acquire) != 0) {
            arch::riscv64::print_stopped(sink, block);
            continue;
        }
        // relaxed: only whether there is something to say.
        if (block.stop_requested.load(std::memory_order_relaxed) != 0) {
            format_to(sink, "hart {} (id {}) did not stop\n", block.index, block.hardware_id);
        }
    }
}

}  // namespace kernel::machine
