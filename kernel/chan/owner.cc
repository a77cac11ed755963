// The host owner's name behind its lock.
#include "chan/owner.h"

#include "sync/locked.h"

namespace kernel::chan {
namespace {

// Empty means the default, so that the object needs no constructor at run time.
constinit sync::Locked<UserName, sync::LockRank::kCaller> owner;

}  // namespace

UserName host_owner() {
    UserName name = owner.with([](UserName& current) { return current; });
    if (name.empty()) name.assign("eve");
    return name;
}

void set_host_owner(std::string_view name) {
    owner.with([name](UserName& current) { current.assign(name); });
}

}  // namespace kernel::chan
