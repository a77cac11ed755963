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

}  // namespace

Result<void> copy_in(AddressSpace& space, Bytes to, VirtAddr user) {
    if (!is_user(user, to.size())) return Error::kBadArg;
    while (const std::optional<VirtAddr> stopped = machine::copy_from_user(to, user)) {
        TRY(space.fault(*stopped, UserAttempt::kLoad));
        to = to.subspan(*stopped - user);
        user = *stopped;
    }
    return {};
}

Result<void> copy_out(AddressSpace& space, VirtAddr user, ConstBytes from) {
    if (!is_user(user, from.size())) return Error::kBadArg;
    while (const std::optional<VirtAddr> stopped = machine::copy_to_user(user, from)) {
        TRY(space.fault(*stopped, UserAttempt::kStore));
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
    while (machine::exchange_in_user(user, expected, desired, found)) {
        TRY(space.fault(user, UserAttempt::kStore));
    }
    return found;
}

}  // namespace kernel::mm
