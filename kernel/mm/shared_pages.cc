// The store behind shared segments.
#include "mm/shared_pages.h"

#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/object_cache.h"
#include "mm/user_pages.h"
#include "sched/task.h"

namespace kernel::mm {
namespace {

constinit ObjectCache<SharedPages> stores("sharedpages");

}  // namespace

Result<Ref<SharedPages>> SharedPages::create(u64 pages) {
    Buffer memory = TRY(Buffer::create(pages * sizeof(PhysAddr)));
    if (pages != 0) std::memset(memory.data(), 0, memory.size());
    return Ref<SharedPages>::adopt(*TRY(stores.create(std::move(memory), pages)));
}

void SharedPages::destroy(SharedPages& store) {
    for (const PhysAddr page : store.pages()) {
        if (page.value == 0) continue;
        drop_user_page(page);
        sched::yield_if_wanted();
    }
    stores.destroy(store);
}

void SharedPages::add_reference(PhysAddr page) {
    // relaxed: the store holds a reference, so the page cannot go meanwhile.
    page_record(page).references.fetch_add(1, std::memory_order_relaxed);
}

Result<void> SharedPages::grow(u64 wanted) {
    const sched::QLockGuard guard(lock_);
    if (wanted <= size()) return {};
    if (wanted > pages().size()) {
        const u64 room = std::max<u64>(wanted, 2 * pages().size());
        Buffer larger = TRY(Buffer::create(room * sizeof(PhysAddr)));
        std::memset(larger.data(), 0, larger.size());
        if (memory_.size() != 0) std::memcpy(larger.data(), memory_.data(), memory_.size());
        memory_ = std::move(larger);
    }
    // [shared.size] release: pairs with acquire in size().
    size_.store(wanted, std::memory_order_release);
    return {};
}

void SharedPages::put(u64 index, PhysAddr page) {
    const sched::QLockGuard guard(lock_);
    ASSERT(pages()[index].value == 0);
    add_reference(page);
    pages()[index] = page;
}

PhysAddr SharedPages::at(u64 index) {
    const sched::QLockGuard guard(lock_);
    return pages()[index];
}

void SharedPages::clear(u64 first, u64 count) {
    const sched::QLockGuard guard(lock_);
    for (u64 i = first; i < first + count; ++i) {
        const PhysAddr page = pages()[i];
        if (page.value == 0) continue;
        std::memset(machine::direct_map(page).as<void>(), 0, kPageSize);
        sched::yield_if_wanted();
    }
}

}  // namespace kernel::mm
