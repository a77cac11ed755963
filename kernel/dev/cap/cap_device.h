// #¤: capabilities, by which the host owner lets a process become another user.
#pragma once

#include "chan/dev.h"

namespace kernel::dev {

/// How many capabilities may wait to be used; the oldest goes for one more.
inline constexpr usize kCapabilitiesMax = 256;

/// The device. Const.
///
/// The host owner writes to `caphash` the HMAC-SHA1 of `FROM@TO` with a key that it makes up. Who writes `FROM@TO@KEY` to
/// `capuse`, and is FROM, is TO from then on; or `TO@KEY`, from a hash of `TO` alone, whoever it is. A capability is used
/// up by that, also where FROM is somebody else. `caphash` can be removed, and then no more are made until the next boot.
/// Errors: kPermission; kShort for less than a hash, or no key; kNotCapability; kOtherUser; kBadArg for a name that is none.
chan::Dev& cap_device();

/// There are no capabilities, and `caphash` is there. Context: boot.
void init_capabilities();

}  // namespace kernel::dev
