// Copying: as far as the tables allow, then serving the fault as the program's own would be.
#include "mm/user_copy.h"

#include "machine/user.h"

namespace kernel::mm {
namespace {

using machine::UserAttempt;

/// Whether all of [user, user + size) is user memory.
bool is_user(VirtAddr user, u64 size) {
    return user.value <= machine::kUserEnd && size <= machine::kUserEnd - user.value;
}

/// What the kernel does where copying stops: as for the program's own faults. But hardware may also
/// refuse what the tables allow, where a device is or is not; then it stops there again and again.
class Faults {
public:
    Faults(AddressSpace& space, UserAttempt attempt) : space_(space), attempt_(attempt) {}

    Result<void> serve(VirtAddr stopped) {
        // Others may undo at once what was done here, though not as often as this.
        constexpr u32 kTriesMost = 64;
        tries_ = stopped == last_ ? tries_ + 1 : 0;
        last_ = stopped;
        if (tries_ == kTriesMost) return Error::kBadArg;
        (void)TRY(space_.fault(stopped, attempt_));  // ignored: what is watched the kernel reaches
        return {};
    }

private:
    AddressSpace& space_;
    const UserAttempt attempt_;
    VirtAddr last_{};
    u32 tries_ = 0;
};

}  // namespace

Result<void> copy_in(AddressSpace& space, Bytes to, VirtAddr user) {
    if (!is_user(user, to.size())) return Error::kBadArg;
    Faults faults(space, UserAttempt::kLoad);
    while (const std::optional<VirtAddr> stopped = machine::copy_from_user(to, user)) {
        TRY(faults.serve(*stopped));
        to = to.subspan(*stopped - user);
        user = *stopped;
    }
    return {};
}

Result<void> copy_out(AddressSpace& space, VirtAddr user, ConstBytes from) {
    if (!is_user(user, from.size())) return Error::kBadArg;
    Faults faults(space, UserAttempt::kStore);
    while (const std::optional<VirtAddr> stopped = machine::copy_to_user(user, from)) {
        TRY(faults.serve(*stopped));
        from = from.subspan(*stopped - user);
        user = *stopped;
    }
    return {};
}

Result<std::string_view> copy_text_in(AddressSpace& space, std::span<char> to, VirtAddr user) {
    usize done = 0;
    while (done < to.size()) {
        if (!is_user(user, done + 1)) return Error::kBadArg;
        // Not across pages: the text may end before a page that is not there.
        const VirtAddr at = user + done;
        const usize step =
            std::min<usize>({to.size() - done, kPageSize - at.value % kPageSize, 64});
        const std::span<char> piece = to.subspan(done, step);
        TRY(copy_in(space, std::as_writable_bytes(piece), at));
        const auto end = std::find(piece.begin(), piece.end(), '\0');
        done += static_cast<usize>(end - piece.begin());
        if (end != piece.end()) return std::string_view(to.data(), done);
    }
    return Error::kTooBig;
}

Result<u32> exchange_user(AddressSpace& space, VirtAddr user, u32 expected, u32 desired) {
    if (!is_user(user, sizeof(u32)) || !is_aligned(user.value, sizeof(u32))) return Error::kBadArg;
    u32 found = 0;
    Faults faults(space, UserAttempt::kStore);
    while (machine::exchange_in_user(user, expected, desired, found)) {
        TRY(faults.serve(user));
    }
    return found;
}

}  // namespace kernel::mm
