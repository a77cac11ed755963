// FdPlan: redirections as a simultaneous assignment of descriptors.
#include "shell/rc/fd_plan.h"

namespace kernel::shell::rc {
namespace {

/// More redirections than any command line has; one more is refused.
constexpr usize kMapsMax = 32;

}  // namespace

Result<void> FdSet::add(Fd fd) {
    const auto number = static_cast<usize>(fd);
    if (fd < 0 || number >= kMax) return Error::kNoFd;
    words_[number / 64] |= u64{1} << number % 64;
    return {};
}

void FdSet::remove(Fd fd) {
    const auto number = static_cast<usize>(fd);
    if (fd >= 0 && number < kMax) words_[number / 64] &= ~(u64{1} << number % 64);
}

Fd FdSet::next(Fd from) const {
    auto number = static_cast<usize>(from);
    while (number < kMax) {
        const u64 rest = words_[number / 64] >> number % 64;
        if (rest != 0) return static_cast<Fd>(number) + std::countr_zero(rest);
        number = (number / 64 + 1) * 64;
    }
    return kNoFd;
}

Result<void> apply_fd_maps(DescriptorCalls& calls, std::span<const FdMap> maps,
                           const FdSet& leave_out) {
    if (maps.size() > kMapsMax) return Error::kNoFd;
    // First copies of all sources, out of the way of all targets: then no assignment can clobber
    // another's source. Targets that are not open yet are filled with a copy too, so that no
    // source's copy lands on one.
    std::array<Fd, kMapsMax> copies;
    for (usize i = 0; i < maps.size(); ++i) {
        copies[i] = kNoFd;
        if (maps[i].parent == kNoFd) continue;
        Fd copy = TRY(calls.dup(maps[i].parent, kNoFd));
        const auto is_target = [&](Fd fd) {
            return std::any_of(maps.begin(), maps.end(),
                               [&](const FdMap& map) { return map.child == fd; });
        };
        while (is_target(copy)) {  // bounded: each turn occupies one of the targets
            copy = TRY(calls.dup(maps[i].parent, kNoFd));
        }
        copies[i] = copy;
    }
    for (Fd fd = leave_out.next(0); fd != kNoFd; fd = leave_out.next(fd + 1)) {
        (void)calls.close(fd);  // ignored: it may have gone meanwhile, which is what is wanted
    }
    for (usize i = 0; i < maps.size(); ++i) {
        if (copies[i] == kNoFd) {
            (void)calls.close(maps[i].child);  // ignored: closed is what is wanted
            continue;
        }
        (void)TRY(calls.dup(copies[i], maps[i].child));  // ignored: it is maps[i].child
        TRY(calls.close(copies[i]));
    }
    return {};
}

}  // namespace kernel::shell::rc
