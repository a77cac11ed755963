// Exit records: their store.
#include "proc/exit_record.h"

#include "mm/object_cache.h"

namespace kernel::proc {
namespace {
constinit mm::ObjectCache<ExitRecord> cache("exitrecord");
}

Result<ExitRecord*> ExitRecord::create() { return cache.create(); }

void ExitRecord::destroy(ExitRecord& record) { cache.destroy(record); }

}  // namespace kernel::proc
