// Channels: made from a cache, cloned while they are walked, closed by whoever drops them last.
#include "chan/chan.h"

#include "chan/namespace.h"
#include "chan/read_state.h"
#include "chan/release.h"

namespace kernel::chan {
namespace {

constinit mm::ObjectCache<Chan> cache{"chan"};

}  // namespace

Chan::Chan(Dev& device, u32 device_number, Qid qid, Ref<Path> path)
    : device_(device), device_number_(device_number), qid_(qid), path_(std::move(path)) {}

// The member channel of a read of a union may go with the read state: one step of recursion, because
// members hold no such state themselves.
Chan::~Chan() {
    if (read_state_ != nullptr) mm::Box<ReadState>::adopt(*read_state_).reset();
}

Result<Ref<Chan>> Chan::create(Dev& device, u32 device_number, Qid qid, Ref<Path> path) {
    ASSERT(path);
    Chan* chan = TRY(cache.create(device, device_number, qid, std::move(path)));
    return Ref<Chan>::adopt(*chan);
}

Result<Ref<Chan>> Chan::clone() const {
    ASSERT(!is_open_);
    Ref<Chan> copy = TRY(create(device_, device_number_, qid_, path_));
    copy->io_unit_ = io_unit_;
    copy->device_word = device_word;
    copy->device_pointer = device_pointer;
    device_.cloned(*copy);
    return copy;
}

void Chan::set_path(Ref<Path> path) { path_ = std::move(path); }

void Chan::set_union(Ref<Union> found) { union_ = std::move(found); }

void Chan::mark_open(OpenMode mode) {
    OpenMode kept = mode.executes() ? kORead : mode.access_only();
    if (mode.removes_on_close()) kept = kept | kORClose;
    mode_ = kept;
    is_open_ = true;
    set_offset(0);
}

Result<ReadState*> Chan::read_state() {
    if (read_state_ == nullptr) read_state_ = TRY(mm::Box<ReadState>::create())
    .leak();
    return read_state_;
}

void Chan::free(Chan& chan) { cache.destroy(chan); }

void Chan::destroy(Chan& chan) {
    Release release;
    release.take(chan);
    release.run();
}

u64 Chan::count() { return cache.untyped().stats().in_use; }

}  // namespace kernel::chan
