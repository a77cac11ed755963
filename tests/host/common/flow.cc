// Switching stacks on the host.
#include "tests/host/common/flow.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdlib>
#include <mutex>
#include <set>

#include "base/assert.h"
#include "tests/host/common/sanitizers.h"

// host_switch_stack(void** save, void* load): pushes what the ABI makes a callee save, the floating
// point control words included, stores the stack pointer in *save, and undoes the same from `load`.
extern "C" void host_switch_stack(void** save, void* load);

// host_restart_stack(void* top, entry, argument): begins a flow on the stack under `top`, which is
// aligned to 16.
extern "C" [[noreturn]] void host_restart_stack(void* top, kernel::machine::ContextEntry entry,
                                                void* argument);

#if defined(__x86_64__)
asm(R"(
    .text
    .globl host_switch_stack
    .type host_switch_stack, @function
host_switch_stack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size host_switch_stack, . - host_switch_stack

    .globl host_restart_stack
    .type host_restart_stack, @function
host_restart_stack:
    movq %rdi, %rsp
    movq %rsi, %rdi
    movq %rdx, %rsi
    xorl %ebp, %ebp
    call host_flow_begins
    ud2
    .size host_restart_stack, . - host_restart_stack
)");
#else
#error \
    "the host backends switch stacks on x86-64 only so far: write host_switch_stack for this machine"
#endif

namespace host {
namespace {

using kernel::Bytes;
using kernel::u32;
using kernel::u64;
using kernel::usize;

/// What host_switch_stack leaves on a suspended stack.
struct SavedRegisters {
    u32 mxcsr;
    u32 x87_control;
    u64 r15, r14, r13, r12, rbx, rbp;
    u64 return_address;
};

/// The stack of the flow that runs on this host thread.
struct StackBounds {
    const void* bottom = nullptr;
    usize size = 0;
};
thread_local StackBounds running_bounds;

/// A flow may go on on another host thread, so the compiler must not remember where the variable
/// is.
[[gnu::noinline]] StackBounds& bounds() {
    asm volatile("");
    return running_bounds;
}

#if HOST_TSAN
/// Fibers alive, because ThreadSanitizer has room for some thousands only.
std::mutex fibers_mutex;
std::set<void*>& fibers() {
    static auto* all = new std::set<void*>;
    return *all;
}
#endif

/// The first thing on a new stack: r12 is the entry, r13 its argument.
extern "C" [[noreturn, gnu::used]] void host_flow_begins(kernel::machine::ContextEntry entry,
                                                         void* argument) {
#if HOST_ASAN
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
    entry(argument);
    PANIC("a flow's entry has returned");
}

extern "C" void host_flow_start();
asm(R"(
    .text
    .globl host_flow_start
    .type host_flow_start, @function
host_flow_start:
    movq %r12, %rdi
    movq %r13, %rsi
    xorl %ebp, %ebp
    call host_flow_begins
    ud2
    .size host_flow_start, . - host_flow_start
)");

}  // namespace

void prepare_flow(Flow& flow, Bytes stack, kernel::machine::ContextEntry entry, void* argument) {
#if HOST_ASAN
    // Whoever used the stack before may have been abandoned in the middle of its frames.
    __asan_unpoison_memory_region(stack.data(), stack.size());
#endif
    flow.stack_bottom = stack.data();
    flow.stack_size = stack.size();
    flow.fake_stack = nullptr;
    auto top = reinterpret_cast<std::uintptr_t>(stack.data() + stack.size()) & ~std::uintptr_t{15};
    // At host_flow_start the stack is as after a jump: aligned, so that its call aligns the callee.
    auto* saved = reinterpret_cast<SavedRegisters*>(top - sizeof(SavedRegisters) - 8);
    saved = reinterpret_cast<SavedRegisters*>(reinterpret_cast<std::uintptr_t>(saved) &
                                              ~std::uintptr_t{15});
    *saved = {};
    static_assert(sizeof(SavedRegisters) % 16 == 0);
    asm volatile("stmxcsr %0" : "=m"(saved->mxcsr));
    asm volatile("fnstcw %0" : "=m"(saved->x87_control));
    saved->r12 = reinterpret_cast<u64>(entry);
    saved->r13 = reinterpret_cast<u64>(argument);
    saved->return_address = reinterpret_cast<u64>(&host_flow_start);
    flow.stack_pointer = saved;
#if HOST_TSAN
    flow.fiber = __tsan_create_fiber(0);
    const std::lock_guard lock(fibers_mutex);
    fibers().insert(flow.fiber);
#endif
}

void discard_flow(Flow& flow) {
    flow.stack_pointer = nullptr;
#if HOST_ASAN
    // A flow that ended never left its frames, and the stack is plain memory now.
    __asan_unpoison_memory_region(flow.stack_bottom, flow.stack_size);
#endif
#if HOST_TSAN
    if (flow.fiber == nullptr) return;
    const std::lock_guard lock(fibers_mutex);
    if (fibers().erase(flow.fiber) != 0) __tsan_destroy_fiber(flow.fiber);
    flow.fiber = nullptr;
#endif
}

void discard_abandoned_flows() {
#if HOST_TSAN
    const std::lock_guard lock(fibers_mutex);
    for (void* fiber : fibers()) __tsan_destroy_fiber(fiber);
    fibers().clear();
#endif
}

void switch_flow(Flow& from, Flow& to) {
    const StackBounds mine = bounds();
    from.stack_bottom = mine.bottom;
    from.stack_size = mine.size;
    bounds() = {to.stack_bottom, to.stack_size};
#if HOST_TSAN
    from.fiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(to.fiber, 0);
#endif
#if HOST_ASAN
    __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_bottom, to.stack_size);
#endif
    host_switch_stack(&from.stack_pointer, to.stack_pointer);
#if HOST_ASAN
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}

