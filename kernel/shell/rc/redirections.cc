// Redirections: pushing, undoing, flattening.
#include "shell/rc/redirections.h"

namespace kernel::shell::rc {

Result<void> Redirections::push_open(Fd fd, Fd opened) {
    const Result<void> pushed = entries_.push({{fd, opened}, true});
    if (!pushed.ok()) host_.close(opened);
    return pushed.ok() ? Result<void>() : Result<void>(pushed.error());
}

Result<void> Redirections::push_dup(Fd fd, Fd other) {
    return entries_.push({{fd, resolve(other)}, false});
}

Result<void> Redirections::push_close(Fd fd) { return entries_.push({{fd, kNoFd}, false}); }

Result<void> Redirections::push_none() { return entries_.push({{kNoFd, kNoFd}, false, true}); }

void Redirections::truncate(usize size) {
    while (entries_.size() > size) {
        const Entry entry = entries_.back();
        entries_.truncate(entries_.size() - 1);
        if (entry.owned) host_.close(entry.map.parent);
    }
}

Fd Redirections::resolve(Fd fd) const {
    for (usize i = entries_.size(); i > 0; --i) {
        if (entries_[i - 1].hides) break;
        if (entries_[i - 1].map.child == fd) return entries_[i - 1].map.parent;
    }
    return fd;
}

Result<std::span<const FdMap>> Redirections::flatten(std::span<const FdMap> more) {
    flat_.truncate(0);
    const auto set = [this](FdMap map) -> Result<void> {
        for (FdMap& earlier : flat_) {
            if (earlier.child == map.child) {
                earlier.parent = map.parent;
                return {};
            }
        }
        return flat_.push(map);
    };
    for (const Entry& entry : entries_) {
        if (entry.hides) {
            flat_.truncate(0);
        } else {
            TRY(set(entry.map));
        }
    }
    for (const FdMap& map : more) TRY(set(map));
    return std::span<const FdMap>(flat_.items());
}

}  // namespace kernel::shell::rc
