// The message ring, and what happens to a log line.
#include "dev/kmesg.h"

#include "base/atomic.h"
#include "dev/console/console.h"

namespace kernel::dev {
namespace {

constinit std::array<char, MessageRing::kBytes> the_room{};
constinit MessageRing the_ring{the_room};
constinit Atomic<u32> log_shown{1};  // atomic: a flag

}  // namespace

void MessageRing::append(std::string_view text) {
    while (!text.empty()) {
        const std::string_view chunk = text.substr(0, kChunk);
        text.remove_prefix(chunk.size());
        sync::IrqSaveGuard guard(lock_);
        for (char c : chunk) bytes_[end_++ % kBytes] = c;
    }
}

MessageRing::Piece MessageRing::read(u64 position, std::span<char> out) const {
    Piece piece{position, 0};
    while (piece.size < out.size()) {
        sync::IrqSaveGuard guard(lock_);
        const u64 at = piece.start + piece.size;
        if (at < oldest_locked()) {
            // Overwritten meanwhile: what was copied so far stands; else start later.
            if (piece.size > 0) return piece;
            piece.start = oldest_locked();
            continue;
        }
        if (at >= end_) return piece;
        const usize here =
            std::min({kChunk, out.size() - piece.size, static_cast<usize>(end_ - at)});
        for (usize i = 0; i < here; ++i) out[piece.size + i] = bytes_[(at + i) % kBytes];
        piece.size += here;
    }
    return piece;
}

u64 MessageRing::oldest() const {
    sync::IrqSaveGuard guard(lock_);
    return oldest_locked();
}

u64 MessageRing::end() const {
    sync::IrqSaveGuard guard(lock_);
    return end_;
}

MessageRing& kmesg() { return the_ring; }

void write_log(std::string_view line) {
    the_ring.append(line);
    // relaxed: a switch of its own; nothing is ordered by it.
    if (log_shown.load(std::memory_order_relaxed) != 0) console().output().write_now(line);
}

void show_log(bool on) {
    // relaxed: as in write_log().
    log_shown.store(on ? 1 : 0, std::memory_order_relaxed);
}

}  // namespace kernel::dev
