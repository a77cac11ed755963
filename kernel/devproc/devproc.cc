// The tree of #p: walking, listing, describing, opening; files act through their rows.
#include "devproc/devproc.h"

#include "base/text.h"
#include "chan/chan.h"
#include "devproc/file_table.h"
#include "devproc/files.h"
#include "devproc/permission.h"
#include "devproc/place.h"
#include "devproc/target.h"
#include "proc/proc_table.h"
#include "proc/tracing.h"

namespace kernel::devproc {
namespace {

using chan::Caller;
using chan::Chan;
using chan::DirCursor;
using chan::OpenMode;
using chan::Stat;

class ProcDevice final : public chan::Dev {
public:
    constexpr ProcDevice() : Dev('p', "proc") {}

    Result<void> walk(Caller& caller, Chan& chan, std::string_view name) override;
    Result<bool> entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) override;
    Result<void> stat(Caller& caller, Chan& chan, Stat& out) override;
    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override;
    void close(Chan& chan) override;
    Result<usize> read(Caller& caller, Chan& chan, Bytes out, u64 offset) override;
    Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, u64 offset) override;
    Result<void> wstat(Caller& caller, Chan& chan, const Stat& changes) override;
};

/// What of a process a request is about; empty for the root.
Result<std::optional<Target>> target_of(const Place& place) {
    if (!place.of_process()) return std::optional<Target>();
    return std::optional(TRY(Target::look(place.process)));
}

const Target* pointer(const std::optional<Target>& target) {
    return target.has_value() ? &*target : nullptr;
}

Result<void> may(Caller& caller, const Place& place, const Target* target, Wish wish,
                 OpenMode mode = {}) {
    return permit({.caller = caller,
                   .process = place.process,
                   .target = target,
                   .file = find_file(place.type),
                   .wish = wish,
                   .mode = mode});
}

Result<void> may(Caller& caller, const Place& place, Wish wish, OpenMode mode = {}) {
    const std::optional<Target> target = TRY(target_of(place));
    return may(caller, place, pointer(target), wish, mode);
}

/// Whether `chan`, which was opened when its process was somebody's, may still be used now that it
/// may be somebody else's. What became of the process the file's function finds out.
Result<void> check_owner(Caller& caller, Chan& chan, const Place& place, const File& file) {
    if (!place.of_process() || file.outlives_process) return {};
    const proc::Proc* const slot = proc::table().slot(place.process.slot);
    if (slot == nullptr || slot->caller().user_changes() == chan.device_word) return {};
    return may(caller, place, Wish::kOpen, chan.mode());
}

/// The process that a name in the root says: "N", or "N.SERIAL". Errors: kNotExist.
Result<proc::ProcRef> find_process(std::string_view name) {
    const usize dot = name.find('.');
    const Result<u64> number = parse_canonical_decimal(name.substr(0, dot));
    if (!number.ok() || number.value() == 0 || number.value() > pid::kMaxNumber) {
        return Error::kNotExist;
    }
    const u32 pid = static_cast<u32>(number.value());
    std::optional<u64> serial;
    if (dot != std::string_view::npos) {
        const Result<u64> wanted = parse_canonical_decimal(name.substr(dot + 1));
        if (!wanted.ok()) return Error::kNotExist;
        serial = wanted.value();
    }
    {
        const proc::ProcHold hold = proc::table().hold(pid);
        if (hold && (!serial.has_value() || hold->id().serial == *serial)) return hold->ref();
    }
    if (!serial.has_value()) return Error::kNotExist;
    const std::optional<proc::ProcRef> ended = proc::table().ended({pid, *serial});
    return ended.has_value() ? Result(*ended) : Error::kNotExist;
}

/// Whoever asks. Errors: kNotExist.
Result<proc::ProcRef> find_self(const Caller& caller) {
    const proc::ProcRef self = process_of(caller);
    return self.pid != 0 ? Result(self) : Error::kNotExist;
}

/// The place that `name` leads to from directory `from`. `self` is in no listing, because whoever
/// goes through one would meet himself twice.
Result<Place> step(const Caller& caller, const Place& from, std::string_view name) {
    if (name == "..") return Place{};
    const File* file = find_file(from.of_process() ? process_files() : root_files(), name);
    if (file != nullptr) return Place{file->type, from.process};
    if (from.of_process()) return Error::kNotExist;
    return Place { FileType::kDir, TRY(name == "self" ? find_self(caller) : find_process(name)) };
}

Result<void> ProcDevice::walk(Caller& caller, Chan& chan, std::string_view name) {
    const Place from = Place::of(chan.qid());
    // Up is possible from where a process was; down is not.
    if (name != "..") TRY(may(caller, from, Wish::kSee));
    const Place to = TRY(step(caller, from, name));
    TRY(may(caller, to, Wish::kSee));
    chan.set_qid(to.qid());
    return {};
}

void describe_place(Stat& out, std::string_view name, const Place& place, const File* file,
                    const Target* target) {
    chan::describe(out, name, place.qid(), file == nullptr ? 0 : file->length,
                   mode_of(file, target));
    if (target != nullptr) out.uid = target->owner;
}

