// Directories as files: the device gives entries, this packs them.
#include "chan/directory.h"

#include "chan/file.h"
#include "chan/namespace.h"
#include "chan/read_state.h"
#include "chan/stat.h"

namespace kernel::chan {
namespace {

/// Errors that are the reader's, not the directory's: they end a read of a union, others end the
/// member.
bool is_readers_own(Error error) {
    return error == Error::kNoMemory || error == Error::kInterrupted;
}

/// A listing in progress; lives for one read, under the channel's read lock.
class Listing {
public:
    Listing(Caller& caller, Chan& chan, ReadState& state)
        : caller_(caller), chan_(chan), state_(state) {}

    void start_over() {
        state_.directory_offset = 0;
        state_.cursor = 0;
        state_.member_index = 0;
        state_.member.reset();
    }

    /// The next entry into `out`; false at the end. The position moves behind it.
    Result<bool> next(Stat& out) {
        if (!is_union()) return next_of(chan_, out);
        while (state_.member_index < members().size()) {
            const Result<bool> got = next_of_member(out);
            if (got.ok() && got.value()) return true;
            if (!got.ok() && is_readers_own(got.error())) return got.error();
            ++state_.member_index;
            state_.member.reset();
            state_.cursor = 0;
        }
        return false;
    }

private:
    std::span<const Mount> members() const { return chan_.found_by()->members(); }
    bool is_union() const { return chan_.found_by() && members().size() > 1; }

    Result<bool> next_of_member(Stat& out) {
        if (!state_.member) {
            Ref<Chan> member = TRY(members()[state_.member_index].to->clone());
            Dev& device = member->device();
            member = TRY(device.open(caller_, std::move(member), kORead));
            if (!member->is_open()) member->mark_open(kORead);
            state_.member = std::move(member);
        }
        return next_of(*state_.member, out);
    }

    Result<bool> next_of(Chan& dir, Stat& out) {
        prepare_stat(dir.device(), dir.device_number(), out);
        const bool found = TRY(dir.device().entry(caller_, dir, state_.cursor, out));
        if (found) show_mounted(dir, out);
        return found;
    }

    /// Makes an entry that something is mounted on describe that.
    void show_mounted(const Chan& dir, Stat& out) {
        const Ref<Union> mounted =
            caller_.my_name_space().find({&dir.device(), dir.device_number(), out.qid.path});
        if (!mounted) return;
        const ElementName name = out.name;
        Stat shown;
        // An entry whose mount cannot be described keeps its own description.
        if (!stat(caller_, *mounted->members()[0].to, shown).ok()) return;
        out = shown;
        out.name = name;
    }

    Caller& caller_;
    Chan& chan_;
    ReadState& state_;
};

}  // namespace

Result<usize> read_directory(Caller& caller, Chan& chan, Bytes out, u64 offset) {
    if (!chan.read_lock().lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard guard(chan.read_lock(), sched::kAdoptLock);
    ReadState& state = *TRY(chan.read_state());
    Listing listing(caller, chan, state);
    if (offset == 0) listing.start_over();
    if (offset != state.directory_offset) return Error::kDirSeek;

    usize total = 0;
    Stat entry;
    for (;;) {  // ends with the entries or the buffer
        const DirCursor cursor = state.cursor;
        const usize member_index = state.member_index;
        const Result<bool> found = listing.next(entry);
        if (!found.ok()) {
            if (total == 0) return found.error();
            break;
        }
        if (!found.value()) break;
        if (stat_record_size(entry) > out.size() - total) {
            // Next time again: the cursor where the entry was found, in a member that stays open.
            state.cursor = member_index == state.member_index ? cursor : 0;
            if (total == 0) return Error::kShort;
            break;
        }
        total += MUST(marshal_stat(entry, out.subspan(total)));  // it fits
    }
    state.directory_offset += total;
    return total;
}

}  // namespace kernel::chan
