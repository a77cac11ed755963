// The files of #c that are streams of bytes: null, zero, random.
#include "dev/cons/files.h"
#include "dev/random/random.h"
#include "sched/task.h"

namespace kernel::dev::cons {

Result<usize> read_null(Bytes) { return usize{0}; }
Result<usize> write_null(ConstBytes data) { return data.size(); }

Result<usize> read_zero(Bytes out) {
    std::fill(out.begin(), out.end(), std::byte{0});
    return out.size();
}

Result<usize> read_random(Bytes out) {
    /// Bytes made between looks at whether somebody more urgent waits.
    constexpr usize kChunk = 16 * kKiB;
    const usize size = out.size();
    while (!out.empty()) {
        const Bytes chunk = out.first(std::min(out.size(), kChunk));
        fill_random(chunk);
        out = out.subspan(chunk.size());
        sched::yield_if_wanted();
    }
    return size;
}

}  // namespace kernel::dev::cons
