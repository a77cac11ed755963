// What a table of process numbers must offer to be measured, and memory for one.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/std.h"

namespace bench {

using kernel::i32;
using kernel::u32;
using kernel::u64;
using kernel::usize;

/// What find() answers when there is no such process.
inline constexpr u32 kNobody = ~u32{0};
/// Threads that use a table at once, and so spare slots: one for what each thread makes and ends.
inline constexpr u32 kThreads = 2;
inline constexpr u32 kSpareSlots = 64;

/// A table made for `live` processes, which uses slots below live + kSpareSlots. Numbers are at
/// least 1. A thread that uses it has a Table::Thread, which it makes and destroys itself, and
/// brackets each run of operations with begin() and end(): readers of RCU are on line between them.
template <class T>
concept Table = requires(T table, typename T::Thread& thread, typename T::Held held, u32 number) {
    { T::kName } -> std::convertible_to<std::string_view>;
    /// Whether it says that a number is nobody's. (A bare array does not.)
    { T::kKnowsMisses } -> std::convertible_to<bool>;
    { table.allocate(thread, u32{}) } -> std::same_as<u32>;  // a new number, bound to a slot
    table.free(thread, number, u32{});                       // ends it; who holds it still may
    { table.find(thread, number) } -> std::same_as<u32>;     // its slot, or kNobody
    { table.acquire(thread, number) } -> std::same_as<typename T::Held>;  // a counted reference
    table.release(thread, held);                                          // ... given back
    { static_cast<bool>(held) };
    thread.begin();
    thread.end();
};

/// The Thread of a table that asks nothing of its readers but which of them they are.
struct PlainThread {
    template <class T>
    PlainThread(T&, u32 which) : index(which) {}
    void begin() {}
    void end() {}
    u32 index;
};

/// Zeroed memory for an array of T, on 2 MiB pages where the system gives them.
template <class T>
class HugeArray {
public:
    explicit HugeArray(usize count) : bytes_((count * sizeof(T) + kPage - 1) / kPage * kPage) {
        void* const memory = mmap(nullptr, bytes_ + kPage, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            std::perror("memory for a table");
            std::exit(125);
        }
        mapped_ = static_cast<std::byte*>(memory);
        const usize past = reinterpret_cast<std::uintptr_t>(mapped_) % kPage;
        data_ = reinterpret_cast<T*>(mapped_ + (past == 0 ? 0 : kPage - past));
        madvise(data_, bytes_, MADV_HUGEPAGE);  // ignored: advice
    }
    HugeArray(const HugeArray&) = delete;
    HugeArray& operator=(const HugeArray&) = delete;
    ~HugeArray() { munmap(mapped_, bytes_ + kPage); }

    T& operator[](usize index) const { return data_[index]; }
    T* data() const { return data_; }
    std::byte* bytes() const { return reinterpret_cast<std::byte*>(data_); }

private:
    static constexpr usize kPage = usize{2} << 20;
    usize bytes_;
    std::byte* mapped_;
    T* data_;
};

/// Numbers one after the other, as a global counter gives them: 31 bits, never 0.
class NumberCounter {
public:
    u32 next() {
        for (;;) {
            const u32 number = next_.fetch_add(1, std::memory_order_relaxed) & 0x7fff'ffff;
            if (number != 0) return number;
        }
    }

private:
    std::atomic<u32> next_{1};
};

/// A lock that spins: what a kernel would take around an update.
class SpinLock {
public:
    void lock() {
        while (locked_.exchange(true, std::memory_order_acquire)) {
            while (locked_.load(std::memory_order_relaxed)) __builtin_ia32_pause();
        }
    }
    void unlock() { locked_.store(false, std::memory_order_release); }

private:
    std::atomic<bool> locked_{false};
};

}  // namespace bench
