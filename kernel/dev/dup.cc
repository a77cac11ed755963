// Descriptors as files: which exist depends on who looks.
#include "dev/dup.h"

#include "base/text.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/fd_group.h"
#include "chan/rendered_text.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::DirCursor;
using chan::FdGroup;
using chan::FdUse;
using chan::OpenMode;
using chan::Stat;

constexpr std::string_view kControlSuffix = "ctl";

/// What a file stands for. Qid paths: 0 is the root, then two for each descriptor.
struct DupFile {
    i32 fd;
    bool is_control;

    static DupFile of(const Chan& chan) { return at(chan.qid().path - 1); }
    /// The n-th file, counting those of descriptors that are not open.
    static DupFile at(u64 index) { return {static_cast<i32>(index / 2), index % 2 == 1}; }
    u64 index() const { return 2 * static_cast<u64>(fd) + (is_control ? 1 : 0); }
    chan::Qid qid() const { return chan::file_qid(index() + 1); }
};

FdUse use_of(OpenMode mode) {
    switch (mode.access()) {
        case chan::OpenAccess::kWrite:
            return FdUse::kWrite;
        case chan::OpenAccess::kReadWrite:
            return FdUse::kReadWrite;
        case chan::OpenAccess::kRead:
        case chan::OpenAccess::kExecute:
            break;
    }
    return FdUse::kRead;
}

Result<DupFile> parse_name(std::string_view name) {
    const bool is_control = name.ends_with(kControlSuffix);
    if (is_control) name.remove_suffix(kControlSuffix.size());
    const Result<u64> fd = parse_canonical_decimal(name);
    if (!fd.ok() || fd.value() >= chan::kFdMax) return Error::kNotExist;
    return DupFile{static_cast<i32>(fd.value()), is_control};
}

/// The channel of `fd`. Errors: kNotExist if it is not open.
Result<Ref<Chan>> chan_of(Caller& caller, i32 fd) {
    const Ref<FdGroup> fds = caller.fds();
    if (!fds) return Error::kNotExist;
    Result<Ref<Chan>> found = fds->get(fd);
    if (!found.ok()) return Error::kNotExist;
    return found;
}

void describe_file(Caller& caller, DupFile file, const Chan& open_chan, Stat& out) {
    u32 permissions = 0;
    if (open_chan.mode().reads() || file.is_control) permissions |= 0400;
    if (open_chan.mode().writes() && !file.is_control) permissions |= 0200;
    chan::ElementName name;
    name.format("{}{}", file.fd, file.is_control ? kControlSuffix : "");
    describe(out, name, file.qid(), 0, permissions);
    out.uid = caller.user();
    out.muid = out.uid;
}

class DupDevice final : public chan::Dev {
public:
    constexpr DupDevice() : Dev("d", "dup") {}

    Result<void> walk(Caller& caller, Chan& chan, std::string_view name) override {
        if (name == "..") return {};  // the root is the only directory
        const DupFile file = TRY(parse_name(name));
        TRY(chan_of(caller, file.fd));
        chan.set_qid(file.qid());
        return {};
    }

    Result<bool> entry(Caller& caller, Chan&, DirCursor& cursor, Stat& out) override {
        const Ref<FdGroup> fds = caller.fds();
        if (!fds) return false;
        DupFile file = DupFile::at(cursor);
        const std::optional<chan::FdRow> row = fds->next(file.fd);
        if (!row.has_value()) return false;
        if (row->fd != file.fd) file = {row->fd, false};
        cursor = file.index() + 1;
        describe_file(caller, file, *row->chan, out);
        return true;
    }

    Result<void> stat(Caller& caller, Chan& chan, Stat& out) override {
        if (chan.is_dir()) {
            describe(out, out.name, chan.qid(), 0, 0555);
            return {};
        }
        const DupFile file = DupFile::of(chan);
        const Ref<Chan> open_chan = TRY(chan_of(caller, file.fd));
        describe_file(caller, file, *open_chan, out);
        return {};
    }

    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override {
        if (chan->is_dir()) {
            TRY(chan::check_directory_open(mode));
            return chan;
        }
        const DupFile file = DupFile::of(*chan);
        if (file.is_control) {
            if (mode.writes() || mode.truncates()) return Error::kPermission;
            return chan;
        }
        const Ref<FdGroup> fds = caller.fds();
        if (!fds) return Error::kBadFd;
        return fds->get(file.fd, use_of(mode));
    }

    Result<usize> read(Caller& caller, Chan& chan, Bytes out, u64 offset) override {
        const i32 fd = DupFile::of(chan).fd;
        return chan::read_rendered(chan, out, offset, [&](Sink& sink) -> Result<void> {
            const Ref<Chan> open_chan = TRY(chan_of(caller, fd));
            chan::print_fd_row(sink, fd, *open_chan);
            return {};
        });
    }
};

constinit DupDevice device;

}  // namespace

chan::Dev& dup_device() { return device; }

}  // namespace kernel::dev
