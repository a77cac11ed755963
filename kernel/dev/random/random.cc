// The kernel's random generator: seeding, requests, jitter.
#include "dev/random/random.h"

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/log.h"
#include "machine/clock.h"
#include "machine/random.h"

namespace kernel::dev {
namespace {

/// Samples of jitter that stand in for a missing seed.
constexpr usize kJitterSamples = 64;

SECRET constinit RandomGenerator generator;
SECRET_ZEROES constinit Atomic<u64> stirred{
    0};                           // atomic: [random.stir] times of outside events, rotated together
constinit Atomic<u32> seeded{0};  // atomic: a flag

template <class T>
ConstBytes bytes_of(const T& value) {
    return std::as_bytes(std::span{&value, 1});
}

}  // namespace

void RandomGenerator::reset() {
    sync::IrqSaveGuard guard(lock_);
    key_ = {};
}

void RandomGenerator::add(ConstBytes entropy) {
    while (!entropy.empty()) {
        const usize size = std::min(entropy.size(), sizeof(ChaChaKey));
        sync::IrqSaveGuard guard(lock_);
        for (usize i = 0; i < size; ++i) key_[i] ^= static_cast<u8>(entropy[i]);
        const ChaChaBlock mixed = block(key_, Purpose::kAbsorb, 0);
        std::copy_n(mixed.begin(), key_.size(), key_.begin());
        entropy = entropy.subspan(size);
    }
}

void RandomGenerator::fill(Bytes out) {
    ChaChaKey stream;
    {
        sync::IrqSaveGuard guard(lock_);
        const ChaChaBlock drawn = block(key_, Purpose::kDraw, 0);
        std::copy_n(drawn.begin(), key_.size(), key_.begin());
        std::copy_n(drawn.begin() + key_.size(), stream.size(), stream.begin());
    }
    u32 counter = 0;
    while (!out.empty()) {
        const ChaChaBlock bytes = block(stream, Purpose::kStream, counter++);
        const usize size = std::min(out.size(), bytes.size());
        std::memcpy(out.data(), bytes.data(), size);
        out = out.subspan(size);
    }
}

ChaChaBlock RandomGenerator::block(const ChaChaKey& key, Purpose purpose, u32 counter) {
    const ChaChaNonce nonce{static_cast<u8>(purpose)};
    return chacha20_block(key, counter, nonce);
}

void seed_random(ConstBytes seed) {
    generator.reset();
    // relaxed: nobody draws yet.
    stirred.store(0, std::memory_order_relaxed);
    generator.add(seed);
    for (usize i = 0; i < kJitterSamples; ++i) {
        const std::array<u64, 2> sample{machine::jitter(), machine::now().value};
        generator.add(bytes_of(sample));
    }
    // relaxed: a fact for messages and files.
    seeded.store(seed.empty() ? 0 : 1, std::memory_order_relaxed);
    if (seed.empty())
        klog("random: the loader gave no seed; unseeded but for the machine's jitter");
}

bool random_is_seeded() {
    // relaxed: as in seed_random().
    return seeded.load(std::memory_order_relaxed) != 0;
}

void fill_random(Bytes out) {
    // relaxed: whichever events have been stirred in by now are good enough.
    const u64 events = stirred.load(std::memory_order_relaxed);
    const std::array<u64, 2> sample{events, machine::jitter()};
    generator.add(bytes_of(sample));
    generator.fill(out);
}

void stir_random_with_time() {
    // relaxed: two events at once may lose one of them, which only costs entropy.
    const u64 before = stirred.load(std::memory_order_relaxed);
    stirred.store(std::rotl(before, 7) ^ machine::now().value, std::memory_order_relaxed);
}

}  // namespace kernel::dev
