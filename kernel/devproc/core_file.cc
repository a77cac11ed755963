// core: a stopped or Broken process as an ELF core file, for debuggers elsewhere.
//
// Sources: System V gABI 4.3, chapters 4 and 5 (headers, notes); the records in the notes are those
// of Linux (struct elf_prstatus, user_regs_struct and __riscv_d_ext_state), which debuggers know.
#include "base/format.h"
#include "chan/read_state.h"
#include "chan/text_reply.h"
#include "devproc/files.h"
#include "devproc/secrets.h"
#include "mm/heap.h"
#include "proc/elf/format.h"
#include "proc/proc_table.h"
#include "proc/self.h"

namespace kernel::devproc {
namespace {

namespace elf = proc::elf;

constexpr u16 kTypeCore = 4;
constexpr u32 kNoteSegment = 4;
constexpr usize kThreadsMost = 64;
constexpr std::string_view kNoteOwner{"CORE\0\0\0", 8};  // with its NUL, and padding
constexpr u32 kNoteOwnerSize = 5;

/// Types of notes.
constexpr u32 kStatusNote = 1;
constexpr u32 kFloatsNote = 2;

struct NoteHeader {
    u32 owner_size;
    u32 size;
    u32 type;
};

/// What a thread was at and had in registers.
struct StatusRecord {
    std::array<u32, 3> signal_info;
    u16 signal;
    u16 padding;
    std::array<u64, 2> signals;
    u32 pid;
    u32 parent;
    u32 group;
    u32 session;
    std::array<u64, 8> times;
    std::array<u64, 32> registers;  // pc, x1 .. x31
    u32 has_floats;
    u32 padding_at_end;
};
static_assert(sizeof(StatusRecord) == 376 && offsetof(StatusRecord, pid) == 32 &&
              offsetof(StatusRecord, registers) == 112);

struct FloatsRecord {
    std::array<u64, 32> floats;
    u32 control;
    u32 padding;
};

template <class T>
std::string_view bytes_of(const T& object) {
    return {reinterpret_cast<const char*>(&object), sizeof(T)};
}

/// What an open `core` is: the file's beginning, made when it was opened, and the memory that
/// follows, which is read as the file is.
struct Core {
    struct Part {
        u64 offset;  // in the file
        VirtAddr start;
        u64 size;
    };

