// Environment variables as files: names are the looker's, an open file is its opener's.
#include "dev/env.h"

#include "chan/caller.h"
#include "chan/chan.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::DirCursor;
using chan::EnvGroup;
using chan::EnvInfo;
using chan::OpenMode;
using chan::Stat;

constexpr u32 kRootPermissions = 0775;
constexpr u32 kOwnPermissions = 0666;
constexpr u32 kKernelPermissions = 0644;

/// Which instance of the device: device numbers.
constexpr u32 kOwn = 0;
constexpr u32 kKernel = 1;
constexpr std::string_view kKernelSpec = "c";

constinit EnvGroup* kernel_group = nullptr;  // const after boot; holds one reference for good

/// The group that `chan` is about: an open file's is that of who opened it, so that it stays the
/// same when the opener changes groups or hands the descriptor on.
Result<Ref<EnvGroup>> group_of(Caller& caller, const Chan& chan) {
    if (chan.device_pointer != nullptr) {
        return Ref<EnvGroup>::share(*static_cast<EnvGroup*>(chan.device_pointer));
    }
    if (chan.device_number() == kKernel) return kernel_environment();
    Ref<EnvGroup> own = caller.environment();
    if (!own) return Error::kNotExist;
    return own;
}

Result<void> check_change(Caller& caller, const Chan& chan) {
    if (chan.device_number() == kKernel && !caller.is_eve()) return Error::kPermission;
    return {};
}

void describe_variable(const Chan& chan, const EnvInfo& info, Stat& out) {
    describe(out, info.name, info.qid, info.length,
             chan.device_number() == kKernel ? kKernelPermissions : kOwnPermissions);
}

class EnvDevice final : public chan::Dev {
public:
    constexpr EnvDevice() : Dev("e", "env") {}

    Result<Ref<Chan>> attach(Caller&, std::string_view spec) override {
        if (!spec.empty() && spec != kKernelSpec) return Error::kBadSpec;
        return attach_at(chan::dir_qid(0), spec, spec.empty() ? kOwn : kKernel);
    }

    Result<void> walk(Caller& caller, Chan& chan, std::string_view name) override {
        if (name == "..") return {};  // the root is the only directory
        const Ref<EnvGroup> group = TRY(group_of(caller, chan));
        chan.set_qid(TRY(group->find(name)).qid);
        return {};
    }

    Result<bool> entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) override {
        const Ref<EnvGroup> group = TRY(group_of(caller, dir));
        const std::optional<EnvInfo> info = group->next(cursor);
        if (!info.has_value()) return false;
        cursor = info->qid.path;
        describe_variable(dir, *info, out);
        return true;
    }

    Result<void> stat(Caller& caller, Chan& chan, Stat& out) override {
        if (chan.is_dir()) {
            describe(out, out.name, chan.qid(), 0, kRootPermissions);
            return {};
        }
        const Ref<EnvGroup> group = TRY(group_of(caller, chan));
        describe_variable(chan, TRY(group->find(chan.qid().path)), out);
        return {};
    }

    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override {
        if (chan->is_dir()) TRY(chan::check_directory_open(mode));
        Ref<EnvGroup> group = TRY(group_of(caller, *chan));
        if (!chan->is_dir()) {
            if (mode.executes()) return Error::kPermission;
            if (mode.writes() || mode.truncates() || mode.removes_on_close()) {
                TRY(check_change(caller, *chan));
            }
            if (mode.truncates()) TRY(group->truncate(chan->qid().path));
        }
        chan->device_pointer = group.leak();
        return chan;
    }

    Result<void> create(Caller& caller, Chan& chan, std::string_view name, OpenMode mode,
                        u32 permissions) override {
        if ((permissions & chan::kDmDir) != 0 || mode.executes()) return Error::kPermission;
        TRY(check_change(caller, chan));
        Ref<EnvGroup> group = TRY(group_of(caller, chan));
        chan.set_qid(TRY(group->make(name)));
        chan.device_pointer = group.leak();
        return {};
    }

    void close(Chan& chan) override {
        if (chan.device_pointer == nullptr) return;
        const Ref<EnvGroup> group =
            Ref<EnvGroup>::adopt(*static_cast<EnvGroup*>(chan.device_pointer));
        if (chan.is_open() && chan.mode().removes_on_close()) {
            (void)group->remove(chan.qid().path);  // ignored: somebody else removed it before
        }
    }

    Result<usize> read(Caller& caller, Chan& chan, Bytes out, u64 offset) override {
        const Ref<EnvGroup> group = TRY(group_of(caller, chan));
        return group->read(chan.qid().path, out, offset);
    }

    Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, u64 offset) override {
        const Ref<EnvGroup> group = TRY(group_of(caller, chan));
        return group->write(chan.qid().path, data, offset);
    }

    Result<void> remove(Caller& caller, Chan& chan) override {
        if (chan.is_dir()) return Error::kPermission;
        TRY(check_change(caller, chan));
        const Ref<EnvGroup> group = TRY(group_of(caller, chan));
        return group->remove(chan.qid().path);
    }
};

constinit EnvDevice device;

}  // namespace

chan::Dev& env_device() { return device; }

Result<void> init_kernel_environment() {
    kernel_group = TRY(EnvGroup::create())
    .leak();
    return {};
}

Ref<EnvGroup> kernel_environment() { return Ref<EnvGroup>::share(*kernel_group); }

}  // namespace kernel::dev
