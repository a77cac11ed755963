// CountingMemory: memory for shells under test, which checks sizes, counts, and fails on demand.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "shell/rc/memory.h"

namespace kernel::shell::rc::test {

class CountingMemory final : public Memory {
public:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    ~CountingMemory() = default;

    void* allocate(std::size_t bytes) override {
        const std::uint64_t index = allocations_.fetch_add(1);
        if (index == fail_at_.load() || (index >= fail_from_.load())) return nullptr;
        auto* header = static_cast<Header*>(std::malloc(sizeof(Header) + bytes));
        if (header == nullptr) std::abort();
        header->bytes = bytes;
        outstanding_.fetch_add(1);
        outstanding_bytes_.fetch_add(bytes);
        // What is not initialised is not zero.
        std::memset(header + 1, 0xa5, bytes);
        return header + 1;
    }
    void release(void* at, std::size_t bytes) override {
        auto* header = static_cast<Header*>(at) - 1;
        if (header->bytes != bytes) std::abort();
        outstanding_.fetch_sub(1);
        outstanding_bytes_.fetch_sub(bytes);
        std::free(header);
    }

    /// Fails the allocation with this number, counted from now; the one after succeeds again.
    void fail_at(std::uint64_t index) {
        allocations_ = 0;
        fail_at_ = index;
    }
    /// Fails this allocation and all after it.
    void fail_from(std::uint64_t index) {
        allocations_ = 0;
        fail_from_ = index;
    }
    std::uint64_t allocations() const { return allocations_; }
    std::uint64_t outstanding() const { return outstanding_; }
    std::uint64_t outstanding_bytes() const { return outstanding_bytes_; }

private:
    struct alignas(16) Header {
        std::size_t bytes;
    };

    std::atomic<std::uint64_t> allocations_{0};
    std::atomic<std::uint64_t> outstanding_{0};
    std::atomic<std::uint64_t> outstanding_bytes_{0};
    std::atomic<std::uint64_t> fail_at_{kNever};
    std::atomic<std::uint64_t> fail_from_{kNever};
};

}  // namespace kernel::shell::rc::test
