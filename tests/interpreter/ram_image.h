// RamImage: the memory of a small machine: Sv39 tables, user pages, and what is put beside them,
// the same bytes for QEMU and for the interpreter.
#pragma once

#include <vector>

#include "base/units.h"
#include "tests/host/sim/random.h"
#include "tests/interpreter/paged_memory.h"

namespace interpreter_tests {

using kernel::PhysAddr;
using kernel::u16;
using kernel::u32;
using kernel::usize;
using kernel::VirtAddr;

class RamImage {
public:
    static constexpr PhysAddr kStart{0x8000'0000};
    static constexpr u64 kSize = 64 * kernel::kMiB;

    /// Pages are taken in an order that follows from `seed`: neighbours in virtual memory are none
    /// in physical.
    explicit RamImage(u64 seed);

    /// Maps a page of zeros for user mode at `page`.
    void map(u64 page, Permissions permissions);
    /// Writes to mapped addresses.
    void write_half(u64 at, u16 value);
    void write_double(u64 at, u64 value);
    /// Where the byte at the mapped address `at` is.
    PhysAddr physical(u64 at) const;

    /// Room for `bytes` in one piece, apart from all pages.
    PhysAddr allocate(u64 bytes);
    /// The host's memory behind `at`.
    template <class T>
    T& object(PhysAddr at) {
        return *reinterpret_cast<T*>(bytes_.data() + (at - kStart));
    }

    /// The part of the image that holds the tables and the pages of user mode.
    static constexpr u64 kFirstPage = 1 * kernel::kMiB;
    static constexpr u64 kPages = 2048;

    /// The value of satp that makes the tables those of user mode.
    u64 satp() const;
    std::vector<std::byte>& bytes() { return bytes_; }
    const std::vector<std::byte>& bytes() const { return bytes_; }

private:
    PhysAddr take_page();

    std::vector<std::byte> bytes_;
    std::vector<u64> free_pages_;
    PhysAddr next_;
    PhysAddr root_;
};

/// User mode over the bytes of a RamImage, translated by its tables.
class ImageEnvironment final : public host::interpreter::UserEnvironment {
public:
    ImageEnvironment(std::vector<std::byte>& bytes, u64 satp) : bytes_(bytes), satp_(satp) {}

    Translation translate(VirtAddr at, Attempt attempt) override;
    /// Counters are there, and stand still.
    std::optional<u64> counter(Counter, u64) override { return 0; }

private:
    std::vector<std::byte>& bytes_;
    const u64 satp_;
};

}  // namespace interpreter_tests
