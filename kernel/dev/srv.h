// #s: channels posted under names, for others to open.
#pragma once

#include "base/std.h"
#include "chan/dev.h"

namespace kernel::dev {

/// The device for the kernel's table. Creating a file and writing the number of a descriptor to it
/// posts that descriptor's channel; opening the file gives that channel.
chan::Dev& srv_device();

/// Begins with no services. Context: boot.
void init_services();

/// Gives the services of user `before` to user `after`. Context: task. Locks: the service table.
void rename_service_owner(std::string_view before, std::string_view after);

}  // namespace kernel::dev
