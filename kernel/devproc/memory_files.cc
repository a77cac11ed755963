// mem, text, segment and maps: what a process has in memory, and what it is made of.
#include "chan/rendered_text.h"
#include "chan/text_reply.h"
#include "devproc/files.h"
#include "devproc/secrets.h"
#include "machine/memory.h"
#include "mm/heap.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

using mm::Segment;
using mm::SegmentKind;

/// The segments of a space as they were, and the name of the file that its program is. On the heap:
/// it is large for a kernel's stack.
struct Layout {
    std::array<Segment, mm::AddressSpace::kSegmentsMax> segments{};
    usize count = 0;
    Ref<chan::Path> file;
    std::optional<VirtAddr> profiled;  // where what is profiled begins

    std::span<const Segment> all() const { return std::span(segments).first(count); }
};

/// Nothing for a process without a program. Errors: kProcessExited, kNoMemory.
Result<mm::Box<Layout>> layout_of(proc::ProcRef process) {
    mm::Box<Layout> layout = TRY(mm::Box<Layout>::create());
    Ref<mm::AddressSpace> space;
    {
        const proc::ProcHold hold = proc::table().hold(process);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        layout->file = hold->program_file();
        space = hold->space();
        if (hold->profile()) layout->profiled = hold->profile()->start();
    }
    if (space) layout->count = space->segments(layout->segments);
    return layout;
}

/// The address that an offset in `mem` is: offsets are not negative, so their highest bit but one
/// stands for both.
VirtAddr address_at(u64 offset) {
    constexpr u64 kSign = u64{1} << 62;
    return {(offset & kSign) != 0 ? offset | kSign << 1 : offset};
}

/// Errors: kProcessExited; kPermission if it is private.
Result<void> check_open(proc::ProcRef process) {
    const proc::ProcHold hold = proc::table().hold(process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    return check_not_private(*hold);
}

bool is_of_kernel(VirtAddr at) { return at.value >> 63 != 0; }

/// What `segment` calls it, and Plan 9: what is attached as memory is a bss.
std::string_view type_name(SegmentKind kind) {
    switch (kind) {
        case SegmentKind::kText:
            return "Text";
        case SegmentKind::kData:
            return "Data";
        case SegmentKind::kBss:
        case SegmentKind::kMemory:
            return "Bss";
        case SegmentKind::kStack:
            return "Stack";
        case SegmentKind::kShared:
            return "Shared";
        case SegmentKind::kPhysical:
            return "Phys";
    }
    return "";
}

/// How many have what it shows: spaces that share its pages, or forks with the same file.
usize sharers(const Segment& segment, const Layout& layout) {
    if (segment.shared) return segment.shared->ref_count() - 1;  // the layout's own
    if (!segment.image) return 1;
    // Several segments of each fork show the file, as many as here.
    const usize here = static_cast<usize>(std::count_if(
        layout.all().begin(), layout.all().end(),
        [&segment](const Segment& other) { return other.image.get() == segment.image.get(); }));
    return std::max<usize>(1, segment.image->ref_count() / here - 1);
}

void print_segment(Sink& sink, const Segment& segment, const Layout& layout) {
    const char read_only = segment.access == machine::UserAccess::kReadWrite ? ' ' : 'R';
    const char profiled = layout.profiled == segment.start ? 'P' : ' ';
    format_to(sink, "{:6} {}{} {:>8x} {:>8x} {:>4}\n", type_name(segment.kind), read_only, profiled,
              segment.start.value, segment.top().value, sharers(segment, layout));
}

/// As Linux's: addresses, access, where in the file, no device, no inode, and from column 73 what
/// it is.
void print_mapping(Sink& sink, const Segment& segment, const Layout& layout) {
    constexpr usize kNameColumn = 73;
    const bool common =
        segment.kind == SegmentKind::kShared || segment.kind == SegmentKind::kPhysical;
    std::array<char, kNameColumn + 32> line;
    const std::string_view text =
        format_into(line, "{:08x}-{:08x} r{}{}{} {:08x} 00:00 0 ", segment.start.value,
                    segment.top().value, segment.allows(machine::UserAttempt::kStore) ? 'w' : '-',
                    segment.allows(machine::UserAttempt::kExecute) ? 'x' : '-', common ? 's' : 'p',
                    segment.image ? align_down(segment.image_offset, kPageSize) : u64{0});
    sink.write(text);
    const auto name_follows = [&sink, &text] {
        for (usize column = text.size(); column < kNameColumn; ++column) sink.write(" ");
    };
    if (segment.image && layout.file) {
        name_follows();
        layout.file->write_to(sink);
    } else if (segment.kind == SegmentKind::kBss || segment.kind == SegmentKind::kStack) {
        name_follows();
        sink.write(segment.kind == SegmentKind::kBss ? "[heap]" : "[stack]");
    }
    sink.write("\n");
}

}  // namespace

