// Ref: each copy counts, the last one destroys, moves do neither.
#include "base/ref.h"

#include <gtest/gtest.h>

namespace kernel {
namespace {

struct Object : RefCounted<Object> {
    static void destroy(Object& object) { ++*object.destroyed; }
    int* destroyed = nullptr;
};

TEST(Ref, TheLastReferenceDestroys) {
    int destroyed = 0;
    Object object;
    object.destroyed = &destroyed;
    {
        auto first = Ref<Object>::adopt(object);
        const Ref<Object> second = first;
        EXPECT_EQ(object.ref_count(), 2u);
        first.reset();
        EXPECT_EQ(destroyed, 0);
        EXPECT_EQ(second->ref_count(), 1u);
    }
    EXPECT_EQ(destroyed, 1);
}

TEST(Ref, MovingNeitherAddsNorDrops) {
    int destroyed = 0;
    Object object;
    object.destroyed = &destroyed;
    auto first = Ref<Object>::adopt(object);
    Ref<Object> second = std::move(first);
    EXPECT_FALSE(first);
    EXPECT_EQ(object.ref_count(), 1u);
    Ref<Object>& alias = second;
    second = alias;
    EXPECT_EQ(object.ref_count(), 1u);
    second.reset();
    EXPECT_EQ(destroyed, 1);
}

TEST(Ref, LeakAndAdoptKeepTheCount) {
    int destroyed = 0;
    Object object;
    object.destroyed = &destroyed;
    Object* bare = Ref<Object>::adopt(object).leak();
    EXPECT_EQ(destroyed, 0);
    Ref<Object>::adopt(*bare).reset();
    EXPECT_EQ(destroyed, 1);
}

}  // namespace
}  // namespace kernel