    Ref<mm::AddressSpace> space;
    u64 stop = 0;  // at which of its stops it was opened
    chan::GrowingText beginning;
    std::array<Part, mm::AddressSpace::kSegmentsMax> parts{};
    usize part_count = 0;
};

/// Registers of a thread.
struct ThreadState {
    u32 pid = 0;
    u32 parent = 0;
    u16 signal = 0;
    machine::UserRegisters registers;
    machine::FloatRegisters floats;
};

/// Its memory, and at which of its stops it is.
struct AtRest {
    Ref<mm::AddressSpace> space;
    u64 stop;
    chan::UserName owner;
};

/// What a process is like that is stopped or Broken and not private. Errors: kProcessExited;
/// kPermission; kBadArg without a program; kBadCtl if it goes on.
Result<AtRest> look_at_rest(proc::ProcRef ref) {
    const proc::ProcHold hold = proc::table().hold(ref);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    TRY(check_not_private(*hold));
    Ref<mm::AddressSpace> space = hold->space();
    if (!space) return Error::kBadArg;
    if (!is_at_rest(*hold)) return Error::kBadCtl;
    return AtRest{std::move(space), hold->signals().stops, hold->caller().user()};
}

/// Whether it has not gone on since `core` was opened. Errors: as look_at_rest().
Result<void> check_at_rest(proc::ProcRef process, const Core& core) {
    const AtRest now = TRY(look_at_rest(process));
    const bool same = now.space.get() == core.space.get() && now.stop == core.stop;
    return same ? Result<void>() : Error::kBadCtl;
}

/// What `ref` has in registers, if it shares data with `space`, is at rest, and no less to be seen
/// than what `owner` has: his, and not private.
bool look(proc::ProcRef ref, const mm::AddressSpace& space, const chan::UserName& owner,
          ThreadState& out) {
    const proc::ProcHold hold = proc::table().hold(ref);
    if (!hold || hold->my_space() == nullptr) return false;
    hold->assert_held();
    if (!is_at_rest(*hold) || !hold->my_space()->has_data_of(space)) return false;
    if (hold->attributes().private_memory) return false;
    if (hold->caller().user().view() != owner.view()) return false;
    constexpr u16 kTrap = 5;
    constexpr u16 kBadMemory = 11;
    out.pid = ref.pid;
    out.parent = proc::parent_pid(*hold);
    out.signal = hold->state() == proc::ProcState::kBroken ? kBadMemory : kTrap;
    out.registers = hold->registers();
    out.floats = hold->saved_floats();
    return true;
}

void put_note(Sink& sink, u32 type, std::string_view record) {
    sink.write(bytes_of(NoteHeader{kNoteOwnerSize, static_cast<u32>(record.size()), type}));
    sink.write(kNoteOwner);
    sink.write(record);
}

void put_thread(Sink& sink, const ThreadState& thread) {
    StatusRecord status{};
    status.signal = thread.signal;
    status.signal_info[0] = thread.signal;
    status.pid = thread.pid;
    status.parent = thread.parent;
    status.registers[0] = thread.registers.pc;
    std::copy(thread.registers.x1.begin(), thread.registers.x1.end(), status.registers.begin() + 1);
    status.has_floats = 1;
    put_note(sink, kStatusNote, bytes_of(status));
    FloatsRecord floats{};
    if (thread.floats.used != 0) {
        floats.floats = thread.floats.f;
        floats.control = thread.floats.control;
    }
    put_note(sink, kFloatsNote, bytes_of(floats));
}

/// The notes: first `process`, then the others that share its data and are at rest.
void put_threads(Sink& sink, proc::ProcRef process, const AtRest& at_rest, ThreadState& room) {
    const mm::AddressSpace& space = *at_rest.space;
    if (look(process, space, at_rest.owner, room)) put_thread(sink, room);
    proc::ProcTable::Cursor cursor;
    usize count = 1;
    while (const std::optional<proc::ProcRef> next = proc::table().next(cursor)) {
        sched::yield_if_wanted();
        if (count == kThreadsMost) return;
        if (*next == process || !look(*next, space, at_rest.owner, room)) continue;
        put_thread(sink, room);
        ++count;
    }
}

elf::FileHeader file_header(usize parts) {
    elf::FileHeader header{};
    std::copy(elf::kMagic.begin(), elf::kMagic.end(), header.identity.magic.begin());
    header.identity.word_size = elf::kClass64;
    header.identity.byte_order = elf::kLittleEndian;
    header.identity.version = elf::kCurrentVersion;
    header.type = kTypeCore;
    header.machine = elf::kMachineRiscv;
    header.version = elf::kCurrentVersion;
    header.program_headers = sizeof(elf::FileHeader);
    header.flags = elf::kFlagCompressed | elf::kFloatAbiDouble;
    header.size = sizeof(elf::FileHeader);
    header.program_header_size = sizeof(elf::ProgramHeader);
    header.program_header_count = static_cast<u16>(parts);
    return header;
}

u32 flags_of(const mm::Segment& segment) {
    u32 flags = elf::kReadable;
    if (segment.allows(machine::UserAttempt::kStore)) flags |= elf::kWritable;
    if (segment.allows(machine::UserAttempt::kExecute)) flags |= elf::kExecutable;
    return flags;
}

/// What of a segment goes into the file: not what was never touched below that, of which there is
/// much in a stack. Nothing of a device; all of what others may have touched. Errors: kInterrupted.
Result<VirtAddr> first_worth_keeping(mm::AddressSpace& space, const mm::Segment& segment) {
    if (segment.kind == mm::SegmentKind::kPhysical) return segment.top();
    if (segment.image || segment.shared) return segment.start;
    if (segment.resident == 0) return segment.top();
    return space.first_touched(segment.start, segment.top());
}

struct Layout {
    std::array<mm::Segment, mm::AddressSpace::kSegmentsMax> segments{};
    usize count = 0;
    chan::GrowingText notes;
    ThreadState thread;
};

/// Puts the headers and notes together, and says where in the file memory is.
Result<void> put_beginning(Core& core, const Layout& layout) {
    const usize headers = 1 + layout.count;
    u64 offset = sizeof(elf::FileHeader) + headers * sizeof(elf::ProgramHeader);
    core.beginning.write(bytes_of(file_header(headers)));
    core.beginning.write(bytes_of(elf::ProgramHeader{.type = kNoteSegment,
                                                     .flags = 0,
                                                     .offset = offset,
                                                     .address = 0,
                                                     .physical_address = 0,
                                                     .file_size = layout.notes.size(),
                                                     .memory_size = 0,
                                                     .alignment = 4}));
    offset = align_up(offset + layout.notes.size(), kPageSize);
    for (const mm::Segment& segment : std::span(layout.segments).first(layout.count)) {
        const VirtAddr start = TRY(first_worth_keeping(*core.space, segment));
        const u64 size = segment.top() - start;
        core.beginning.write(bytes_of(elf::ProgramHeader{.type = elf::kLoad,
                                                         .flags = flags_of(segment),
                                                         .offset = offset,
                                                         .address = start.value,
                                                         .physical_address = 0,
                                                         .file_size = size,
                                                         .memory_size = size,
                                                         .alignment = kPageSize}));
        core.parts[core.part_count++] = {offset, start, size};
        offset += size;
    }
    core.beginning.write(layout.notes.text());
    return {};
}

Result<usize> read_at(Core& core, Bytes out, u64 offset) {
    const std::string_view beginning = core.beginning.text();
    if (offset < beginning.size()) return chan::reply_text(out, offset, beginning);
    for (const Core::Part& part : std::span(core.parts).first(core.part_count)) {
        if (offset >= part.offset + part.size) continue;
        if (offset < part.offset) {
            // Between the notes and the first page.
            const usize gap = std::min<u64>(out.size(), part.offset - offset);
            std::memset(out.data(), 0, gap);
            return gap;
        }
        const u64 within = offset - part.offset;
        const usize size = std::min<u64>(out.size(), part.size - within);
        return core.space->peek(out.first(size), part.start + within);
    }
    return usize{0};
}

}  // namespace

Result<void> open_core(chan::Chan& chan, const Opening& opening) {
    mm::Box<Core> core = TRY(mm::Box<Core>::create());
    mm::Box<Layout> layout = TRY(mm::Box<Layout>::create());
    const AtRest at_rest = TRY(look_at_rest(opening.process));
    core->space = at_rest.space;
    core->stop = at_rest.stop;
    layout->count = core->space->segments(layout->segments);
    put_threads(layout->notes, opening.process, at_rest, layout->thread);
    TRY(put_beginning(*core, *layout));
    if (layout->notes.failed() || core->beginning.failed()) return Error::kNoMemory;
    chan.device_pointer = core.leak();  // close_core() has it
    return {};
}

Result<usize> read_core(const Request& request, Bytes out) {
    Core& core = *static_cast<Core*>(request.chan.device_pointer);
    // All that is read is of one moment, but for what others that share data do meanwhile.
    TRY(check_at_rest(request.process, core));
    const usize size = TRY(read_at(core, out, request.offset));
    TRY(check_at_rest(request.process, core));
    return size;
}

void close_core(chan::Chan& chan) {
    if (chan.device_pointer == nullptr) return;  // was never opened
    mm::Box<Core>::adopt(*static_cast<Core*>(std::exchange(chan.device_pointer, nullptr))).reset();
}

}  // namespace kernel::devproc
