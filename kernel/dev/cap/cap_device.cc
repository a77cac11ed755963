// The device #¤: its two files, and the capabilities that were not used yet.
#include "dev/cap/cap_device.h"

#include "base/annotations.h"
#include "base/text.h"
#include "chan/chan.h"
#include "chan/table_dev.h"
#include "dev/cap/sha1.h"
#include "proc/self.h"
#include "sync/spin_lock.h"

namespace kernel::dev {
namespace {

enum File : u64 { kRoot, kUse, kHash };

/// caphash comes last, so that the table without it is the beginning of the table.
constexpr chan::DirEntry kFiles[] = {{"capuse", kUse, 0, 0222}, {"caphash", kHash, 0, 0200}};

/// The longest capability, `FROM@TO@KEY`.
constexpr usize kTextMax = 512;

/// Hashes of the capabilities, oldest first from `first`.
struct Waiting {
    std::array<Sha1Digest, kCapabilitiesMax> hashes{};
    usize first = 0;
    usize count = 0;
    bool closed = false;  // caphash was removed

    Sha1Digest& at(usize index) { return hashes[(first + index) % hashes.size()]; }
    void add(const Sha1Digest& hash) {
        if (count == hashes.size()) {
            first = (first + 1) % hashes.size();
            --count;
        }
        at(count++) = hash;
    }
    /// Whether it was there; then it is not any more.
    bool take(const Sha1Digest& hash) {
        for (usize i = 0; i < count; ++i) {
            if (at(i) != hash) continue;
            for (; i + 1 < count; ++i) at(i) = at(i + 1);
            at(--count) = {};
            return true;
        }
        return false;
    }
};

// The lock lies apart from the zeroes that it guards, which need no place in the image.
constinit sync::SpinLock<sync::LockRank::kDeviceSpin> lock;
SECRET_ZEROES constinit Waiting waiting GUARDED_BY(lock);

bool is_closed() {
    const sync::IrqSaveGuard guard(lock);
    return waiting.closed;
}

bool take(const Sha1Digest& hash) {
    const sync::IrqSaveGuard guard(lock);
    return waiting.take(hash);
}

/// Errors: kPermission once caphash was removed.
Result<void> add(const Sha1Digest& hash) {
    const sync::IrqSaveGuard guard(lock);
    if (waiting.closed) return Error::kPermission;
    waiting.add(hash);
    return {};
}

Result<void> use(chan::Caller& caller, std::string_view text) {
    const usize at = text.rfind('@');
    if (at == text.npos) return Error::kShort;
    const std::string_view whom = text.substr(0, at);
    const Sha1Digest hash = hmac_sha1(as_bytes(text.substr(at + 1)), as_bytes(whom));
    if (!take(hash)) {
        chan::Caller::error_detail().format(" {}", text);
        return Error::kNotCapability;
    }
    const usize between = whom.find('@');
    const bool has_from = between != whom.npos;
    if (has_from && whom.substr(0, between) != caller.user().view()) return Error::kOtherUser;
    const std::string_view to = has_from ? whom.substr(between + 1) : whom;
    if (to.empty()) return Error::kBadArg;
    if (to.size() > chan::UserName::kCapacity) return Error::kNameTooLong;
    proc::set_user(to);
    return {};
}

class CapDevice final : public chan::TableDev {
public:
    constexpr CapDevice() : TableDev("\u00a4", "cap", kFiles) {}

    Result<void> walk(chan::Caller& caller, chan::Chan& chan, std::string_view name) override {
        if (name == "caphash" && is_closed()) return Error::kNotExist;
        return TableDev::walk(caller, chan, name);
    }
    Result<bool> entry(chan::Caller& caller, chan::Chan& dir, chan::DirCursor& cursor,
                       chan::Stat& out) override {
        if (cursor + 1 == std::size(kFiles) && is_closed()) return false;
        return TableDev::entry(caller, dir, cursor, out);
    }
    Result<void> remove(chan::Caller& caller, chan::Chan& chan) override {
        if (!caller.is_eve() || chan.qid().path != kHash) return Error::kPermission;
        const sync::IrqSaveGuard guard(lock);
        waiting.closed = true;
        return {};
    }
    Result<usize> read(chan::Caller&, chan::Chan&, Bytes, u64) override {
        return Error::kPermission;  // of none of its files
    }
    Result<usize> write(chan::Caller& caller, chan::Chan& chan, ConstBytes data, u64) override {
        if (chan.qid().path == kUse) {
            if (data.size() > kTextMax) return Error::kTooBig;
            TRY(use(caller, as_text(data)));
            return data.size();
        }
        if (!caller.is_eve()) return Error::kPermission;
        Sha1Digest hash;
        if (data.size() < hash.size()) return Error::kShort;
        std::memcpy(hash.data(), data.data(), hash.size());
        TRY(add(hash));
        return data.size();
    }
};

constinit CapDevice the_device;

}  // namespace

chan::Dev& cap_device() { return the_device; }

void init_capabilities() {
    const sync::IrqSaveGuard guard(lock);
    waiting.hashes = {};
    waiting.first = waiting.count = 0;
    waiting.closed = false;
}

}  // namespace kernel::dev
