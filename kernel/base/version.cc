// The identity of this build, handed in by the build system.
#include "base/version.h"

namespace kernel {

std::string_view version() { return PROCYON_VERSION; }
u64 build_time() { return PROCYON_BUILD_TIME; }

}  // namespace kernel
