// What calls do with channels, in terms of what devices do.
#include "chan/file.h"

#include "chan/directory.h"
#include "chan/error_name.h"

namespace kernel::chan {
namespace {

constexpr u64 kOffsetMax = std::numeric_limits<i64>::max();

bool is_valid_name(std::string_view name) {
    if (name == "." || name == "..") return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return static_cast<u8>(c) >= 0x20 && c != 0x7f && c != '/'; });
}

}  // namespace

Result<usize> read(Caller& caller, Chan& chan, Bytes out, std::optional<u64> offset) {
    if (!chan.is_open() || !chan.mode().reads()) return Error::kBadUseFd;
    const u64 at = offset.value_or(chan.offset());
    if (at > kOffsetMax) return Error::kNegativeOffset;
    Result<usize> got = chan.is_dir() ? read_directory(caller, chan, out, at)
                                      : chan.device().read(caller, chan, out, at);
    const usize count = TRY(std::move(got));
    ASSERT(count <= out.size());
    caller.io().count_read(count);
    if (!offset.has_value()) chan.advance(count);
    return count;
}

Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, std::optional<u64> offset) {
    if (chan.is_dir()) return Error::kIsDir;
    if (!chan.is_open() || !chan.mode().writes()) return Error::kBadUseFd;
    // The place is taken before, so that those who write at once do not write over each other.
    const u64 at = offset.has_value() ? *offset : chan.advance(data.size());
    Result<usize> count = at <= kOffsetMax ? chan.device().write(caller, chan, data, at)
                                           : Result<usize>(Error::kNegativeOffset);
    const usize written = count.ok() ? count.value() : 0;
    ASSERT(written <= data.size());
    if (count.ok()) caller.io().count_write(written);
    if (!offset.has_value() && written < data.size()) chan.go_back(data.size() - written);
    return count;
}

Result<u64> seek(Caller& caller, Chan& chan, i64 distance, Whence whence) {
    if (chan.device().letter() == "|") return Error::kBadUseFd;
    i64 base = 0;
    if (whence == Whence::kCurrent) base = static_cast<i64>(chan.offset());
    if (whence == Whence::kEnd) {
        Stat description;
        TRY(stat(caller, chan, description));
        if (description.length > kOffsetMax) return Error::kNegativeOffset;
        base = static_cast<i64>(description.length);
    }
    i64 to = 0;
    if (__builtin_add_overflow(base, distance, &to) || to < 0) return Error::kNegativeOffset;
    const u64 target = static_cast<u64>(to);
    if (chan.is_dir() && target != 0 && target != chan.offset()) return Error::kDirSeek;
    chan.set_offset(target);
    return target;
}

Result<void> stat(Caller& caller, Chan& chan, Stat& out) {
    out = {};
    prepare_stat(chan.device(), chan.device_number(), out);
    const std::string_view name = chan.path()->element();
    out.name.assign(name);
    TRY(chan.device().stat(caller, chan, out));
    // A mounted root is shown by the name it is mounted on.
    out.name.assign(name);
    return {};
}

Result<void> wstat(Caller& caller, Chan& chan, ConstBytes record) {
    Stat changes;
    TRY(unmarshal_stat(record, changes));
    if (!is_valid_name(changes.name)) return Error::kBadName;
    return chan.device().wstat(caller, chan, changes);
}

}  // namespace kernel::chan
