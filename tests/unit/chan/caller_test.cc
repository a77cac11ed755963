// Callers: identity, groups that others may look at while their owner replaces them, permissions.
#include "chan/caller.h"

#include <gtest/gtest.h>

#include <string>

#include "chan/owner.h"
#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::outcome;
using test::run_world;
using test::World;

TEST(Caller, KnowsWhoAsks) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        EXPECT_EQ(caller.pid(), 7u);
        EXPECT_EQ(caller.parent_pid(), 3u);
        EXPECT_EQ(caller.serial(), 1234u);
        EXPECT_EQ(caller.user().view(), "eve");
        EXPECT_TRUE(caller.is_eve());
        caller.set_user("none");
        EXPECT_FALSE(caller.is_eve());
        EXPECT_TRUE(caller.is_none());
        set_host_owner("glenda");
        caller.set_user("glenda");
        EXPECT_TRUE(caller.is_eve());
        set_host_owner("eve");
    });
}

TEST(Caller, PermissionLooksAtOwnerThenEveThenOthers) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        const auto may = [&](std::string_view user, u32 permissions, OpenMode mode) {
            caller.set_user(user);
            return check_permission(caller, "glenda", permissions, mode).ok();
        };
        EXPECT_TRUE(may("glenda", 0400, kORead));
        EXPECT_FALSE(may("glenda", 0400, kOWrite));
        EXPECT_FALSE(may("glenda", 0400, kORdWr));
        EXPECT_TRUE(may("glenda", 0600, kORdWr));
        EXPECT_FALSE(may("glenda", 0077, kORead));
        EXPECT_FALSE(may("glenda", 0400, kORead | kOTrunc));
        EXPECT_TRUE(may("glenda", 0100, kOExec));
        EXPECT_TRUE(may("eve", 0040, kORead));
        EXPECT_FALSE(may("eve", 0704, kORead));
        EXPECT_TRUE(may("other", 0004, kORead));
        EXPECT_FALSE(may("other", 0770, kORead));
        EXPECT_FALSE(may("none", 0000, kORead));
    });
}

TEST(Caller, ErrorsPrintWithTheirDetail) {
    run_world([](World&) {
        std::array<char, kErrorTextMax> text;
        const auto print = [&](Error error) {
            BufferSink sink(text);
            print_error(sink, error);
            return std::string(sink.text());
        };
        Caller::error_detail().clear();
        EXPECT_EQ(print(Error::kPermission), "permission denied");
        Caller::error_detail().assign(" \"frob 3\"");
        EXPECT_EQ(print(Error::kUnknownCtl), "unknown control message \"frob 3\"");
        Caller::error_detail().assign(std::string(127, 'x'));
        EXPECT_EQ(print(Error::kPermission).size(), kErrorTextMax - 1);
        Caller::error_detail().clear();
    });
}

TEST(Caller, OthersLookWhileItsTaskReplaces) {
    run_world(
        [](World& world) {
            Caller& caller = world.caller;
            const Ref<Chan> a = MUST(namec(caller, "/a", NameUse::kChangeDir));
            const Ref<Chan> b = MUST(namec(caller, "/b", NameUse::kChangeDir));
            Atomic<u32> looking{3};
            std::vector<fixture::Spawned> lookers;
            for (int i = 0; i < 3; ++i) {
                lookers.push_back(fixture::spawn([&] {
                    for (int round = 0; round < 200; ++round) {
                        std::array<char, 200> text;
                        BufferSink sink(text);
                        EXPECT_TRUE(print_fd_record(caller, 0, sink).ok());
                        EXPECT_TRUE(print_ns_record(caller, 0, sink).ok());
                        EXPECT_TRUE(caller.environment());
                        const UserName user = caller.user();
                        EXPECT_TRUE(user.view() == "eve" || user.view() == "none");
                    }
                    looking.fetch_sub(1, std::memory_order_acq_rel);
                }));
            }
            while (looking.load(std::memory_order_acquire) != 0) {
                caller.set_dot(a);
                caller.set_name_space(MUST(caller.my_name_space().copy()));
                caller.set_fds(MUST(caller.my_fds().copy()));
                caller.set_environment(MUST(caller.my_environment().copy()));
                caller.set_user("none");
                caller.set_dot(b);
                caller.set_user("eve");
                sched::yield();
            }
            for (fixture::Spawned& looker : lookers) looker.join();
        },
        {}, 4);
}

}  // namespace
}  // namespace kernel::chan
