// RAM for tests of mm: the host's arena outside of a machine, and the leak oracle over it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "machine/boot_info.h"
#include "mm/frames.h"
#include "mm/memory.h"
#include "mm/slab_cache.h"
#include "tests/host/common/arena.h"
#include "tests/host/common/machine.h"
#include "tests/unit/show_panics.h"

namespace kernel::mm::testing {

/// A piece of RAM, from its beginning.
inline PhysRange ram_range(u64 offset, u64 size) { return {host::kRamStart + offset, size}; }

/// RAM of `bytes`, not given to mm yet. Lives as long as no other one is made.
struct Ram {
    explicit Ram(u64 bytes) : memory{ram_range(0, bytes)} {
        kernel::testing::show_panics();
        host::reset_arena(bytes);
    }
    machine::BootInfo boot_info() const {
        machine::BootInfo boot;
        boot.memory = memory;
        boot.reserved = reserved;
        boot.hart_count = harts;
        return boot;
    }

    std::vector<PhysRange> memory;
    std::vector<PhysRange> reserved;
    u32 harts = 1;
};

/// What is in use: pages, and objects of every cache.
struct InUse {
    static InUse now() {
        InUse in_use;
        in_use.pages = page_counts().in_use();
        for (usize i = 0; auto stats = slab_stats(i); ++i) {
            const std::string name = stats->name;
            // A magazine is part of a cache, not of what its users hold.
            if (stats->in_use != 0 && name != "magazine") in_use.objects[name] += stats->in_use;
        }
        return in_use;
    }
    bool operator==(const InUse&) const = default;

    u64 pages = 0;
    std::map<std::string, u64> objects;
};
inline void PrintTo(const InUse& in_use, std::ostream* out) {
    *out << in_use.pages << " pages";
    for (const auto& [name, count] : in_use.objects) *out << ", " << count << " " << name;
}

/// A test with mm over some RAM; ends with the leak oracle.
class MemoryTest : public ::testing::Test {
protected:
    explicit MemoryTest(u64 bytes = 16 * kMiB) : ram_(bytes) {
        mm::initialize(ram_.boot_info());
        before_ = InUse::now();
    }
    void TearDown() override { EXPECT_EQ(InUse::now(), before_); }

    Ram ram_;
    InUse before_;
};

}  // namespace kernel::mm::testing
