// ObjectCache and StableCache: constructors and destructors run when they should.
#include "mm/object_cache.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

int living = 0;
int made = 0;

struct alignas(64) Thing : Pinned {
    Thing() : Thing(0, "") {}
    Thing(int n, std::string_view t) : number(n), text(t) {
        ++living;
        ++made;
    }
    ~Thing() { --living; }
    int number;
    std::string_view text;
    u64 generation = 0;
};

constinit ObjectCache<Thing> things("test thing");
constinit StableCache<Thing> stable_things("test stable thing");

class ObjectCacheTest : public testing::MemoryTest {
protected:
    ObjectCacheTest() { living = made = 0; }
};

TEST_F(ObjectCacheTest, CreatesWithArgumentsAndDestroys) {
    Thing* thing = things.create(7, "seven").value();
    EXPECT_EQ(thing->number, 7);
    EXPECT_EQ(thing->text, "seven");
    EXPECT_TRUE(is_aligned(VirtAddr::of(thing).value, 64));
    EXPECT_EQ(living, 1);
    things.destroy(*thing);
    EXPECT_EQ(living, 0);
}

TEST_F(ObjectCacheTest, AGlobalCacheStartsAfreshWithTheNextMachine) {
    EXPECT_TRUE(things.create().ok());  // left behind
    testing::Ram ram(8 * kMiB);
    initialize(ram.boot_info());
    EXPECT_EQ(slab_stats(0), std::nullopt);
    Thing* thing = things.create().value();
    EXPECT_EQ(things.untyped().stats().in_use, 1u);
    things.destroy(*thing);
}

TEST_F(ObjectCacheTest, StableObjectsAreMadeOnceAndKeepWhatTheyHold) {
    Thing* thing = stable_things.take().value();
    const int made_first = made;
    EXPECT_EQ(thing->number, 0);
    thing->generation = 5;
    stable_things.put_back(*thing);
    EXPECT_EQ(thing->generation, 5u);  // a stale pointer is safe
    Thing* again = stable_things.take().value();
    EXPECT_EQ(again, thing);
    EXPECT_EQ(again->generation, 5u);
    EXPECT_EQ(made, made_first);
    stable_things.put_back(*again);
    EXPECT_EQ(living, made);
}

TEST_F(ObjectCacheTest, CreateSaysWhenThereIsNoMemory) {
    std::vector<Thing*> all;
    Result<Thing*> next = things.create();
    for (; next.ok(); next = things.create()) all.push_back(next.value());
    EXPECT_EQ(next.error(), Error::kNoMemory);
    EXPECT_EQ(static_cast<usize>(living), all.size());
    // Nearly all memory went into objects.
    EXPECT_GT(all.size() * sizeof(Thing), 7 * kMiB);
    for (Thing* thing : all) things.destroy(*thing);
}

}  // namespace
}  // namespace kernel::mm
