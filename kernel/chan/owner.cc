// The host owner's name behind its lock.
#include "chan/owner.h"

#include "sync/locked.h"

namespace kernel::chan {
namespace {

constinit sync::Locked<UserName, sync::LockRank::kCaller> owner{UserName::of("eve")};

}  // namespace

UserName host_owner() {
    return owner.with([](UserName& current) { return current; });
}

void set_host_owner(std::string_view name) {
    owner.with([name](UserName& current) { current.assign(name); });
}

}  // namespace kernel::chan
