// Every allocation fails in turn: the operation says so, and everything is as before.
#include <gtest/gtest.h>

#include <string>

#include "chan/file.h"
#include "chan/namec.h"
#include "chan/namespace.h"
#include "chan/queue.h"
#include "chan/rendered_text.h"
#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::fail_each_allocation;
using test::run_world;
using test::World;

class AllocationFailure : public testing::Test {
protected:
    void SetUp() override {}
};

TEST_F(AllocationFailure, WalkingOpeningCreating) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        ASSERT_TRUE(bind(caller, "#r", "/n", kMAfter | kMCreate).ok());
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan = TRY(open_name(caller, "/n/x/../x/y/z", kORead));
                      return {};
                  }),
                  3u);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan = TRY(namec(caller, "/n/x", NameUse::kChangeDir));
                      return {};
                  }),
                  3u);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      {
                          const Ref<Chan> chan = TRY(create_name(caller, "/n/made", kOWrite, 0666));
                      }
                      // What was created goes again, with memory for it.
                      mm::set_failure_hook(nullptr);
                      return remove_name(caller, "/n/made");
                  }),
                  3u);
    });
}

TEST_F(AllocationFailure, BindingUnmountingCopying) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      TRY(bind(caller, "#r/x", "/n", kMBefore));
                      const Result<void> undone = unmount(caller, "", "/n");
                      if (undone.ok()) return {};
                      mm::set_failure_hook(nullptr);
                      MUST(unmount(caller, "", "/n"));
                      return undone;
                  }),
                  5u);
        ASSERT_TRUE(bind(caller, "#r/x", "/n", kMBefore).ok());
        ASSERT_TRUE(bind(caller, "#r", "/a", kMBefore).ok());
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<Namespace> copy = TRY(caller.my_name_space().copy());
                      return {};
                  }),
                  2u);
        fail_each_allocation([&]() -> Result<void> {
            const Ref<Namespace> copy = TRY(caller.my_name_space().empty_copy());
            return {};
        });
    });
}

TEST_F(AllocationFailure, ReadingDirectoriesAndTexts) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        ASSERT_TRUE(bind(caller, "#r", "/n", kMAfter).ok());
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> dir = TRY(open_name(caller, "/n", kORead));
                      std::array<std::byte, 2000> buffer;
                      TRY(read(caller, *dir, buffer));
                      return {};
                  }),
                  3u);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan = TRY(open_name(caller, "/f", kORead));
                      std::array<std::byte, 100> buffer;
                      TRY(read_rendered(*chan, buffer, 0, [](Sink& sink) -> Result<void> {
                          for (int i = 0; i < 1000; ++i) sink.write("some text");
                          return {};
                      }));
                      return {};
                  }),
                  5u);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan = TRY(open_name(caller, "/f", kORead));
                      std::array<std::byte, 100> buffer;
                      TRY(read_records(*chan, buffer, 0, [](u64 cursor, Sink& sink) -> Result<u64> {
                          sink.write("some text");
                          return cursor + 1;
                      }));
                      return {};
                  }),
                  3u);
    });
}

TEST_F(AllocationFailure, DescriptorsAndEnvironments) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        const Ref<Chan> chan = test::must_open(caller, "/f", kORead);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<FdGroup> group = TRY(FdGroup::create());
                      for (usize i = 0; i < 2 * kFdStep; ++i) TRY(group->add(chan));
                      const Ref<FdGroup> copy = TRY(group->copy());
                      TRY(copy->put(1000, chan));
                      return {};
                  }),
                  5u);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      const Ref<EnvGroup> group = TRY(EnvGroup::create());
                      TRY(group->set("a", as_bytes("value")));
                      TRY(group->set("a", as_bytes(std::string(5000, 'x'))));
                      TRY(group->make("b"));
                      const Ref<EnvGroup> copy = TRY(group->copy());
                      return {};
                  }),
                  6u);
        EXPECT_GT(fail_each_allocation([&]() -> Result<void> {
                      BlockQueue queue(Boundaries::kKept, 100000);
                      TRY(queue.write(as_bytes(std::string(10000, 'x'))));
                      return {};
                  }),
                  2u);
    });
}

}  // namespace
}  // namespace kernel::chan
