// FdPlan: redirections as a simultaneous assignment of descriptors.
#include "shell/fd_plan.h"

#include "syscall/calls.h"

namespace kernel::shell {
namespace {

/// More redirections than any command line has; one more is refused.
constexpr usize kMapsMax = 32;

}  // namespace

Result<void> apply_fd_maps(std::span<const rc::FdMap> maps, FdSet leave_out) {
    if (maps.size() > kMapsMax) return Error::kNoFd;
    // First copies of all sources, out of the way of all targets: then no assignment can clobber
    // another's source. Targets that are not open yet are filled with a copy too, so that no
    // source's copy lands on one.
    std::array<rc::Fd, kMapsMax> copies;
    for (usize i = 0; i < maps.size(); ++i) {
        copies[i] = rc::kNoFd;
        if (maps[i].parent == rc::kNoFd) continue;
        rc::Fd copy = TRY(syscall::dup(maps[i].parent, rc::kNoFd));
        const auto is_target = [&](rc::Fd fd) {
            return std::any_of(maps.begin(), maps.end(),
                               [&](const rc::FdMap& map) { return map.child == fd; });
        };
        while (is_target(copy)) {  // bounded: each turn occupies one of the targets
            copy = TRY(syscall::dup(maps[i].parent, rc::kNoFd));
        }
        copies[i] = copy;
    }
    for (usize word = 0; word < leave_out.size(); ++word) {
        for (u64 bits = leave_out[word]; bits != 0; bits &= bits - 1) {
            const auto fd =
                static_cast<rc::Fd>(word * 64 + static_cast<usize>(std::countr_zero(bits)));
            (void)syscall::close(
                fd);  // ignored: it may have gone meanwhile, which is what is wanted
        }
    }
    for (usize i = 0; i < maps.size(); ++i) {
        if (copies[i] == rc::kNoFd) {
            (void)syscall::close(maps[i].child);  // ignored: closed is what is wanted
            continue;
        }
        (void)TRY(syscall::dup(copies[i], maps[i].child));  // ignored: it is maps[i].child
        TRY(syscall::close(copies[i]));
    }
    return {};
}

}  // namespace kernel::shell
