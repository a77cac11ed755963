// Stopwatch and pin(), on Linux.
#include "tests/bench/pid/stopwatch.h"

#include <sched.h>

#include <vector>

namespace bench {
namespace {

/// How long this thread has waited for a processor, in ns; 0 where the kernel does not say.
double run_delay() {
    std::FILE* const file = std::fopen("/proc/thread-self/schedstat", "r");
    if (file == nullptr) return 0;
    unsigned long long on_processor = 0;
    unsigned long long delay = 0;
    if (std::fscanf(file, "%llu %llu", &on_processor, &delay) != 2) delay = 0;
    std::fclose(file);
    return static_cast<double>(delay);
}

/// As they were when first asked for: pinning narrows them.
const std::vector<u32>& processors() {
    static const std::vector<u32> usable = [] {
        cpu_set_t set;
        std::vector<u32> found;
        if (sched_getaffinity(0, sizeof set, &set) != 0) return found;
        for (u32 cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
            if (CPU_ISSET(cpu, &set)) found.push_back(cpu);
        }
        return found;
    }();
    return usable;
}

}  // namespace

void Stopwatch::start() {
    delayed_ns_ = run_delay();
    begin_ = std::chrono::steady_clock::now();
}

double Stopwatch::ns() const {
    const std::chrono::duration<double, std::nano> elapsed =
        std::chrono::steady_clock::now() - begin_;
    return elapsed.count() - (run_delay() - delayed_ns_);
}

void pin(u32 index) {
    if (index >= processors().size()) {
        std::fputs("two processors are needed: with one, the rows of two threads mean nothing\n",
                   stderr);
        std::exit(125);
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processors()[index], &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) {
        std::perror("cannot hold a thread to a processor");
        std::exit(125);
    }
}

}  // namespace bench
