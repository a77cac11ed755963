// The table of calls for machines without programs: no call does anything.
#include "machine/user.h"

namespace kernel::machine::upcalls {
namespace {

constexpr i64 kNoSuchCall = -1;

constexpr SystemCallTable table_without_calls() {
    SystemCallTable table;
    table.fill({[](u64, u64, u64, u64, u64, u64) { return kNoSuchCall; }, 0});
    return table;
}

}  // namespace

constinit const SystemCallTable procyon_system_calls = table_without_calls();
constinit const SystemCallTable procyon_watched_calls = table_without_calls();

}  // namespace kernel::machine::upcalls
