// Tables are made as pages are mapped; a walk is three loads.
#include "tests/interpreter/ram_image.h"

#include "arch/riscv64/sv39/pte.h"

namespace interpreter_tests {

namespace {

namespace sv39 = arch::riscv64::sv39;
using sv39::Pte;

constexpr u64 kPageSize = kernel::kPageSize;
constexpr u64 kSatpSv39 = u64{8} << 60;

/// The entry at `level` on the way to `at`, in the table at `table`.
PhysAddr entry_at(PhysAddr table, VirtAddr at, unsigned level) {
    return table + sv39::entry_index(at, level) * sizeof(Pte);
}

/// The leaf that maps `at`; not valid if there is none. `load` reads an entry.
template <class Load>
Pte find_leaf(PhysAddr root, VirtAddr at, const Load& load) {
    PhysAddr table = root;
    for (unsigned level = sv39::kLevels - 1; level > 0; --level) {
        const Pte entry = load(entry_at(table, at, level));
        if (!entry.valid() || entry.is_leaf()) return {};
        table = entry.target();
    }
    return load(entry_at(table, at, 0));
}

}  // namespace

RamImage::RamImage(u64 seed) : bytes_(kSize), next_(kStart + kFirstPage + kPages * kPageSize) {
    host::Random random(seed);
    for (u64 i = 0; i < kPages; ++i) free_pages_.push_back(i);
    for (u64 i = kPages - 1; i > 0; --i)
        std::swap(free_pages_[i], free_pages_[random.below(i + 1)]);
    root_ = take_page();
}

PhysAddr RamImage::take_page() {
    const PhysAddr page = kStart + kFirstPage + free_pages_.back() * kPageSize;
    free_pages_.pop_back();
    return page;
}

PhysAddr RamImage::allocate(u64 bytes) {
    const PhysAddr start = next_;
    next_ = next_ + kernel::align_up(bytes, sizeof(u64));
    return start;
}

void RamImage::map(u64 page, Permissions permissions) {
    const VirtAddr at{page};
    PhysAddr table = root_;
    for (unsigned level = sv39::kLevels - 1; level > 0; --level) {
        Pte& entry = object<Pte>(entry_at(table, at, level));
        if (!entry.valid()) entry = Pte::table(take_page());
        table = entry.target();
    }
    using P = Pte;
    const u64 bits = P::Valid::kMask | P::User::kMask | P::Accessed::kMask | P::Dirty::kMask |
                     P::Read::make(permissions.load) | P::Write::make(permissions.store) |
                     P::Execute::make(permissions.execute);
    object<Pte>(entry_at(table, at, 0)) = {bits | P::Frame::make(take_page().frame())};
}

PhysAddr RamImage::physical(u64 at) const {
    const Pte leaf = find_leaf(root_, {at}, [this](PhysAddr entry) {
        return *reinterpret_cast<const Pte*>(bytes_.data() + (entry - kStart));
    });
    return leaf.target() + at % kPageSize;
}

void RamImage::write_half(u64 at, u16 value) { object<u16>(physical(at)) = value; }
void RamImage::write_double(u64 at, u64 value) { object<u64>(physical(at)) = value; }

u64 RamImage::satp() const { return kSatpSv39 | root_.frame(); }

Translation ImageEnvironment::translate(VirtAddr at, Attempt attempt) {
    const PhysAddr root{satp_ << kernel::kPageShift};
    const auto host = [this](PhysAddr physical) {
        return bytes_.data() + (physical - RamImage::kStart);
    };
    if (!sv39::is_canonical(at)) return {nullptr, Translation::Fault::kPage};
    const Pte leaf =
        find_leaf(root, at, [&](PhysAddr entry) { return *reinterpret_cast<Pte*>(host(entry)); });
    if (!leaf.valid() || !leaf.allows(attempt)) return {nullptr, Translation::Fault::kPage};
    return {host(leaf.target()) + at.value % kPageSize};
}

}  // namespace interpreter_tests
