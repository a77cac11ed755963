// Pages of user memory: frames with their records; what the machine's UserSpace asks for.
#include "mm/user_pages.h"

#include "base/assert.h"
#include "machine/memory.h"
#include "machine/user_space.h"
#include "mm/frames.h"
#include "mm/internal.h"

namespace kernel::mm {
namespace {

constinit PhysAddr zeroes{};  // const after initialize_user_pages()

void start_record(PhysAddr page) { ::new (&page_record(page)) machine::PageRecord; }

Result<PhysAddr> take_table() {
    const PhysAddr table = TRY(allocate_page(PageFill::kZero));
    start_record(table);
    return table;
}

}  // namespace

PhysAddr zero_page() { return zeroes; }

Result<PhysAddr> take_user_page() {
    const PhysAddr page = TRY(allocate_page(PageFill::kAny));
    start_record(page);
    return page;
}

void give_user_page(PhysAddr page) { free_page(page); }

void drop_user_page(PhysAddr page) {
    // [sv39.drop] acq_rel: what was done through this reference comes before the end.
    if (page_record(page).references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        give_user_page(page);
    }
}

void detail::initialize_user_pages() {
    const Result<PhysAddr> page = allocate_page(PageFill::kZero);
    if (!page.ok()) PANIC("no memory for the page of zeroes");
    zeroes = page.value();
    page_classes.tables.add();
    machine::set_user_pages({.record = page_record,
                             .run = kDebug ? machine::PageRecordRun() : page_records(),
                             .take_table = take_table,
                             .give_table = free_zeroed_page,  // its entries were emptied one by one
                             .take_page = take_user_page,
                             .give_page = give_user_page});
}

}  // namespace kernel::mm