/// The next process at or after `cursor` that the caller may see.
Result<bool> process_entry(Caller& caller, DirCursor& cursor, Stat& out) {
    proc::ProcTable::Cursor cell{static_cast<u32>(cursor)};
    while (const std::optional<proc::ProcRef> next = proc::table().next(cell)) {
        cursor = cell.cell;
        const Place place{FileType::kDir, *next};
        const Result<Target> target = Target::look(*next);
        if (!target.ok() || target.value().ended) continue;  // gone since
        const Question question{.caller = caller,
                                .process = *next,
                                .target = &target.value(),
                                .file = nullptr,
                                .wish = Wish::kSee,
                                .mode = {}};
        if (!permit(question).ok()) continue;
        char name[12];
        describe_place(out, format_into(name, "{}", next->pid), place, nullptr, &target.value());
        return true;
    }
    return false;
}

Result<bool> ProcDevice::entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) {
    const Place place = Place::of(dir.qid());
    const std::optional<Target> target = TRY(target_of(place));
    const std::span<const File> files = place.of_process() ? process_files() : root_files();
    // Fixed names first; then the cursor goes on as that of the table.
    if (cursor < files.size()) {
        const File& file = files[static_cast<usize>(cursor)];
        ++cursor;
        describe_place(out, file.name, {file.type, place.process}, &file, pointer(target));
        return true;
    }
    if (place.of_process()) return false;
    DirCursor cell = cursor - files.size();
    const bool found = TRY(process_entry(caller, cell, out));
    cursor = cell + files.size();
    return found;
}

Result<void> ProcDevice::stat(Caller& caller, Chan& chan, Stat& out) {
    const Place place = Place::of(chan.qid());
    TRY(may(caller, place, Wish::kSee));
    const std::optional<Target> target = TRY(target_of(place));
    const File* file = find_file(place.type);
    const std::string_view name = file == nullptr ? out.name.view() : file->name;
    describe_place(out, name, place, file, pointer(target));
    if (file != nullptr && file->dynamic_length != nullptr) {
        out.length = file->dynamic_length(place.process);
    }
    out.qid = chan.qid();
    return {};
}

Result<Ref<Chan>> ProcDevice::open(Caller& caller, Ref<Chan> chan, OpenMode mode) {
    const Place place = Place::of(chan->qid());
    const std::optional<Target> target = TRY(target_of(place));
    TRY(may(caller, place, pointer(target), Wish::kOpen, mode));
    if (target.has_value()) chan->device_word = target->user_changes;
    const File* const file = find_file(place.type);
    if (file != nullptr && file->open != nullptr) {
        TRY(file->open(*chan, {caller, place.process, mode}));
    }
    return chan;
}

void ProcDevice::close(Chan& chan) {
    const File* const file = find_file(Place::of(chan.qid()).type);
    if (file != nullptr && file->close != nullptr) file->close(chan);
}

Result<usize> ProcDevice::read(Caller& caller, Chan& chan, Bytes out, u64 offset) {
    const Place place = Place::of(chan.qid());
    const File* file = find_file(place.type);
    if (file == nullptr || file->read == nullptr) return Error::kGeneric;
    TRY(check_owner(caller, chan, place, *file));
    return file->read({caller, chan, place.process, offset}, out);
}

Result<usize> ProcDevice::write(Caller& caller, Chan& chan, ConstBytes data, u64 offset) {
    const Place place = Place::of(chan.qid());
    const File* file = find_file(place.type);
    if (file == nullptr || file->write == nullptr) return Error::kGeneric;
    TRY(check_owner(caller, chan, place, *file));
    // Whoever is gone says so before what is written is looked at.
    const bool needs_process = place.of_process() && !file->outlives_process;
    if (needs_process && !proc::table().hold(place.process)) {
        return Error::kProcessExited;
    }
    return file->write({caller, chan, place.process, offset}, data);
}

/// The user that `changes` asks for, if any. The owner may become `none`, eve may make it anybody.
Result<std::optional<chan::UserName>> wanted_owner(Caller& caller, const Stat& changes) {
    if (changes.uid.empty()) return std::optional<chan::UserName>();
    if (!caller.is_eve() && changes.uid.view() != "none") return Error::kPermission;
    return std::optional(changes.uid);
}

Result<void> ProcDevice::wstat(Caller& caller, Chan& chan, const Stat& changes) {
    const Place place = Place::of(chan.qid());
    TRY(may(caller, place, Wish::kChange));
    const std::optional<chan::UserName> owner = TRY(wanted_owner(caller, changes));
    bool changes_owner = false;
    {
        const proc::ProcHold hold = proc::table().hold(place.process);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        changes_owner = owner.has_value() && hold->caller().user().view() != owner->view();
        if (changes_owner) hold->caller().set_user(*owner);
        if (changes.mode != chan::kKeep32) {
            hold->attributes().mode = changes.mode & chan::kPermissionBits;
        }
    }
    // It may wait there, where nothing of it is told any more.
    if (changes_owner) (void)proc::stop_trace(place.process);  // ignored: it had none
    return {};
}

constinit ProcDevice the_device;

}  // namespace

chan::Dev& device() { return the_device; }

}  // namespace kernel::devproc
