// SlabCache over a plain arena: objects are distinct, slabs come and go, misuse stops.
#include "mm/slab_cache.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/unit/show_panics.h"

namespace kernel::mm {
namespace {

/// Pages from the host's heap, as many as allowed.
class ArenaSource final : public PageSource {
public:
    Result<Bytes> take(u32 order) override {
        const usize size = kPageSize << order;
        if (pages_ + (usize{1} << order) > limit_) return Error::kNoMemory;
        pages_ += usize{1} << order;
        auto* memory = static_cast<std::byte*>(std::aligned_alloc(size, size));
        std::memset(memory, 0xdd, size);
        return Bytes{memory, size};
    }
    void give_back(Bytes run) override {
        pages_ -= run.size() / kPageSize;
        std::free(run.data());
    }
    usize pages() const { return pages_; }
    void set_limit(usize pages) { limit_ = pages; }

private:
    usize pages_ = 0;
    usize limit_ = ~usize{0};
};

class SlabCacheTest : public ::testing::Test {
protected:
    SlabCacheTest() { kernel::testing::show_panics(); }
    void TearDown() override {
        cache_.shut_down();
        store_.shut_down();
        EXPECT_EQ(source_.pages(), 0u);
    }
    std::vector<void*> take(SlabCache& cache, usize count) {
        std::vector<void*> objects;
        for (usize i = 0; i < count; ++i) objects.push_back(cache.allocate().value());
        return objects;
    }

