// The archive that is linked into the image; tools/cmake/archive.cmake makes the object.
#include "dev/root/root.h"

extern "C" {
extern const std::byte builtin_archive_start[];
extern const std::byte builtin_archive_end[];
}

namespace kernel::dev {

ConstBytes builtin_archive() { return {builtin_archive_start, builtin_archive_end}; }

}  // namespace kernel::dev
