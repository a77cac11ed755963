// The random generator behind #c/random: ChaCha20 that forgets its key after each use.
#pragma once

#include "base/annotations.h"
#include "base/std.h"
#include "dev/random/chacha20.h"
#include "sync/spin_lock.h"

namespace kernel::dev {

/// Each request draws a block: half of it replaces the key, so that the state tells nothing about
/// what was given out before; the other half is the key of the stream that answers the request.
/// The same seeds and requests give the same bytes. Context of all: any. Locks: kDeviceSpin, for
/// one block.
class RandomGenerator : Pinned {
public:
    constexpr RandomGenerator() = default;

    /// As new. Nobody else uses it.
    void reset();
    /// Mixes `entropy` into the key. Cost: one block per 32 bytes.
    void add(ConstBytes entropy);
    /// Fills `out`. Cost: one block, and one per 64 bytes.
    void fill(Bytes out);

private:
    /// What a ChaCha20 block is asked for, so that no two purposes share a block.
    enum class Purpose : u8 { kAbsorb = 1, kDraw = 2, kStream = 3 };
    static ChaChaBlock block(const ChaChaKey& key, Purpose purpose, u32 counter);

    sync::SpinLock<sync::LockRank::kDeviceSpin> lock_;
    ChaChaKey key_ GUARDED_BY(lock_){};
};

/// Seeds the kernel's generator, from nothing, with what the loader gave (may be empty) and the
/// machine's jitter; says in the log if there was only the latter. Context: boot.
void seed_random(ConstBytes seed);
/// Whether the loader gave a seed.
bool random_is_seeded();
/// Fills `out` from the kernel's generator. Context: any but under a lock ranked kDeviceSpin or
/// above.
void fill_random(Bytes out);
/// Mixes the time of an outside event in. Cost: one load and one store; the next request mixes it.
/// Context: any.
void stir_random_with_time();

}  // namespace kernel::dev
