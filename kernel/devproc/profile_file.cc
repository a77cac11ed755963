// profile: where in its text a program spends its time, as numbers.
#include "devproc/files.h"
#include "proc/profile.h"

namespace kernel::devproc {

Result<usize> read_profile(const Request& request, Bytes out) {
    const Ref<proc::Profile> profile = TRY(proc::profile_of(request.process));
    const u64 size = profile->count() * sizeof(u32);
    if (request.offset >= size) return usize{0};
    const usize wanted = std::min<u64>(out.size(), size - request.offset);
    usize done = 0;
    while (done < wanted) {
        const u64 at = request.offset + done;
        const u32 number = profile->at(at / sizeof(u32));
        const ConstBytes bytes = std::as_bytes(std::span(&number, 1)).subspan(at % sizeof(u32));
        const usize part = std::min(bytes.size(), wanted - done);
        std::memcpy(&out[done], bytes.data(), part);
        done += part;
    }
    return done;
}

u64 profile_length(proc::ProcRef process) {
    const Result<Ref<proc::Profile>> profile = proc::profile_of(process);
    return profile.ok() ? profile.value()->count() * sizeof(u32) : 0;
}

}  // namespace kernel::devproc
