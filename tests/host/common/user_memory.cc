// User memory as the kernel touches it: page by page, each as the tables allow at that moment.
#include "base/schedule_point.h"
#include "machine/interrupts.h"
#include "tests/host/common/user_hart.h"

namespace kernel::machine {
namespace {

using host::UserHart;
using host::interpreter::Attempt;

/// Calls use(byte, offset, count) for each run of [user, user + size) that lies on one page; says
/// where the tables do not allow `attempt`.
template <class Use>
std::optional<VirtAddr> for_each_page(VirtAddr user, usize size, Attempt attempt, Use&& use) {
    ASSERT(size <= kUserEnd && user.value <= kUserEnd - size);
    for (usize done = 0; done < size;) {
        const VirtAddr at = user + done;
        const usize count = std::min(size - done, kPageSize - at.value % kPageSize);
        // The task may go on on another hart after each page, in the same space.
        const InterruptsOff off;
        UserHart& hart = host::my_user_hart();
        ASSERT(hart.runs_somewhere());
        const UserHart::Inside inside(hart);
        std::byte* const byte = hart.translate_for_kernel(at, attempt).host;
        if (byte == nullptr) return at;
        use(byte, done, count);
        done += count;
    }
    return std::nullopt;
}

/// Calls move(T, offset) for all `count` bytes at `shared`, T a word where one is whole and
/// aligned: programs see words whole, as they do where hardware copies them.
template <class Move>
void in_words(const std::byte* shared, usize count, Move&& move) {
    constexpr usize kBytesPerSchedulePoint = 64;
    for (usize at = 0; at < count;) {
        if (is_aligned(at, kBytesPerSchedulePoint)) schedule_point();
        if (is_aligned(VirtAddr::of(shared + at).value, sizeof(u64)) && count - at >= sizeof(u64)) {
            move(u64{}, at);
            at += sizeof(u64);
        } else {
            move(u8{}, at);
            ++at;
        }
    }
}

template <class T>
std::atomic_ref<T> shared_with_programs(std::byte* at) {
    return std::atomic_ref<T>(*reinterpret_cast<T*>(at));
}

}  // namespace

std::optional<VirtAddr> copy_from_user(Bytes to, VirtAddr user) {
    return for_each_page(
        user, to.size(), Attempt::kLoad, [&](std::byte* byte, usize offset, usize count) {
            in_words(byte, count, [&]<class T>(T, usize at) {
                // relaxed: what programs write meanwhile is theirs to order.
                const T value = shared_with_programs<T>(byte + at).load(std::memory_order_relaxed);
                std::memcpy(to.data() + offset + at, &value, sizeof(T));
            });
        });
}

std::optional<VirtAddr> copy_to_user(VirtAddr user, ConstBytes from) {
    return for_each_page(
        user, from.size(), Attempt::kStore, [&](std::byte* byte, usize offset, usize count) {
            in_words(byte, count, [&]<class T>(T, usize at) {
                T value;
                std::memcpy(&value, from.data() + offset + at, sizeof(T));
                // relaxed: as above.
                shared_with_programs<T>(byte + at).store(value, std::memory_order_relaxed);
            });
        });
}

std::optional<VirtAddr> exchange_in_user(VirtAddr user, u32 expected, u32 desired, u32& found) {
    ASSERT(is_aligned(user.value, sizeof(u32)));
    return for_each_page(user, sizeof(u32), Attempt::kStore, [&](std::byte* byte, usize, usize) {
        schedule_point();
        found = expected;
        // acq_rel: what programs and kernels on other harts did before they wrote the word.
        shared_with_programs<u32>(byte).compare_exchange_strong(
            found, desired, std::memory_order_acq_rel, std::memory_order_acquire);
    });
}

}  // namespace kernel::machine