    ArenaSource source_;
    SlabCache store_{
        SlabOptions{.name = "magazines", .size = sizeof(Magazine), .source = &source_}};
    MagazinePlaces places_;
    SlabCache cache_{SlabOptions{.name = "thing",
                                 .size = 100,
                                 .source = &source_,
                                 .places = &places_,
                                 .magazine_store = &store_}};
};

TEST_F(SlabCacheTest, ObjectsAreDistinctAlignedAndKeepTheirContents) {
    std::map<std::byte*, u8> objects;
    std::mt19937 random(4);
    for (int turn = 0; turn < 20'000; ++turn) {
        if (objects.size() < 500 && random() % 3 != 0) {
            auto* object = static_cast<std::byte*>(cache_.allocate().value());
            ASSERT_TRUE(is_aligned(VirtAddr::of(object).value, 16));
            const auto next = objects.lower_bound(object);
            if (next != objects.end()) {
                ASSERT_LE(object + 100, next->first);
            }
            if (next != objects.begin()) {
                ASSERT_LE(std::prev(next)->first + 100, object);
            }
            const u8 mark = static_cast<u8>(random());
            std::memset(object, mark, 100);
            objects[object] = mark;
        } else if (!objects.empty()) {
            const auto victim = std::next(objects.begin(), random() % objects.size());
            for (usize i = 0; i < 100; ++i) ASSERT_EQ(u8(victim->first[i]), victim->second);
            cache_.free(victim->first);
            objects.erase(victim);
        }
        ASSERT_EQ(cache_.stats().in_use, objects.size());
    }
    for (const auto& [object, mark] : objects) cache_.free(object);
}

TEST_F(SlabCacheTest, EmptySlabsGoBackButOne) {
    const u32 per_slab = cache_.geometry().count;
    std::vector<void*> objects = take(cache_, 10 * per_slab);
    EXPECT_EQ(cache_.stats().pages, 10u);
    for (void* object : objects) cache_.free(object);
    // One empty slab is kept, and one or two are pinned by the magazine.
    EXPECT_LE(cache_.stats().pages, 4u);
    EXPECT_EQ(cache_.stats().in_use, 0u);
    EXPECT_EQ(cache_.stats().free, cache_.stats().pages * per_slab);
    const usize pages = cache_.stats().pages;
    EXPECT_EQ(cache_.shrink(), pages);
    EXPECT_EQ(cache_.stats().pages, 0u);
}

TEST_F(SlabCacheTest, ExhaustionIsAnOrdinaryErrorAndChangesNothing) {
    source_.set_limit(5);
    std::vector<void*> objects;
    for (;;) {
        const Result<void*> object = cache_.allocate();
        if (!object.ok()) {
            EXPECT_EQ(object.error(), Error::kNoMemory);
            break;
        }
        objects.push_back(object.value());
    }
    // A page holds the magazine, four hold objects; none is left unused.
    EXPECT_EQ(objects.size(), 4 * cache_.geometry().count);
    EXPECT_EQ(cache_.stats().in_use, objects.size());
    cache_.free(objects.back());
    objects.back() = cache_.allocate().value();
    for (void* object : objects) cache_.free(object);
}

TEST_F(SlabCacheTest, WorksWithoutMemoryForMagazines) {
    ArenaSource nothing;
    nothing.set_limit(0);
    SlabCache no_store(SlabOptions{.name = "none", .size = sizeof(Magazine), .source = &nothing});
    MagazinePlaces places;
    SlabCache cache(SlabOptions{.name = "bare",
                                .size = 64,
                                .source = &source_,
                                .places = &places,
                                .magazine_store = &no_store});
    const std::vector<void*> objects = take(cache, 500);
    EXPECT_EQ(cache.stats().in_use, 500u);
    for (void* object : objects) cache.free(object);
    EXPECT_EQ(cache.stats().pages, 1u);  // nothing is at hand but the one empty slab
    cache.shut_down();
}

TEST_F(SlabCacheTest, TypeStableObjectsAreConstructedOnceAndNeverGivenBack) {
    static int constructed = 0;
    constructed = 0;
    MagazinePlaces places;
    SlabCache stable(SlabOptions{.name = "stable",
                                 .size = 200,
                                 .source = &source_,
                                 .construct_once =
                                     [](void* memory) {
                                         ++constructed;
                                         *static_cast<u64*>(memory) = 77;
                                     },
                                 .places = &places,
                                 .magazine_store = &store_});
    std::vector<void*> objects = take(stable, 100);
    const usize pages = stable.stats().pages;
    for (void* object : objects) {
        EXPECT_EQ(*static_cast<u64*>(object), 77u);
        *static_cast<u64*>(object) = 88;
        stable.free(object);
    }
    EXPECT_EQ(stable.shrink(), 0u);
    EXPECT_EQ(stable.stats().pages, pages);
    // Stale pointers still see what was left there, and nothing is constructed anew.
    for (void* object : objects) EXPECT_EQ(*static_cast<u64*>(object), 88u);
    const std::set<void*> known(objects.begin(), objects.end());
    const int before = constructed;
    for (void* object : take(stable, 100)) {
        if (known.count(object) != 0) {
            EXPECT_EQ(*static_cast<u64*>(object), 88u);
        }
        stable.free(object);
    }
    EXPECT_EQ(constructed, before);
    stable.shut_down();
}

TEST_F(SlabCacheTest, IsListedByNameFromItsFirstObjectOn) {
    const auto listed = [](std::string_view name) {
        for (usize i = 0; auto stats = slab_stats(i); ++i) {
            if (stats->name == name) return true;
        }
        return false;
    };
    MagazinePlaces places;
    SlabCache other(SlabOptions{.name = "listed",
                                .size = 40,
                                .source = &source_,
                                .places = &places,
                                .magazine_store = &store_});
    EXPECT_FALSE(listed("listed"));
    other.free(other.allocate().value());
    EXPECT_TRUE(listed("listed"));
    other.shut_down();
    EXPECT_FALSE(listed("listed"));
}

class SlabCacheDeathTest : public SlabCacheTest {};

TEST_F(SlabCacheDeathTest, FreeingTwiceStops) {
    void* object = cache_.allocate().value();
    cache_.free(object);
    EXPECT_DEATH(cache_.free(object), "thing freed twice");
}

TEST_F(SlabCacheDeathTest, FreeingWhatIsNoObjectOfTheCacheStops) {
    auto* object = static_cast<std::byte*>(cache_.allocate().value());
    EXPECT_DEATH(cache_.free(object + 16), "offset");
    MagazinePlaces places;
    SlabCache other(SlabOptions{.name = "other",
                                .size = 100,
                                .source = &source_,
                                .places = &places,
                                .magazine_store = &store_});
    void* theirs = other.allocate().value();
    EXPECT_DEATH(cache_.free(theirs), "wrong cache");
    other.free(theirs);
    other.shut_down();
    cache_.free(object);
}

TEST_F(SlabCacheDeathTest, WritingPastTheEndStops) {
    auto* object = static_cast<std::byte*>(cache_.allocate().value());
    const std::byte was = object[100];
    object[100] = std::byte{1};
    EXPECT_DEATH(cache_.free(object), "past its end");
    object[100] = was;
    cache_.free(object);
}

TEST_F(SlabCacheDeathTest, WritingAfterTheFreeStopsTheNextUser) {
    auto* object = static_cast<std::byte*>(cache_.allocate().value());
    cache_.free(object);
    const std::byte was = object[8];
    object[8] = std::byte{1};
    EXPECT_DEATH((void)cache_.allocate(), "thing written after it was freed");
    object[8] = was;
}

TEST_F(SlabCacheDeathTest, ShuttingDownWithObjectsInUseStops) {
    void* object = cache_.allocate().value();
    EXPECT_DEATH(cache_.shut_down(), "1 objects in use");
    cache_.free(object);
}

}  // namespace
}  // namespace kernel::mm