HOST_LEAVES_ITS_STACK void restart_flow(kernel::machine::ContextEntry entry, void* argument) {
    const StackBounds mine = bounds();
#if HOST_TSAN
    // The frames that are left would stay in ThreadSanitizer's picture of this fiber.
    void* const left = __tsan_get_current_fiber();
    void* const fresh = __tsan_create_fiber(0);
    __tsan_switch_to_fiber(fresh, 0);
    {
        const std::lock_guard lock(fibers_mutex);
        fibers().insert(fresh);
        if (fibers().erase(left) != 0) __tsan_destroy_fiber(left);
    }
#endif
#if HOST_ASAN
    __asan_unpoison_memory_region(mine.bottom, mine.size);
    __sanitizer_start_switch_fiber(nullptr, mine.bottom, mine.size);
#endif
    const auto top = reinterpret_cast<std::uintptr_t>(mine.bottom) + mine.size;
    host_restart_stack(reinterpret_cast<void*>(top & ~std::uintptr_t{15}), entry, argument);
}

void adopt_thread_stack() {
    pthread_attr_t attributes;
    void* bottom = nullptr;
    usize size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) std::abort();
    if (pthread_attr_getstack(&attributes, &bottom, &size) != 0) std::abort();
    pthread_attr_destroy(&attributes);
    bounds() = {bottom, size};
}

HOST_READS_OTHER_STACKS FrameStart saved_frame(const Flow& flow) {
    return {
        reinterpret_cast<const void*>(static_cast<const SavedRegisters*>(flow.stack_pointer)->rbp),
        static_cast<const std::byte*>(flow.stack_bottom) + flow.stack_size};
}

FrameStart running_frame(const void* frame) {
    return {frame, static_cast<const std::byte*>(bounds().bottom) + bounds().size};
}

Bytes boot_stack(kernel::machine::HartIndex hart) {
    static std::array<std::byte*, kernel::machine::kMaxHarts> stacks{};
    constexpr usize kSize = kernel::machine::kKernelStackSize;
    if (stacks[hart] == nullptr) {
        void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) std::abort();
        stacks[hart] = static_cast<std::byte*>(memory);
    }
    return {stacks[hart], kSize};
}

}  // namespace host

namespace kernel::machine {

void prepare_context(Context& context, Bytes stack, ContextEntry entry, void* argument) {
    host::prepare_flow(context.storage(), stack, entry, argument);
}

void discard_context(Context& context) { host::discard_flow(context.storage()); }

void switch_context(Context& from, Context& to) { host::switch_flow(from.storage(), to.storage()); }

}  // namespace kernel::machine
