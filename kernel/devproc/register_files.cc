// regs, fpregs and kregs: what a process has in registers.
#include "base/optimistic_read.h"
#include "chan/rendered_text.h"
#include "chan/text_reply.h"
#include "devproc/files.h"
#include "devproc/kernel_stack.h"
#include "devproc/secrets.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

/// A register set as the kernel tells it: x1 .. x31, then pc, status, cause, tval.
using RegisterWords = std::array<u64, kRegisterWords>;
constexpr usize kSpWord = 1;  // x2
constexpr usize kPcWord = 31;
constexpr usize kStatusWord = 32;

/// f0 .. f31, then fcsr.
using FloatWords = std::array<u64, kFloatWords>;

/// Whether what its program has in registers stays where it is saved for as long as it is held: it
/// is at rest, or looks at itself.
bool stays_saved(proc::Proc& process) REQUIRES(process.lock()) {
    return is_at_rest(process) || &process == proc::current_or_null();
}

/// Runs `act` on a program whose registers are saved and stay so meanwhile. Errors:
/// kProcessExited; kPermission; kNoRegisters if it has none, or its hart has them now.
template <class Act>
Result<void> with_saved_registers(proc::ProcRef ref, Act&& act) {
    const proc::ProcHold hold = proc::table().hold(ref);
    if (!hold) return Error::kProcessExited;
    proc::Proc& process = *hold;
    process.assert_held();
    TRY(check_not_private(process));
    if (process.my_space() == nullptr) return Error::kNoRegisters;
    if (stays_saved(process)) {
        act(process);
        return {};
    }
    const bool was_saved = while_off_hart(process.task(), [&] { act(process); });
    return was_saved ? Result<void>() : Error::kNoRegisters;
}

/// Runs `act`, which changes them, where they stay saved, so that nothing of it is lost. Errors: as
/// with_saved_registers(); kBadCtl if they do not.
template <class Act>
Result<void> with_registers_at_rest(const Request& request, Act&& act) {
    const proc::ProcHold hold = proc::table().hold(request.process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    TRY(check_may_write(request, *hold));
    if (hold->my_space() == nullptr) return Error::kNoRegisters;
    if (!stays_saved(*hold)) return Error::kBadCtl;
    act(*hold);
    return {};
}

machine::FloatRegisters& floats_of(proc::Proc& process) {
    return &process == proc::current_or_null() ? process.floats() : process.saved_floats();
}

READS_OPTIMISTICALLY RegisterWords words_of(const machine::UserRegisters& registers) {
    RegisterWords words{};
    for (usize i = 0; i < registers.x1.size(); ++i) words[i] = registers.x1[i];
    words[kPcWord] = registers.pc;
    words[kStatusWord] = registers.status;
    words[kStatusWord + 1] = registers.cause;
    words[kStatusWord + 2] = registers.value;
    return words;
}

/// All but status, cause and tval, which are the machine's to say.
void set(machine::UserRegisters& registers, const RegisterWords& words) {
    std::copy_n(words.begin(), registers.x1.size(), registers.x1.begin());
    registers.pc = words[kPcWord] & ~u64{1};  // as jumping there would
}

READS_OPTIMISTICALLY FloatWords words_of(const machine::FloatRegisters& floats) {
    FloatWords words{};
    if (floats.used == 0) return words;
    for (usize i = 0; i < floats.f.size(); ++i) words[i] = floats.f[i];
    words.back() = floats.control;
    return words;
}

void set(machine::FloatRegisters& floats, const FloatWords& words) {
    constexpr u64 kControlBits = 0xff;
    std::copy_n(words.begin(), floats.f.size(), floats.f.begin());
    floats.control = static_cast<u32>(words.back() & kControlBits);
    floats.used = 1;
}

/// Puts `data` over the bytes of `words` at `offset`; returns how many lie in them.
template <usize N>
usize put_over(std::array<u64, N>& words, u64 offset, ConstBytes data) {
    const Bytes bytes = std::as_writable_bytes(std::span(words));
    if (offset >= bytes.size()) return 0;
    const usize size = std::min<usize>(data.size(), bytes.size() - offset);
    std::memcpy(bytes.data() + offset, data.data(), size);
    return size;
}

template <usize N>
usize reply_words(Bytes out, u64 offset, const std::array<u64, N>& words) {
    return chan::reply_bytes(out, offset, std::as_bytes(std::span(words)));
}

}  // namespace

Result<usize> read_regs(const Request& request, Bytes out) {
    RegisterWords words{};
    TRY(with_saved_registers(
        request.process, [&words](proc::Proc& process) { words = words_of(process.registers()); }));
    return reply_words(out, request.offset, words);
}

Result<usize> write_regs(const Request& request, ConstBytes data) {
    usize written = 0;
    TRY(with_registers_at_rest(request, [&](proc::Proc& process) {
        RegisterWords words = words_of(process.registers());
        written = put_over(words, request.offset, data);
        set(process.registers(), words);
    }));
    return written;
}

Result<usize> read_fpregs(const Request& request, Bytes out) {
    FloatWords words{};
    TRY(with_saved_registers(
        request.process, [&words](proc::Proc& process) { words = words_of(floats_of(process)); }));
    return reply_words(out, request.offset, words);
}

Result<usize> write_fpregs(const Request& request, ConstBytes data) {
    usize written = 0;
    TRY(with_registers_at_rest(request, [&](proc::Proc& process) {
        FloatWords words = words_of(floats_of(process));
        written = put_over(words, request.offset, data);
        set(floats_of(process), words);
    }));
    return written;
}

Result<usize> read_kregs(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        RegisterWords words{};
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            machine::SavedPlace place{};
            const sched::Task& task = hold->task();
            // Zeroes while it runs.
            if (while_off_hart(task, [&] { place = machine::saved_place(task.context()); })) {
                words[kPcWord] = place.pc.value;
                words[kSpWord] = place.sp.value;
            }
        }
        sink.write(as_text(std::as_bytes(std::span(words))));
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
