// The tree of #p: walking, listing, describing, opening; files act through their rows.
#include "devproc/devproc.h"

#include "base/text.h"
#include "chan/chan.h"
#include "devproc/file_table.h"
#include "devproc/files.h"
#include "devproc/permission.h"
#include "devproc/place.h"
#include "devproc/secrets.h"
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
    constexpr ProcDevice() : Dev("p", "proc") {}

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

/// Whether `chan`, which was opened when its process was somebody's and not private, may still be
/// used; how often that changed its user. What it answers may be old at once.
Result<u64> check_use(Caller& caller, Chan& chan, const Place& place, const File& file) {
    if (!place.of_process() || file.outlives_process) return u64{0};
    {
        const proc::ProcHold hold = proc::table().hold(place.process);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        if (file.secret) TRY(check_not_private(*hold));
        const u64 changes = hold->caller().user_changes();
        if (changes == chan.device_word) return changes;
    }
    const std::optional<Target> target = TRY(target_of(place));
    TRY(may(caller, place, pointer(target), Wish::kOpen, chan.mode()));
    return target->user_changes;
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
    const File* const file =
        from.of_process() ? process_files().find(name) : find_root_file(name);
    if (file != nullptr) return Place{file->type, from.process};
    if (from.of_process()) return Error::kNotExist;
    return Place { FileType::kDir, TRY(name == "self" ? find_self(caller) : find_process(name)) };
}

Result<void> ProcDevice::walk(Caller& caller, Chan& chan, std::string_view name) {
    const Place from = Place::of(chan.qid());
    // Up is possible from where a process was; down is not.
    if (name != "..") TRY(may(caller, from, Wish::kSee));
    const Place to = TRY(step(caller, from, name));
    if (to.process != from.process) TRY(may(caller, to, Wish::kSee));
    chan.set_qid(to.qid());
    return {};
}

void describe_place(Stat& out, std::string_view name, const Place& place, const File* file,
                    const Target* target) {
    chan::describe(out, name, place.qid(), file == nullptr ? 0 : file->length,
                   mode_of(file, target));
    if (target != nullptr) out.uid = out.muid = target->owner;
}

/// The next process at or after `cursor` that the caller may see.
Result<bool> process_entry(Caller& caller, DirCursor& cursor, Stat& out) {
    proc::ProcTable::Cursor cell{static_cast<u32>(cursor)};
    proc::ProcRef next;
    Target target;
    while (proc::table().look_at_next(cell, [&](proc::Proc& process) {
        process.assert_held();
        next = process.ref();
        target = Target::of(process);
    })) {
        cursor = cell.cell;
        const Place place{FileType::kDir, next};
        const Question question{.caller = caller,
                                .process = next,
                                .target = &target,
                                .file = nullptr,
                                .wish = Wish::kSee,
                                .mode = {}};
        if (!permit(question).ok()) continue;
        char digits[12];
        const char* const name = put_decimal_before(std::end(digits), next.pid);
        describe_place(out, {name, std::end(digits)}, place, nullptr, &target);
        return true;
    }
    return false;
}

Result<bool> ProcDevice::entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) {
    const Place place = Place::of(dir.qid());
    const std::optional<Target> target = TRY(target_of(place));
    const std::span<const File> files = place.of_process() ? process_files().rows() : root_files();
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
    const Result<u64> changes = check_use(caller, chan, place, *file);
    // A text that was begun is read to its end, unless it is secret: whether there is one its
    // function knows.
    const bool is_ending = !changes.ok() && changes.error() == Error::kProcessExited;
    if (!changes.ok() && (!is_ending || file->secret)) return changes.error();
    const u64 asked = changes.ok() ? changes.value() : 0;
    Result<usize> size = file->read({caller, chan, place.process, offset, asked}, out);
    // It is not given away yet, and its process may have hidden it, or changed hands, since.
    if (size.ok() && file->secret) TRY(check_use(caller, chan, place, *file));
    return size;
}

Result<usize> ProcDevice::write(Caller& caller, Chan& chan, ConstBytes data, u64 offset) {
    const Place place = Place::of(chan.qid());
    const File* file = find_file(place.type);
    if (file == nullptr || file->write == nullptr) return Error::kGeneric;
    const u64 changes = TRY(check_use(caller, chan, place, *file));
    return file->write({caller, chan, place.process, offset, changes}, data);
}

/// Whether `changes` asks for another owner. One may become `none`; eve may make it anybody.
Result<bool> wants_owner(Caller& caller, const Stat& changes, const Target& target) {
    if (changes.uid.empty() || changes.uid.view() == target.owner.view()) return false;
    if (!caller.is_eve() && changes.uid.view() != "none") return Error::kPermission;
    return true;
}

Result<void> ProcDevice::wstat(Caller& caller, Chan& chan, const Stat& changes) {
    const Place place = Place::of(chan.qid());
    for (;;) {  // until nobody changes its user between the question and the answer
        const std::optional<Target> target = TRY(target_of(place));
        TRY(may(caller, place, pointer(target), Wish::kChange));
        const bool changes_owner = TRY(wants_owner(caller, changes, *target));
        {
            const proc::ProcHold hold = proc::table().hold(place.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            if (hold->caller().user_changes() != target->user_changes) continue;
            if (changes_owner) hold->caller().set_user(changes.uid);
            if (changes.mode != chan::kKeep32) {
                hold->attributes().mode = changes.mode & chan::kPermissionBits;
            }
        }
        // It may wait there, where nothing of it is told any more.
        if (changes_owner) (void)proc::stop_trace(place.process);  // ignored: it had none
        return {};
    }
}

constinit ProcDevice the_device;

}  // namespace

chan::Dev& device() { return the_device; }

}  // namespace kernel::devproc
