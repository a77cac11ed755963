// /proc/stats: counters, one "name value" to a line.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "mm/frames.h"
#include "mm/slab_cache.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

void put(Sink& sink, std::string_view name, u64 value) { format_to(sink, "{} {}\n", name, value); }

void put_processes(Sink& sink) {
    const proc::TableCounts counts = proc::table().counts();
    put(sink, "procs.created", counts.created);
    put(sink, "procs.live", counts.live);
    put(sink, "procs.peak", counts.peak);
    put(sink, "procs.slots", counts.slots);
    put(sink, "procs.limit", counts.limit);
}

void put_numbers(Sink& sink) {
    const pid::PidCounters counters = proc::table().pids().counters();
    put(sink, "pids.live", counters.live);
    // The hash samples its peak when it is read; the process table knows its own.
    put(sink, "pids.peak", std::max<u64>(counters.peak, proc::table().counts().peak));
    put(sink, "pids.capacity", counters.capacity);
    put(sink, "pids.allocated", counters.allocated);
    put(sink, "pids.gate", counters.gate);
    put(sink, "pids.wraps", counters.wraps);
    put(sink, "pids.refused", counters.refused);
}

void put_memory(Sink& sink) {
    const mm::PageCounts pages = mm::page_counts();
    put(sink, "pages.total", pages.total);
    put(sink, "pages.free", pages.free);
    put(sink, "pages.inuse", pages.in_use());
    put(sink, "pages.slabs", pages.slabs);
    put(sink, "pages.cachedstacks", pages.cached_stacks);
    put(sink, "pages.tables", pages.tables);
}

void put_objects(Sink& sink) {
    u64 total = 0;
    for (usize i = 0;; ++i) {  // ends with the caches
        const std::optional<mm::SlabStats> cache = mm::slab_stats(i);
        if (!cache.has_value()) break;
        // Magazines are where free objects wait: caches, not use.
        if (std::string_view(cache->name) != "magazine") total += cache->in_use;
        format_to(sink, "objects.{} {}\n", cache->name, cache->in_use);
    }
    put(sink, "objects.inuse", total);
}

}  // namespace

Result<usize> read_stats(const Request& request, Bytes out) {
    auto render = [](Sink& sink) -> Result<void> {
        put_processes(sink);
        put_numbers(sink);
        put_memory(sink);
        put_objects(sink);
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
