// What devices have in common: defaults, permissions, stat, and the table of devices.
#include "chan/dev.h"

#include "base/fixed_string.h"
#include "base/version.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/owner.h"
#include "chan/wall_time.h"

namespace kernel::chan {
namespace {

constinit std::span<Dev* const> devices;  // const after boot

}  // namespace

Result<Ref<Chan>> Dev::attach(Caller& caller, std::string_view spec) {
    (void)caller;  // ignored: anybody may
    if (!spec.empty()) return Error::kBadSpec;
    return attach_at(dir_qid(0), spec);
}

Result<Ref<Chan>> Dev::attach_at(Qid qid, std::string_view spec, u32 device_number) {
    FixedString<kElementMax + 1> name;
    name.format("#{}{}", letter_, spec);
    Ref<Path> path = TRY(Path::create_root(name));
    return Chan::create(*this, device_number, qid, std::move(path));
}

u16 Dev::rune() const {
    const auto first = static_cast<u8>(letter_[0]);
    if (letter_.size() == 1) return first;
    return static_cast<u16>((first & 0x1f) << 6 | (static_cast<u8>(letter_[1]) & 0x3f));
}

void Dev::cloned(Chan& copy) {
    (void)copy;  // ignored: nothing is counted
}

Result<void> Dev::create(Caller& caller, Chan& chan, std::string_view name, OpenMode mode,
                         u32 permissions) {
    (void)caller;  // ignored (all): nobody may create anything
    (void)chan;
    (void)name;
    (void)mode;
    (void)permissions;
    return Error::kPermission;
}

void Dev::close(Chan& chan) {
    (void)chan;  // ignored: nothing is held
}

Result<usize> Dev::read(Caller& caller, Chan& chan, Bytes out, u64 offset) {
    (void)caller;  // ignored (all): no file can be read
    (void)chan;
    (void)out;
    (void)offset;
    return Error::kGeneric;
}

Result<usize> Dev::write(Caller& caller, Chan& chan, ConstBytes data, u64 offset) {
    (void)caller;  // ignored (all): no file can be written
    (void)chan;
    (void)data;
    (void)offset;
    return Error::kGeneric;
}

std::optional<ConstBytes> Dev::contents(const Chan&) { return std::nullopt; }

Result<void> Dev::remove(Caller& caller, Chan& chan) {
    (void)caller;  // ignored (all): nobody may remove anything
    (void)chan;
    return Error::kPermission;
}

Result<void> Dev::wstat(Caller& caller, Chan& chan, const Stat& changes) {
    (void)caller;  // ignored (all): nobody may change anything
    (void)chan;
    (void)changes;
    return Error::kPermission;
}

void prepare_stat(const Dev& device, u32 device_number, Stat& out) {
    out.device = device.rune();
    out.device_number = device_number;
    out.atime = wall_seconds();
    out.mtime = static_cast<u32>(build_time());
    out.qid = {};
    out.mode = 0;
    out.length = 0;
    out.name.clear();
    const UserName owner = host_owner();
    out.uid = owner;
    out.gid = owner;
    out.muid = owner;
}

void describe(Stat& out, std::string_view name, Qid qid, u64 length, u32 permissions) {
    if (name.data() != out.name.view().data()) out.name.assign(name);
    out.qid = qid;
    out.length = length;
    out.mode = (permissions & kPermissionBits) | (u32{qid.type} << 24);
}

Result<void> check_permission(Caller& caller, std::string_view owner, u32 permissions,
                              OpenMode mode) {
    constexpr std::array<u32, 4> kNeeds = {4, 2, 6, 1};  // by OpenAccess
    u32 needs = kNeeds[static_cast<usize>(mode.access())];
    if (mode.truncates()) needs |= 2;
    u32 granted = permissions & 7;
    if (caller.user().view() == owner) {
        granted = (permissions >> 6) & 7;
    } else if (caller.is_eve()) {
        granted = (permissions >> 3) & 7;
    }
    if ((granted & needs) != needs) return Error::kPermission;
    return {};
}

Result<void> check_directory_open(OpenMode mode) {
    if (mode == kORead) return {};
    return Error::kPermission;
}

void set_device_table(std::span<Dev* const> table) {
    ASSERT(table.size() <= kDevicesMax);
    devices = table;
}

std::span<Dev* const> device_table() { return devices; }

Dev* find_device(std::string_view text) {
    for (Dev* device : devices) {
        if (text.starts_with(device->letter())) return device;
    }
    return nullptr;
}

std::string_view device_letter(u16 rune) {
    for (const Dev* device : devices) {
        if (device->rune() == rune) return device->letter();
    }
    return "?";
}

DeviceSet device_set(std::string_view letters) {
    DeviceSet set = 0;
    for (usize i = 0; i < devices.size(); ++i) {
        if (letters.find(devices[i]->letter()) != std::string_view::npos) set |= DeviceSet{1} << i;
    }
    return set;
}

}  // namespace kernel::chan
