// exec: from a file and words to memory; and the point of no return.
#include "proc/exec.h"

#include "base/text.h"
#include "machine/clock.h"
#include "mm/room.h"
#include "proc/program_file.h"
#include "proc/tos.h"
#include "proc/user_layout.h"
#include "proc/user_mode.h"

namespace kernel::proc {
namespace {

std::string_view last_element(std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    return path.substr(path.rfind('/') + 1);
}

machine::UserAccess access_of(elf::Access access) {
    switch (access) {
        case elf::Access::kRead:
            return machine::UserAccess::kRead;
        case elf::Access::kReadWrite:
            return machine::UserAccess::kReadWrite;
        case elf::Access::kReadExecute:
            return machine::UserAccess::kReadExecute;
    }
    return machine::UserAccess::kRead;
}

/// The segments that hold bytes of the file, and behind the last what brk moves.
Result<void> add_program(mm::AddressSpace& space, const elf::Program& program,
                         const Ref<mm::Image>& image) {
    VirtAddr bss = program.end_of_data();
    for (const elf::Segment& segment : program.segments()) {
        const bool written = segment.access == elf::Access::kReadWrite;
        VirtAddr end = segment.end_page();
        if (written && &segment == &program.segments().back()) {
            // What has no page with bytes of the file is bss.
            end = {align_up((segment.start + segment.file_size).value, kPageSize)};
            bss = end;
        }
        if (segment.first_page() == end) continue;
        TRY(space.add({.start = segment.first_page(),
                       .end = end,
                       .kind = written ? mm::SegmentKind::kData : mm::SegmentKind::kText,
                       .access = access_of(segment.access),
                       .image = image,
                       .data_start = segment.start,
                       .data_size = segment.file_size,
                       .image_offset = segment.file_offset}));
    }
    return space.add({.start = bss,
                      .end = program.end_of_data(),
                      .kind = mm::SegmentKind::kBss,
                      .access = machine::UserAccess::kReadWrite});
}

/// What lies at the top of a new stack, by rising address: the number of words, pointers to them,
/// nil, the words, and the Tos.
struct StackTop {
    VirtAddr start;
    VirtAddr tos;
    mm::Buffer bytes;
};

Result<StackTop> make_stack_top(const Arguments& arguments) {
    const usize pointers = (arguments.count() + 2) * sizeof(u64);
    const usize words = align_up(arguments.text().size(), sizeof(u64));
    StackTop top;
    top.tos = {align_down(kStackTop.value - sizeof(Tos), 16)};
    top.start = {align_down(top.tos.value - pointers - words, 16)};
    top.bytes = TRY(mm::Buffer::create(kStackTop - top.start));
    std::memset(top.bytes.data(), 0, top.bytes.size());
    auto* slot = reinterpret_cast<u64*>(top.bytes.data());
    *slot++ = arguments.count();
    VirtAddr at = top.start + pointers;
    std::copy(arguments.text().begin(), arguments.text().end(),
              reinterpret_cast<char*>(top.bytes.data() + pointers));
    std::string_view rest = arguments.text();
    for (usize i = 0; i < arguments.count(); ++i) {
        const usize length = rest.find('\0') + 1;
        rest.remove_prefix(length);
        *slot++ = at.value;
        at = at + length;
    }
    auto* tos = ::new (top.bytes.data() + (top.tos - top.start)) Tos;
    tos->cycle_frequency = machine::clock_frequency();
    tos->pid = current().id().pid;
    return top;
}

/// The words for the interpreter of a script.
Result<Arguments> script_arguments(const elf::Script& script, std::string_view name,
                                   const Arguments& given) {
    Arguments arguments;
    TRY(arguments.add(last_element(name)));
    for (usize i = 1; i < script.word_count(); ++i) TRY(arguments.add(script.word(i)));
    TRY(arguments.add(name));
    TRY(arguments.add_all(given, 1));
    return arguments;
}

// Scripts and programs are large values, so each has a function of its own and none holds both: the
// kernel's stacks are small.

/// If `file`, called `name`, is a script: replaces it by its interpreter, and the words by those
/// that it shall get.
[[gnu::noinline]] Result<void> follow_script(ProgramFile& file, std::string_view name,
                                             Arguments& arguments) {
    Result<std::optional<elf::Script>> read = file.script();
    if (!read.ok()) return read.error();
    if (!read.value().has_value()) return {};
    const elf::Script& script = *read.value();
    arguments = TRY(script_arguments(script, name, arguments));
    file = TRY(ProgramFile::open(current().caller(), script.interpreter()));
    return {};
}

/// Errors: kBadExec if `file` is a script.
[[gnu::noinline]] Result<void> refuse_script(const ProgramFile& file) {
    Result<std::optional<elf::Script>> read = file.script();
    if (!read.ok()) return read.error();
    if (!read.value().has_value()) return {};
    chan::Caller::error_detail().format(": the interpreter is a script");
    return Error::kBadExec;
}

/// Makes `space` what `file` asks for, and a stack; returns where to begin.
[[gnu::noinline]] Result<VirtAddr> add_segments(mm::AddressSpace& space, const ProgramFile& file) {
    const Result<elf::Program> program = file.program();
    if (!program.ok()) return program.error();
    TRY(add_program(space, program.value(), file.image()));
    TRY(space.add({.start = kStackBottom,
                   .end = kStackTop,
                   .kind = mm::SegmentKind::kStack,
                   .access = machine::UserAccess::kReadWrite}));
    return program.value().entry();
}

}  // namespace

Result<PreparedProgram> PreparedProgram::prepare(std::string_view name, Arguments arguments) {
    if (arguments.count() == 0) return Error::kBadArg;
    PreparedProgram prepared;
    prepared.text_.assign(last_element(name));
    ProgramFile file = TRY(ProgramFile::open(current().caller(), name));
    TRY(follow_script(file, name, arguments));
    TRY(refuse_script(file));
    TRY(mm::with_room("exec", [&]() -> Result<void> {
        prepared.space_ = TRY(mm::AddressSpace::create());
        mm::AddressSpace* const before = current().my_space();
        if (before != nullptr) TRY(prepared.space_->keep_attached(*before));
        prepared.entry_ = TRY(add_segments(*prepared.space_, file));
        const StackTop top = TRY(make_stack_top(arguments));
        TRY(prepared.space_->put(top.start, top.bytes.bytes()));
        prepared.stack_ = top.start;
        prepared.tos_ = top.tos;
        return {};
    }));
    prepared.file_ = file.path();
    prepared.args_.assign(arguments.text());
    return prepared;
}

namespace {

/// What the old program hid is gone, so the new one hides nothing. Its memory, registers and calls
/// were to be seen by nobody until now.
void forget_secrets(Proc& self) {
    Ref<CallText> told;  // goes without the lock
    const sync::IrqSaveGuard guard(self.lock());
    self.swap_call_text(told);
    if (!std::exchange(self.attributes().private_memory, false)) return;
    self.hide_calls();
}

}  // namespace

void PreparedProgram::install(PreparedProgram program) {
    Proc& self = current();
    self.caller().my_fds().close_on_exec();
    {
        const sched::QLockGuard debug(self.debug_lock());
        const sync::IrqSaveGuard guard(self.lock());
        Attributes& attributes = self.attributes();
        attributes.text = program.text_;
        attributes.args = program.args_;
        attributes.renamed = attributes.no_swap = false;
        Signals& signals = self.signals();
        // What the old program's handler was to meet is nobody's. What would have ended the old
        // program ends the new one: who sent it was told that it was posted.
        const bool was_handled = signals.handler != nullptr || signals.user_handler.value != 0;
        if (was_handled && !signals.notes.empty() &&
            signals.notes.oldest().fate == Fate::kHandled) {
            signals.notes.clear();
        }
        signals.handler = nullptr;
        signals.user_handler = signals.user_frame = {};
        signals.handling = signals.unseen = false;
        // What a thread has from who is debugged is not for its next program.
        if (signals.debugger == nullptr) signals.stop_at_note = false;
        if (attributes.hang && signals.control == Control::kNone) signals.control = Control::kStop;
        if (signals.interrupt_wanted()) {
            self.task().interrupt();
        } else {
            self.task().clear_interrupt();
        }
    }
    self.floats().used = 0;
    {
        // Others may be looking at them.
        const sync::IrqSaveGuard guard(self.lock());
        machine::UserRegisters& registers = self.registers();
        registers = {};
        registers.pc = program.entry_.value;
        registers.sp() = program.stack_.value;
        registers.a(0) = program.tos_.value;
    }
    UserMode::replace(self, std::move(program.space_), std::move(program.file_));
    forget_secrets(self);
    self.release_maker();
    end_of_watched_call(0);
}

void PreparedProgram::become(PreparedProgram program) {
    install(std::move(program));
    machine::enter_user();
}

}  // namespace kernel::proc
