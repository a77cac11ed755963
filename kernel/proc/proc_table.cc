// The process table: finding, iterating, counting, and its making.
#include "proc/proc_table.h"

#include "base/log.h"
#include "machine/boot_info.h"
#include "mm/frames.h"
#include "proc/broken.h"
#include "proc/family_tree.h"
#include "proc/killbig.h"
#include "proc/semaphore.h"

namespace kernel::proc {
namespace {

/// Free slots that other harts' stores may sit on while this one makes new ones.
constexpr u64 kSlack = 1024;

constinit Late<ProcTable> the_table;

u64 memory_size() {
    u64 bytes = 0;
    for (const PhysRange& range : machine::boot_info().memory) bytes += range.size;
    return bytes;
}

/// As many cells as the processes asked for need, or as memory suggests.
pid::PidSize size_for(u32 processes) {
    if (processes == 0) return pid::PidSize::for_memory(memory_size());
    const u64 cells = 4 * u64{processes};
    return {std::clamp<u32>(static_cast<u32>(std::bit_width(cells - 1)), 9, 22)};
}

u64 pages_for(u64 bytes) { return align_up(bytes, kPageSize) / kPageSize; }

}  // namespace

ProcTable& table() { return *the_table; }

Result<void> init(const TableOptions& options) {
    const pid::PidSize size = size_for(options.max_processes);
    const u64 most = size.processes();
    const u64 limit =
        options.max_processes == 0 ? most : std::min<u64>(options.max_processes, most);
    // A cell holds slots below its highest value only.
    const u64 directory_size = std::min<u64>(limit + kSlack, size.cells() - 1);
    // What they hold before they are filled does not matter, so a big machine touches none of it.
    mm::OwnedPages cells =
        TRY(mm::OwnedPages::create(pages_for(size.cell_bytes()), mm::PageFill::kAny));
    mm::OwnedPages hints =
        TRY(mm::OwnedPages::create(pages_for(size.hint_bytes()), mm::PageFill::kAny));
    mm::OwnedPages directory =
        TRY(mm::OwnedPages::create(pages_for(directory_size * sizeof(Proc*)), mm::PageFill::kAny));
    pid::PidOptions numbers = {.size = size,
                               .cells = cells.bytes(),
                               .hints = hints.bytes(),
                               .harts = machine::hart_count(),
                               .seed = options.seed,
                               .number_bits = options.number_bits,
                               .reuse_delay = options.reuse_delay};
    if (!numbers.bits_suffice()) {
        klog("numbers of {} bits are too few for {} of them on {} harts: {} are used",
             numbers.number_bits, size.cells(), numbers.harts, pid::kNumberBits);
        numbers.number_bits = pid::kNumberBits;
    }
    Proc** first = reinterpret_cast<Proc**>(directory.bytes().data());
    the_table.make(numbers, std::span(first, directory_size), limit);
    the_table->pids().set_random(options.random_numbers);
    // ignored: the table's for ever
    (void)cells.leak();
    (void)hints.leak();
    (void)directory.leak();
    FamilyTree::reset();
    NoteGroup::reset();
    reset_broken();
    reset_killbig();
    reset_semaphores();
    return {};
}

Proc* ProcTable::slot(u32 index) const {
    // [proc.slots] acquire: the directory below the count is filled; pairs with release in
    // Slots::add().
    if (index >= slots_.load(std::memory_order_acquire)) return nullptr;
    return directory_[index];
}

std::optional<SlotHint> ProcTable::lookup(u32 pid) { return pids_.lookup(pid); }

ProcHold ProcTable::hold(SlotHint hint, u32 pid) {
    Proc* proc = slot(hint.slot);
    // Just a way to hold by number: the serial is whatever it is now.
    if (proc == nullptr) return ProcHold(nullptr, nullptr);
    const ProcRef now = proc->ref();
    return ProcHold(now.pid == pid ? proc : nullptr, &now);
}

ProcHold ProcTable::hold(ProcRef ref) {
    return ProcHold(ref.pid == 0 ? nullptr : slot(ref.slot), &ref);
}

ProcHold ProcTable::hold(u32 pid) {
    const std::optional<SlotHint> hint = lookup(pid);
    if (!hint.has_value()) return ProcHold(nullptr, nullptr);
    return hold(*hint, pid);
}

std::optional<ProcRef> ProcTable::next(Cursor& cursor) {
    std::optional<ProcRef> found;
    look_at_next(cursor, [&](const Proc& process) { found = process.ref(); });
    return found;
}

std::optional<ProcRef> ProcTable::ended(ProcId id) { return FamilyTree::ended(id); }

bool ProcTable::has_record(ProcRef ref) { return FamilyTree::has_record(ref); }

TableCounts ProcTable::counts() const {
    const sync::IrqSaveGuard guard(lock_);
    return counts_;
}

}  // namespace kernel::proc
