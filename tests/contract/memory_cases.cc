// Contract cases: the direct map and the kernel area.
#include "machine/boot_info.h"
#include "machine/memory.h"
#include "tests/contract/contract.h"

namespace contract::cases {
namespace {

using kernel::PhysAddr;
using kernel::VirtAddr;
using kernel::sched::Task;
namespace machine = kernel::machine;

/// Well inside the area, so that the pages around it exist too.
VirtAddr place() { return machine::kernel_area().start + 16 * kernel::kPageSize; }

}  // namespace

CONTRACT_CASE(DirectMapGoesThereAndBack) {
    const PhysAddr page = spare_page();
    const VirtAddr at = machine::direct_map(page);
    CONTRACT_CHECK(machine::physical_of(at) == page);
    CONTRACT_CHECK(machine::physical_of(at + 123) == page + 123);
    CONTRACT_CHECK(machine::direct_map(page - kernel::kPageSize) == at - kernel::kPageSize);
    *at.as<volatile u64>() = 0x0123'4567'89ab'cdef;
    CONTRACT_CHECK(*at.as<volatile u64>() == 0x0123'4567'89ab'cdef);
}

CONTRACT_CASE(KernelPagesAreMappedAndUnmapped) {
    const machine::KernelArea area = machine::kernel_area();
    CONTRACT_CHECK(kernel::is_aligned(area.start.value, kernel::kPageSize));
    CONTRACT_CHECK(area.size >= 64 * kernel::kMiB);
    const PhysAddr page = spare_page();
    volatile u64* direct = machine::direct_map(page).as<volatile u64>();
    for (u64 round = 1; round <= 3; ++round) {
        const VirtAddr at = place() + round * 3 * kernel::kPageSize;
        CONTRACT_CHECK(machine::map_kernel_page(at, page).ok());
        *at.as<volatile u64>() = round;
        CONTRACT_CHECK(*direct == round);
        *direct = 2 * round;
        CONTRACT_CHECK(*at.as<volatile u64>() == 2 * round);
        CONTRACT_CHECK(machine::unmap_kernel_page(at) == page);
        machine::shoot_down_kernel_pages();
    }
}

CONTRACT_CASE(AKernelPageIsSeenByEveryHart) {
    const PhysAddr page = spare_page();
    const VirtAddr at = place();
    // Mapped anew on each hart, so that a stale translation anywhere shows.
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        Task::current().set_harts(kernel::sched::HartSet{1} << hart);
        CONTRACT_CHECK(machine::map_kernel_page(at, page).ok());
        *at.as<volatile u64>() = hart;
        for (machine::HartIndex other = 0; other < machine::hart_count(); ++other) {
            Task::current().set_harts(kernel::sched::HartSet{1} << other);
            CONTRACT_CHECK(*at.as<volatile u64>() == hart);
        }
        CONTRACT_CHECK(machine::unmap_kernel_page(at) == page);
        machine::shoot_down_kernel_pages();
    }
    Task::current().set_harts(kernel::sched::kAllHarts);
}

// Running it takes a page that may be executed, which is not the contract's to map: the boot probe
// has one.
CONTRACT_CASE(PublishingCodeLeavesItAsItWasWritten) {
    const VirtAddr at = machine::direct_map(spare_page());
    for (u64 round = 0; round < 3; ++round) {
        // From each hart in turn.
        Task::current().set_harts(kernel::sched::HartSet{1} << round % machine::hart_count());
        for (u64 word = 0; word < 8; ++word) *(at + 8 * word).as<volatile u64>() = round + word;
        machine::publish_code(at, 64);
        machine::publish_code(at + 4, 4);
        for (u64 word = 0; word < 8; ++word) {
            CONTRACT_CHECK(*(at + 8 * word).as<volatile u64>() == round + word);
        }
    }
    Task::current().set_harts(kernel::sched::kAllHarts);
}

}  // namespace contract::cases
