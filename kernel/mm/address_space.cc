// Address spaces: adding and resizing segments, forks, and pages that come when they are touched.
#include "mm/address_space.h"

#include "machine/memory.h"
#include "mm/object_cache.h"
#include "mm/room.h"
#include "mm/user_pages.h"
#include "sched/task.h"

namespace kernel::mm {
namespace {

using machine::UserAccess;
using machine::UserAttempt;
using Answer = machine::UserSpace::Answer;

constinit ObjectCache<AddressSpace> spaces("addressspace");

Bytes bytes_of(PhysAddr page) { return {machine::direct_map(page).as<std::byte>(), kPageSize}; }

/// The bytes of the image that lie on `page` of `segment`.
struct Shown {
    usize at = 0;    // on the page
    u64 offset = 0;  // in the image
    usize size = 0;
};
Shown shown_on(const Segment& segment, VirtAddr page) {
    const VirtAddr first = std::max(page, segment.data_start);
    const VirtAddr last = std::min(page + kPageSize, segment.data_start + segment.data_size);
    if (!segment.image || first >= last) return {};
    return {first - page, segment.image_offset + (first - segment.data_start), last - first};
}

/// The image's own page for `page`, if it may be shown as it is: whatever else lies on it is of the
/// same file, and nothing on it must read as zero.
std::optional<PhysAddr> page_in_place(const Segment& segment, const Shown& shown) {
    if (shown.size == 0 || shown.offset < shown.at) return std::nullopt;
    const bool fills_rest = shown.at + shown.size == kPageSize;
    if (segment.access == UserAccess::kReadWrite && (shown.at != 0 || !fills_rest)) {
        return std::nullopt;
    }
    return segment.image->page_at(shown.offset - shown.at);
}

void fill(Bytes page, const Segment& segment, const Shown& shown) {
    std::memset(page.data(), 0, shown.at);
    if (shown.size != 0) {
        std::memcpy(page.data() + shown.at, segment.image->bytes().data() + shown.offset,
                    shown.size);
    }
    std::memset(page.data() + shown.at + shown.size, 0, kPageSize - shown.at - shown.size);
}

}  // namespace

Result<Ref<AddressSpace>> AddressSpace::create() {
    Ref<AddressSpace> space = Ref<AddressSpace>::adopt(*TRY(spaces.create()));
    TRY(space->tables_.open());
    return space;
}

void AddressSpace::destroy(AddressSpace& space) {
    space.tables_.close(sched::yield_if_wanted);
    spaces.destroy(space);
}

const Segment* AddressSpace::find(VirtAddr at) const {
    // Mostly where it was the last time.
    if (found_ < count_ && segments_[found_].contains(at)) return &segments_[found_];
    for (usize i = 0; i < count_; ++i) {
        if (!segments_[i].contains(at)) continue;
        found_ = i;
        return &segments_[i];
    }
    return nullptr;
}

Segment* AddressSpace::find(VirtAddr at) {
    return const_cast<Segment*>(static_cast<const AddressSpace*>(this)->find(at));
}

/// Says how many pages of `segment` are mapped.
void AddressSpace::set_resident(Segment& segment, u64 pages) {
    // relaxed (both): written under the lock only.
    const u64 all = resident_.load(std::memory_order_relaxed);
    resident_.store(all - segment.resident + pages, std::memory_order_relaxed);
    segment.resident = pages;
}

Result<void> AddressSpace::add(Segment segment) {
    const sched::QLockGuard guard(lock_);
    return insert(std::move(segment));
}

Result<void> AddressSpace::insert(Segment segment) {
    if (segment.start > segment.top() || segment.top().value > machine::kUserEnd ||
        !is_aligned(segment.start.value | segment.top().value, kPageSize)) {
        return Error::kBadArg;
    }
    usize at = count_;
    while (at > 0 && segments_[at - 1].top() > segment.start) --at;
    if (at < count_ && segments_[at].start < segment.top()) return Error::kSegmentsOverlap;
    if (count_ == kSegmentsMax) return Error::kNoVirtualMemory;
    for (usize i = count_; i > at; --i) segments_[i] = std::move(segments_[i - 1]);
    segments_[at] = std::move(segment);
    ++count_;
    limit_shared();
    return {};
}

/// Whoever else has a shared segment may make it larger; here it ends where the next begins.
void AddressSpace::limit_shared() {
    for (usize i = 0; i < count_; ++i) {
        if (!segments_[i].shared) continue;
        segments_[i].end = i + 1 < count_ ? segments_[i + 1].start : VirtAddr{machine::kUserEnd};
    }
}

Result<AddressSpace::Faulted> AddressSpace::fault(VirtAddr at, UserAttempt attempt) {
    const VirtAddr page{align_down(at.value, kPageSize)};
    if (page.value >= machine::kUserEnd) return Error::kBadArg;
    return with_room("a page", [this, page, attempt]() -> Result<Faulted> {
        const sched::QLockGuard guard(lock_);
        Segment* const segment = find(page);
        if (segment == nullptr || !segment->allows(attempt)) return Error::kBadArg;
        TRY(serve(*segment, page, attempt));
        const bool watched = attempt != UserAttempt::kExecute && is_watched_page(*segment, page);
        return watched ? Faulted::kWatched : Faulted::kServed;
    });
}

/// Makes the page so that `attempt`, which the segment allows, succeeds.
Result<void> AddressSpace::serve(Segment& segment, VirtAddr page, UserAttempt attempt) {
    const Answer answer = tables_.reach(page, attempt);
    switch (answer) {
        case Answer::kNothing:
            return supply(segment, page, attempt);
        case Answer::kForbidden:
        case Answer::kBorrowed: {
            const bool is_device = segment.kind == SegmentKind::kPhysical;
            TRY(tables_.make_writable(page, segment.shared || is_device
                                                ? machine::UserSpace::Write::kShared
                                                : machine::UserSpace::Write::kCopied));
            if (answer == Answer::kBorrowed && !is_device) {
                set_resident(segment, segment.resident + 1);
            }
            break;
        }
        case Answer::kHidden:
            // It was watched, or is in a space that this one was forked from.
            if (!is_watched_page(segment, page)) TRY(tables_.show(page));
            break;
        case Answer::kAllowed:
            break;
    }
    // Hardware remembers less than there is now.
    machine::catch_up_with_user_space();
    return {};
}

AddressSpace::Place AddressSpace::place_of(VirtAddr at) const {
    const sched::QLockGuard guard(lock_);
    const Segment* const segment = find(at);
    if (segment == nullptr || !segment->shared) return {this, at.value};
    return {segment->shared.get(), at - segment->start};
}

bool AddressSpace::allows(VirtAddr at, u64 size, UserAttempt attempt) const {
    if (at.value > machine::kUserEnd || size > machine::kUserEnd - at.value) return false;
    const VirtAddr end = at + size;
    const sched::QLockGuard guard(lock_);
    while (at < end) {
        const Segment* const segment = find(at);
        if (segment == nullptr || !segment->allows(attempt)) return false;
        at = segment->top();
    }
    return true;
}

template <class F>
Result<u64> AddressSpace::with_word(VirtAddr at, usize size, UserAttempt attempt, F&& f) {
    ASSERT(is_aligned(at.value, size));
    const VirtAddr page{align_down(at.value, kPageSize)};
    if (page.value >= machine::kUserEnd) return Error::kBadArg;
    return with_room("a page", [&]() -> Result<u64> {
        const sched::QLockGuard guard(lock_);
        Segment* const segment = find(page);
        if (segment == nullptr || !segment->allows(attempt)) return Error::kBadArg;
        if (segment->kind == SegmentKind::kPhysical) return Error::kBadArg;
        std::byte* const word = TRY(serve_bytes(*segment, page, attempt))
        .data() + (at - page);
        switch (size) {
            case 1:
                return f(std::atomic_ref(*reinterpret_cast<u8*>(word)));
            case 2:
                return f(std::atomic_ref(*reinterpret_cast<u16*>(word)));
            case 4:
                return f(std::atomic_ref(*reinterpret_cast<u32*>(word)));
            default:
                return f(std::atomic_ref(*reinterpret_cast<u64*>(word)));
        }
    });
}

Result<u64> AddressSpace::load(VirtAddr at, usize size) {
    return with_word(at, size, UserAttempt::kLoad, []<class T>(std::atomic_ref<T> word) -> u64 {
        // seq_cst: whatever order the instruction asks for.
        return word.load(std::memory_order_seq_cst);
    });
}

Result<void> AddressSpace::store(VirtAddr at, usize size, u64 value) {
    TRY(with_word(at, size, UserAttempt::kStore, [value]<class T>(std::atomic_ref<T> word) -> u64 {
        // relaxed: a plain store, which the program's own fences order on this hart.
        word.store(static_cast<T>(value), std::memory_order_relaxed);
        return 0;
    }));
    return {};
}

Result<u64> AddressSpace::exchange(VirtAddr at, usize size, u64 expected, u64 desired) {
    ASSERT(size == sizeof(u32) || size == sizeof(u64));
    return with_word(at, size, UserAttempt::kStore,
                     [expected, desired]<class T>(std::atomic_ref<T> word) -> u64 {
                         T found = static_cast<T>(expected);
                         if constexpr (sizeof(T) >= sizeof(u32)) {
                             // seq_cst: as load().
                             (void)word.compare_exchange_strong(  // ignored: `found` says it
                                 found, static_cast<T>(desired), std::memory_order_seq_cst,
                                 std::memory_order_seq_cst);
                         }
                         return found;
                     });
}

Result<void> AddressSpace::watch(WatchSet& set) {
    const sched::QLockGuard guard(lock_);
    watch_sets_.push_back(set);
    // relaxed: is_watched() says why.
    watch_sets_count_.fetch_add(1, std::memory_order_relaxed);
    for (const Watch& watch : set.watches()) TRY(hide(watch));
    return {};
}

/// What is hidden and no longer watched is shown at its next fault.
void AddressSpace::unwatch(WatchSet& set) {
    const sched::QLockGuard guard(lock_);
    watch_sets_.remove(set);
    watch_sets_count_.fetch_sub(1, std::memory_order_relaxed);  // relaxed: as above
}

Result<void> AddressSpace::hide(const Watch& watch) {
    if (watch.is_empty()) return {};
    const VirtAddr begin{align_down(watch.at.value, kPageSize)};
    const VirtAddr end{align_up((watch.at + watch.size).value, kPageSize)};
    for (const Segment& segment : std::span(segments_).first(count_)) {
        if (segment.kind == SegmentKind::kPhysical) continue;
        const VirtAddr from = std::max(begin, segment.start);
        const VirtAddr to = std::min(end, segment.top());
        if (from < to) TRY(tables_.hide(from, to));
    }
    return {};
}

/// Not of a device: what its registers do is not for the kernel to do.
bool AddressSpace::is_watched_page(const Segment& segment, VirtAddr page) const {
    if (!is_watched() || segment.kind == SegmentKind::kPhysical) return false;
    for (const WatchSet& set : watch_sets_) {
        if (set.touches_page(page)) return true;
    }
    return false;
}

/// Maps, hidden if it is watched.
Result<void> AddressSpace::map(const Segment& segment, VirtAddr page, PhysAddr there,
                               UserAccess access, bool counted) {
    return tables_.map(page, there, access, counted, is_watched_page(segment, page));
}

template <class F>
Result<void> AddressSpace::for_each_page(VirtAddr at, u64 size, UserAttempt attempt, F&& f) {
    if (at.value > machine::kUserEnd || size > machine::kUserEnd - at.value) return Error::kBadArg;
    const sched::QLockGuard guard(lock_);
    while (size != 0) {
        const VirtAddr page{align_down(at.value, kPageSize)};
        Segment* const segment = find(page);
        if (segment == nullptr || !segment->allows(attempt)) return Error::kBadArg;
        if (segment->kind == SegmentKind::kPhysical) return Error::kBadArg;
        const u64 step = std::min<u64>(size, kPageSize - (at - page));
        f(TRY(serve_bytes(*segment, page, attempt)).subspan(at - page, step));
        at = at + step;
        size -= step;
    }
    return {};
}

Result<void> AddressSpace::put(VirtAddr at, ConstBytes from) {
    return for_each_page(at, from.size(), UserAttempt::kStore, [&from](Bytes piece) {
        std::memcpy(piece.data(), from.data(), piece.size());
        from = from.subspan(piece.size());
    });
}

Result<void> AddressSpace::get(Bytes to, VirtAddr at) {
    return for_each_page(at, to.size(), UserAttempt::kLoad, [&to](Bytes piece) {
        std::memcpy(to.data(), piece.data(), piece.size());
        to = to.subspan(piece.size());
    });
}

/// The same, and the bytes of the page.
Result<Bytes> AddressSpace::serve_bytes(Segment& segment, VirtAddr page, UserAttempt attempt) {
    TRY(serve(segment, page, attempt));
    const std::optional<PhysAddr> there = tables_.find(page);
    ASSERT(there.has_value());
    return bytes_of(*there);
}

/// Copies what is to be seen at `page` + `within`, on that page of `segment`.
void AddressSpace::show(const Segment& segment, VirtAddr page, usize within, Bytes to) {
    std::optional<PhysAddr> there = tables_.find(page);
    if (!there.has_value() && segment.shared) {
        const PhysAddr common = segment.shared->at((page - segment.start) / kPageSize);
        if (common.value != 0) there = common;
    }
    if (there.has_value()) {
        std::memcpy(to.data(), bytes_of(*there).data() + within, to.size());
        return;
    }
    // Nobody has touched it: the bytes of its file, and zeroes.
    std::memset(to.data(), 0, to.size());
    const Shown shown = shown_on(segment, page);
    const usize first = std::max(shown.at, within);
    const usize last = std::min(shown.at + shown.size, within + to.size());
    if (first >= last) return;
    std::memcpy(to.data() + (first - within),
                segment.image->bytes().data() + shown.offset + (first - shown.at), last - first);
}

Result<usize> AddressSpace::peek(Bytes to, VirtAddr at) {
    usize done = 0;
    const sched::QLockGuard guard(lock_);
    Segment* const segment = find(at);
    if (segment == nullptr) return Error::kBadArg;
    if (segment->kind == SegmentKind::kPhysical) return Error::kIo;
    const usize size = std::min<u64>(to.size(), segment->top() - at);
    while (done < size) {
        const VirtAddr page{align_down((at + done).value, kPageSize)};
        const usize within = at + done - page;
        const usize step = std::min<usize>(size - done, kPageSize - within);
        show(*segment, page, within, to.subspan(done, step));
        done += step;
    }
    return size;
}

Result<void> AddressSpace::poke(VirtAddr at, ConstBytes from) {
    const sched::QLockGuard guard(lock_);
    Segment* const segment = find(at);
    if (segment == nullptr || from.size() > segment->top() - at) return Error::kBadArg;
    if (segment->kind == SegmentKind::kPhysical) return Error::kIo;
    while (!from.empty()) {
        const VirtAddr page{align_down(at.value, kPageSize)};
        const usize step = std::min<usize>(from.size(), kPageSize - (at - page));
        const ConstBytes piece = from.first(step);
        if (segment->allows(UserAttempt::kStore)) {
            const Bytes bytes = TRY(serve_bytes(*segment, page, UserAttempt::kStore));
            std::memcpy(bytes.data() + (at - page), piece.data(), step);
        } else {
            TRY(replace(*segment, at, piece));
        }
        at = at + step;
        from = from.subspan(step);
    }
    return {};
}

/// Puts a page of this space's own where `segment` may not be written, with `from`, which lies on
/// one page, at `at`.
Result<void> AddressSpace::replace(Segment& segment, VirtAddr at, ConstBytes from) {
    if (segment.shared) return Error::kBadArg;
    const VirtAddr page{align_down(at.value, kPageSize)};
    const PhysAddr fresh = TRY(take_user_page());
    const Bytes bytes = bytes_of(fresh);
    const bool counted = tables_.reach(page, UserAttempt::kStore) == Answer::kForbidden;
    if (const std::optional<PhysAddr> there = tables_.find(page)) {
        std::memcpy(bytes.data(), bytes_of(*there).data(), kPageSize);
    } else {
        fill(bytes, segment, shown_on(segment, page));
    }
    std::memcpy(bytes.data() + (at - page), from.data(), from.size());
    if (segment.access == UserAccess::kReadExecute) {
        machine::publish_code(machine::direct_map(fresh), kPageSize);
    }
    const Result<void> cleared = tables_.clear(page, page + kPageSize);
    if (!cleared.ok()) {
        give_user_page(fresh);
        return cleared;
    }
    const Result<void> mapped = map(segment, page, fresh, segment.access, true);
    if (!mapped.ok()) {
        // Only where nothing was, for else there are tables of its own on the way.
        give_user_page(fresh);
        return mapped;
    }
    if (!counted) set_resident(segment, segment.resident + 1);
    return {};
}

/// Maps what `segment` shows at `page`, where nothing is yet.
Result<void> AddressSpace::supply(Segment& segment, VirtAddr page, UserAttempt attempt) {
    if (segment.shared) return supply_shared(segment, page);
    if (segment.kind == SegmentKind::kPhysical) {
        return map(segment, page, segment.device + (page - segment.start), segment.access, false);
    }
    const Shown shown = shown_on(segment, page);
    if (attempt != UserAttempt::kStore) {
        // Until it is written nobody needs a page of his own.
        const UserAccess access =
            segment.access == UserAccess::kReadWrite ? UserAccess::kRead : segment.access;
        const std::optional<PhysAddr> there =
            shown.size == 0 ? zero_page() : page_in_place(segment, shown);
        if (there) return map(segment, page, *there, access, false);
    }
    const PhysAddr fresh = TRY(take_user_page());
    fill(bytes_of(fresh), segment, shown);
    if (segment.access == UserAccess::kReadExecute) {
        // The page may have held other instructions before.
        machine::publish_code(machine::direct_map(fresh), kPageSize);
    }
    const Result<void> mapped = map(segment, page, fresh, segment.access, true);
    if (mapped.ok()) {
        set_resident(segment, segment.resident + 1);
    } else {
        give_user_page(fresh);
    }
    return mapped;
}

/// The same for a segment whose pages are common: also to be read they come from the store, because
/// somebody else may write them.
Result<void> AddressSpace::supply_shared(Segment& segment, VirtAddr page) {
    const auto make = [&]() -> Result<PhysAddr> {
        const PhysAddr fresh = TRY(take_user_page());
        fill(bytes_of(fresh), segment, shown_on(segment, page));
        return fresh;
    };
    const PhysAddr there = TRY(segment.shared->take((page - segment.start) / kPageSize, make));
    const Result<void> mapped = map(segment, page, there, segment.access, true);
    if (mapped.ok()) {
        set_resident(segment, segment.resident + 1);
    } else {
        drop_user_page(there);
    }
    return mapped;
}

Result<Ref<AddressSpace>> AddressSpace::fork(Data data) {
    Ref<AddressSpace> child = TRY(create());
    const sched::QLockGuard guard(lock_);
    if (data == Data::kShared) {
        TRY(share_data());
    } else {
        TRY(take_back_data());
    }
    // Nobody else knows the child, so its lock is free; order does not bind who never waits.
    const bool locked = child->lock_.try_lock();
    ASSERT(locked);
    const sched::QLockGuard child_guard(child->lock_, sched::kAdoptLock);
    std::copy_n(segments_.begin(), count_, child->segments_.begin());
    child->count_ = count_;
    tables_.fork_into(child->tables_);
    child->resident_.store(resident(), std::memory_order_relaxed);  // relaxed: nobody else knows it
    if (data == Data::kShared) {
        // relaxed (all): as above, and written under the lock only.
        child->bss_.store(bss_.load(std::memory_order_relaxed), std::memory_order_relaxed);
        return child;
    }
    for (Segment& segment : std::span(child->segments_).first(count_)) {
        if (segment.shared && segment.kind != SegmentKind::kShared) TRY(child->own(segment));
    }
    return child;
}

/// Makes the pages of data and bss common to this space and those that will be forked from it, or
/// leaves all as it was.
Result<void> AddressSpace::share_data() {
    std::array<bool, kSegmentsMax> done{};
    for (usize i = 0; i < count_; ++i) {
        Segment& segment = segments_[i];
        const bool is_data = segment.kind == SegmentKind::kData ||
                             segment.kind == SegmentKind::kBss ||
                             segment.kind == SegmentKind::kMemory;
        if (!is_data || segment.shared) continue;
        const Result<void> shared = share(segment);
        done[i] = shared.ok();
        if (shared.ok()) continue;
        for (usize k = 0; k < i; ++k) {
            // Its pages are all mapped here still.
            if (done[k]) segments_[k].shared.reset();
            // relaxed: compared only.
            if (done[k] && segments_[k].kind == SegmentKind::kBss) {
                bss_.store(nullptr, std::memory_order_relaxed);
            }
        }
        return shared;
    }
    limit_shared();
    return {};
}

Result<void> AddressSpace::share(Segment& segment) {
    Ref<SharedPages> store = TRY(SharedPages::create(segment.pages()));
    u64 pages = 0;
    // What nobody can write is zeroes for all of them, whichever page shows it.
    const VirtAddr end = segment.access == UserAccess::kReadWrite ? segment.top() : segment.start;
    for (VirtAddr page = segment.start; page < end; page = page + kPageSize) {
        if (tables_.reach(page, UserAttempt::kLoad) == Answer::kNothing) continue;
        // A page of its own, not of the image, of zeroes, or of a fork before.
        if (tables_.reach(page, UserAttempt::kStore) != Answer::kAllowed) {
            TRY(tables_.make_writable(page, machine::UserSpace::Write::kCopied));
        }
        store->put((page - segment.start) / kPageSize, *tables_.find(page));
        ++pages;
    }
    set_resident(segment, pages);
    segment.shared = std::move(store);
    if (segment.kind == SegmentKind::kBss) {
        bss_.store(segment.shared.get(), std::memory_order_relaxed);  // relaxed: compared only
    }
    return {};
}

/// Makes what nobody else shares any more this space's own again, so that a fork need not copy it.
Result<void> AddressSpace::take_back_data() {
    for (Segment& segment : std::span(segments_).first(count_)) {
        const bool alone = segment.shared && segment.kind != SegmentKind::kShared &&
                           segment.shared->ref_count() == 1;
        if (!alone) continue;
        for (u64 i = 0; i < segment.pages(); ++i) {
            const VirtAddr page = segment.start + i * kPageSize;
            if (segment.shared->at(i).value == 0 || tables_.find(page).has_value()) continue;
            TRY(supply_shared(segment, page));
        }
        segment.end = segment.top();
        segment.shared.reset();
        // relaxed: compared only.
        if (segment.kind == SegmentKind::kBss) bss_.store(nullptr, std::memory_order_relaxed);
    }
    return {};
}

/// Makes the pages of a shared segment, as they are now, this space's own.
Result<void> AddressSpace::own(Segment& segment) {
    segment.end = segment.top();
    const Ref<SharedPages> store = std::exchange(segment.shared, nullptr);
    TRY(tables_.clear(segment.start, segment.end));
    set_resident(segment, 0);
    for (u64 i = 0; i < segment.pages(); ++i) {
        const PhysAddr page = store->at(i);
        if (page.value == 0) continue;
        const PhysAddr fresh = TRY(take_user_page());
        std::memcpy(bytes_of(fresh).data(), bytes_of(page).data(), kPageSize);
        const Result<void> mapped =
            map(segment, segment.start + i * kPageSize, fresh, segment.access, true);
        if (!mapped.ok()) {
            give_user_page(fresh);
            return mapped;
        }
        set_resident(segment, segment.resident + 1);
    }
    return {};
}

Result<void> AddressSpace::resize_bss(VirtAddr end) {
    const sched::QLockGuard guard(lock_);
    for (usize i = 0; i < count_; ++i) {
        Segment& segment = segments_[i];
        if (segment.kind != SegmentKind::kBss) continue;
        // The first bytes of a program's bss may lie on the last page of its data, which stays.
        const bool in_data =
            i > 0 && segments_[i - 1].kind == SegmentKind::kData && segments_[i - 1].contains(end);
        return move_end(segment, in_data ? segment.start : end);
    }
    return Error::kBadArg;
}

Result<void> AddressSpace::resize(VirtAddr at, VirtAddr end) {
    const sched::QLockGuard guard(lock_);
    Segment* const segment = find_attached(at);
    return segment == nullptr ? Error::kBadArg : move_end(*segment, end);
}

/// The bss or attached segment that holds `at`.
Segment* AddressSpace::find_attached(VirtAddr at) {
    for (Segment& segment : std::span(segments_).first(count_)) {
        if (!segment.contains(at)) continue;
        const bool may_change = segment.kind == SegmentKind::kBss ||
                                segment.kind == SegmentKind::kMemory ||
                                segment.kind == SegmentKind::kShared;
        return may_change ? &segment : nullptr;
    }
    return nullptr;
}

Result<void> AddressSpace::move_end(Segment& segment, VirtAddr end) {
    if (end < segment.start || end.value > machine::kUserEnd) return Error::kBadArg;
    end = {align_up(end.value, kPageSize)};
    const usize after = static_cast<usize>(&segment - segments_.data()) + 1;
    if (after < count_ && segments_[after].start < end) return Error::kSegmentsOverlap;
    if (segment.shared) {
        // Others may still use what is above.
        if (end < segment.top()) return Error::kInUse;
        return segment.shared->grow((end - segment.start) / kPageSize);
    }
    if (end < segment.end) TRY(tables_.clear(end, segment.end));
    segment.end = end;
    set_resident(segment, std::min(segment.resident, segment.pages()));
    return {};
}

Result<VirtAddr> AddressSpace::first_touched(VirtAddr start, VirtAddr end) {
    constexpr u64 kAtOnce = 512 * kPageSize;
    while (start < end) {
        const VirtAddr stop = std::min(end, start + kAtOnce);
        {
            const sched::QLockGuard guard(lock_);
            for (; start < stop; start = start + kPageSize) {
                if (tables_.find(start).has_value()) return start;
            }
        }
        if (sched::Task::current().interrupt_pending()) return Error::kInterrupted;
        sched::yield_if_wanted();
    }
    return end;
}

Result<VirtAddr> AddressSpace::attach(SegmentKind kind, VirtAddr at, u64 size,
                                      machine::UserAccess access, OnExec on_exec) {
    return attach(
        {.start = at, .kind = kind, .access = access, .kept_by_exec = on_exec == OnExec::kKept},
        size);
}

Result<VirtAddr> AddressSpace::attach_device(const PhysicalSegment& device, VirtAddr at, u64 size,
                                             machine::UserAccess access, OnExec on_exec) {
    if (size > device.range.size) return Error::kBadArg;
    if (access != UserAccess::kRead) access = device.access;
    return attach({.start = at,
                   .kind = SegmentKind::kPhysical,
                   .access = access,
                   .kept_by_exec = on_exec == OnExec::kKept,
                   .device = device.range.start},
                  size);
}

/// Adds `segment` with `size` bytes where it starts, or somewhere if that is 0.
Result<VirtAddr> AddressSpace::attach(Segment segment, u64 size) {
    if (size == 0 || size > machine::kUserEnd) return Error::kBadArg;
    size = align_up(size, kPageSize);
    if (segment.kind == SegmentKind::kShared) {
        segment.shared = TRY(SharedPages::create(size / kPageSize));
    }
    VirtAddr at = segment.start;
    const sched::QLockGuard guard(lock_);
    if (at.value == 0) {
        at = kAttachBase;
        for (const Segment& other : std::span(segments_).first(count_)) {
            if (other.start < at + size && at < other.top()) at = other.top();
        }
        if (size > machine::kUserEnd - at.value) return Error::kNoVirtualMemory;
    }
    if (at.value > machine::kUserEnd || size > machine::kUserEnd - at.value) return Error::kBadArg;
    segment.start = at;
    segment.end = at + size;
    TRY(insert(std::move(segment)));
    return at;
}

Result<void> AddressSpace::keep_attached(AddressSpace& before) {
    const sched::QLockGuard before_guard(before.lock_);
    // Nobody else knows this one, so its lock is free; order does not bind who never waits.
    const bool locked = lock_.try_lock();
    ASSERT(locked);
    const sched::QLockGuard guard(lock_, sched::kAdoptLock);
    ASSERT(count_ == 0);
    u64 resident = 0;
    for (const Segment& segment : std::span(before.segments_).first(before.count_)) {
        if (!segment.kept_by_exec) continue;
        segments_[count_++] = segment;
        resident += segment.resident;
    }
    if (count_ == 0) return {};
    // Of all that is mapped there, what lies between is not for the new program.
    before.tables_.fork_into(tables_);
    VirtAddr from{};
    for (const Segment& kept : std::span(segments_).first(count_)) {
        TRY(tables_.clear(from, kept.start));
        from = kept.top();
    }
    TRY(tables_.clear(from, {machine::kUserEnd}));
    limit_shared();
    resident_.store(resident, std::memory_order_relaxed);  // relaxed: nobody else knows it
    return {};
}

Result<void> AddressSpace::detach(VirtAddr at) {
    Segment gone;  // its pages go without the lock
    const sched::QLockGuard guard(lock_);
    Segment* const segment = find(at);
    if (segment == nullptr || !segment->is_attached()) return Error::kBadArg;
    TRY(tables_.clear(segment->start, segment->top()));
    set_resident(*segment, 0);
    gone = std::move(*segment);
    for (usize i = static_cast<usize>(segment - segments_.data()) + 1; i < count_; ++i) {
        segments_[i - 1] = std::move(segments_[i]);
    }
    segments_[--count_] = {};
    limit_shared();
    return {};
}

Result<void> AddressSpace::forget(VirtAddr at, u64 size) {
    if (at.value > machine::kUserEnd || size > machine::kUserEnd - at.value) return Error::kBadArg;
    const VirtAddr end{align_down((at + size).value, kPageSize)};
    at = {align_up(at.value, kPageSize)};
    const sched::QLockGuard guard(lock_);
    Segment* const segment = find_attached(at);
    if (segment == nullptr || end > segment->top()) return Error::kBadArg;
    if (at >= end) return {};
    if (!segment->shared) {
        TRY(tables_.clear(at, end));
        const u64 others = segment->pages() - (end - at) / kPageSize;
        set_resident(*segment, std::min(segment->resident, others));
        return {};
    }
    // Others have entries for the same pages.
    segment->shared->clear((at - segment->start) / kPageSize, (end - at) / kPageSize);
    return {};
}

usize AddressSpace::segments(std::span<Segment, kSegmentsMax> out) const {
    const sched::QLockGuard guard(lock_);
    std::copy_n(segments_.begin(), count_, out.begin());
    return count_;
}

}  // namespace kernel::mm