Result<usize> read_segment(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const mm::Box<Layout> layout = TRY(layout_of(request.process));
        // The stack first, as debuggers expect; then by address, which is Plan 9's order too.
        for (const bool stacks : {true, false}) {
            for (const Segment& segment : layout->all()) {
                if ((segment.kind == SegmentKind::kStack) == stacks) {
                    print_segment(sink, segment, *layout);
                }
            }
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> read_maps(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const mm::Box<Layout> layout = TRY(layout_of(request.process));
        for (const Segment& segment : layout->all()) {
            if (segment.start != segment.top()) print_mapping(sink, segment, *layout);
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> read_mem(const Request& request, Bytes out) {
    const VirtAddr at = address_at(request.offset);
    if (is_of_kernel(at)) {
        if (!request.caller.is_eve()) return Error::kPermission;
        TRY(check_open(request.process));
        return machine::peek_image(out, at);
    }
    const Ref<mm::AddressSpace> space = TRY(keep_memory(request.process));
    const usize size = TRY(space->peek(out, at));
    TRY(check_same_memory(request.process, *space));
    return size;
}

Result<usize> write_mem(const Request& request, ConstBytes data) {
    const VirtAddr at = address_at(request.offset);
    Ref<mm::AddressSpace> space;
    {
        const proc::ProcHold hold = proc::table().hold(request.process);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        TRY(check_may_write(request, *hold));
        space = hold->space();
        if (!space) return Error::kBadArg;
        if (!hold->signals().stopped) return Error::kBadCtl;
        // Whoever starts it meanwhile lets it go on when this is done.
        ++hold->signals().writers;
    }
    const Result<void> written = space->poke(at, data);
    const proc::ProcHold hold = proc::table().hold(request.process);
    if (hold) {  // or it was told to end
        hold->assert_held();
        if (--hold->signals().writers == 0) sched::wakeup(hold->stop_rendez());
    }
    TRY(written);
    return data.size();
}

Result<void> open_text(chan::Chan& chan, const Opening& opening) {
    const mm::Box<Layout> layout = TRY(layout_of(opening.process));
    for (const Segment& segment : layout->all()) {
        if (segment.kind != SegmentKind::kText || !segment.image) continue;
        Ref<mm::Image> image = segment.image;
        chan.device_pointer = image.leak();  // close_text() has it
        if (layout->file) chan.set_path(layout->file);
        return {};
    }
    return Error::kNotExist;
}

Result<usize> read_text(const Request& request, Bytes out) {
    const auto& image = *static_cast<const mm::Image*>(request.chan.device_pointer);
    return chan::reply_bytes(out, request.offset, image.bytes());
}

void close_text(chan::Chan& chan) {
    if (chan.device_pointer == nullptr) return;  // was never opened
    auto* image = static_cast<mm::Image*>(std::exchange(chan.device_pointer, nullptr));
    Ref<mm::Image>::adopt(*image).reset();
}

}  // namespace kernel::devproc
