// Memory for a Pid hash under test: full of junk, as RAM is at boot.
#pragma once

#include <memory>

#include "pid/pid_options.h"

namespace kernel::pid::testing {

class TestMemory {
public:
    explicit TestMemory(u32 cell_bits)
        : size_{cell_bits},
          cells_(new(std::align_val_t{64}) std::byte[size_.cell_bytes()]),
          hints_(new(std::align_val_t{64}) std::byte[size_.hint_bytes()]) {
        std::memset(cells_.get(), 0xa5, size_.cell_bytes());
        std::memset(hints_.get(), 0xa5, size_.hint_bytes());
    }

    PidOptions options() const {
        PidOptions options;
        options.size = size_;
        options.cells = {cells_.get(), size_.cell_bytes()};
        options.hints = {hints_.get(), size_.hint_bytes()};
        options.reuse_delay = Nanos{0};
        return options;
    }
    PidOptions options(u32 number_bits) const {
        PidOptions with = options();
        with.number_bits = number_bits;
        return with;
    }
    /// How many bytes of cells still hold the junk.
    usize untouched_cell_bytes() const {
        return static_cast<usize>(
            std::count(cells_.get(), cells_.get() + size_.cell_bytes(), std::byte{0xa5}));
    }

private:
    struct Free {
        void operator()(std::byte* memory) const {
            ::operator delete[](memory, std::align_val_t{64});
        }
    };
    PidSize size_;
    std::unique_ptr<std::byte[], Free> cells_;
    std::unique_ptr<std::byte[], Free> hints_;
};

}  // namespace kernel::pid::testing
