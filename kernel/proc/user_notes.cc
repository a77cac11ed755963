// Delivering notes to programs: the frame a handler gets, and the ways on from it.
#include "proc/user_notes.h"

#include "mm/user_copy.h"
#include "proc/delivery.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "proc/user_mode.h"
#include "proc/watching.h"

namespace kernel::proc {
namespace {

using machine::FloatRegisters;
using machine::UserRegisters;

/// What lies on the program's stack for its handler, below kSkipped bytes that a function that
/// calls none may be using.
struct HandlerFrame {
    UserRegisters registers;
    u64 before = 0;  // the registers of the handler that was interrupted itself (kSave), or 0
    u64 floats = 0;  // where the interrupted code's FloatRegisters are, above this; 0: it had none
    u64 unused = 0;
    std::array<char, kNoteMax> text{};
};
constexpr u64 kSkipped = 256;
static_assert(sizeof(HandlerFrame) % 16 == 0);

/// The lowest bit of a program counter does not count, as in a jump; not every machine drops it
/// when it goes on there.
constexpr u64 as_program_counter(u64 given) { return given & ~u64{1}; }

/// The kernel's own notes say where: `sys: ... pc=0x...`.
void add_place(Note& note, const UserRegisters& registers) {
    if (!note.text.view().starts_with("sys:")) return;
    const Note bare = note;
    note.text.format("{} pc=0x{:x}", bare.text.view(), registers.pc);
}

/// A call that was to be made again is ended by the note that came first.
void fail_repetition(Proc& self, UserRegisters& registers) {
    if (!self.repetition().ends_by_note(registers)) return;
    self.error_text().assign(error_text(Error::kInterrupted));
    machine::room_of(registers).record->end(registers.a(0));
}

/// Whether a note waits for the end of a handler. Such a one ends a call of that.
bool holds_note(Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    return !self.signals().notes.empty();
}

/// Makes the program go on in its handler. False: there is no place for the frame, or no handler.
bool enter_handler(Proc& self, UserRegisters& registers, const Note& note) {
    VirtAddr handler;
    HandlerFrame frame{.registers = registers};
    {
        const sync::IrqSaveGuard guard(self.lock());
        handler = self.signals().user_handler;
        frame.before = self.signals().user_frame.value;
    }
    std::copy_n(note.text.c_str(), note.text.size() + 1, frame.text.data());
    if (registers.sp() < kSkipped + sizeof(FloatRegisters) + sizeof frame) return false;
    VirtAddr at{align_down(registers.sp() - kSkipped, 16)};
    FloatRegisters& floats = self.floats();
    if (floats.used != 0) {
        at = {align_down((at - sizeof floats).value, 16)};
        if (!mm::write_user(*self.my_space(), at, floats).ok()) return false;
        frame.floats = at.value;
    }
    at = at - sizeof frame;
    if (!mm::write_user(*self.my_space(), at, frame).ok()) return false;
    // The handler begins with none.
    floats.used = 0;
    {
        const sync::IrqSaveGuard guard(self.lock());
        self.signals().handled = note;
        self.signals().user_frame = at;
    }
    registers.pc = handler.value;
    registers.ra() = 0;
    registers.sp() = at.value;
    registers.a(0) = at.value;
    registers.a(1) = (at + offsetof(HandlerFrame, text)).value;
    return true;
}

}  // namespace

void user_exit(UserRegisters& registers) {
    using Action = Next::Action;
    Proc& self = current();
    tell_touched(self);
    Note note;
    for (;;) {  // ends when nothing is asked any more, or the process does
        switch (take_next(self, false, note).action) {
            case Action::kNothing:
                if (self.repetition().is_due() && holds_note(self)) {
                    fail_repetition(self, registers);
                }
                if (!sched::is_spent(self.task())) return;
                sched::rest_if_spent();  // and meets what came meanwhile
                break;
            case Action::kEnd:
                exits_killed();
            case Action::kStop:
                stop_here(self);
                break;
            case Action::kDie:
                fail_repetition(self, registers);
                add_place(note, registers);
                exits_by_note(note.kind, note.text);
            case Action::kHandle:
                fail_repetition(self, registers);
                add_place(note, registers);
                if (!enter_handler(self, registers, note)) {
                    exits_by_note(NoteKind::kDebug, "Suicide");
                }
                break;
        }
    }
}

Result<void> set_user_handler(VirtAddr handler) {
    Proc& self = current();
    if (handler.value != 0) (void)TRY(mm::read_user<u8>(*self.my_space(), handler));
    const sync::IrqSaveGuard guard(self.lock());
    self.signals().user_handler = {as_program_counter(handler.value)};
    return {};
}

void noted(u64 how) {
    Proc& self = current();
    Note note;
    VirtAddr at;
    bool handling;
    {
        const sync::IrqSaveGuard guard(self.lock());
        Signals& signals = self.signals();
        handling = std::exchange(signals.handling, false);
        note = signals.handled;
        at = signals.user_frame;
        // What had to wait for the end of the handler is met on the way out.
        if (!signals.notes.empty()) self.task().interrupt();
    }
    const auto way = static_cast<Noted>(how);
    if (!handling && way != Noted::kRestore) exits_by_note(NoteKind::kDebug, "Suicide");
    if (way == Noted::kDefault) exits_by_note(note.kind, note.text);
    if (way != Noted::kContinue && way != Noted::kSave && way != Noted::kRestore) {
        exits_by_note(NoteKind::kDebug, note.text);
    }
    const Result<HandlerFrame> frame = mm::read_user<HandlerFrame>(*self.my_space(), at);
    if (at.value == 0 || !frame.ok()) exits_by_note(NoteKind::kDebug, "Suicide");
    FloatRegisters& floats = self.floats();
    floats.used = 0;
    if (const VirtAddr had{frame.value().floats}; had.value != 0) {
        const Bytes all = std::as_writable_bytes(std::span(&floats, 1));
        const Result<void> read = mm::copy_in(*self.my_space(), all, had);
        if (!read.ok()) exits_by_note(NoteKind::kDebug, "Suicide");
        floats.used = 1;
    }
    UserRegisters& registers = self.registers();
    const UserRegisters trapped = registers;
    registers = frame.value().registers;
    registers.pc = as_program_counter(registers.pc);
    // What the trap said is not the program's to change.
    registers.status = trapped.status;
    registers.cause = trapped.cause;
    registers.value = trapped.value;
    if (way == Noted::kSave) {
        registers.sp() = at.value;
        registers.a(0) = at.value;
        registers.a(1) = (at + offsetof(HandlerFrame, text)).value;
    } else {
        const sync::IrqSaveGuard guard(self.lock());
        self.signals().user_frame = {frame.value().before};
    }
    end_of_watched_call(static_cast<i64>(registers.a(0)));
    machine::enter_user();
}

}  // namespace kernel::proc
