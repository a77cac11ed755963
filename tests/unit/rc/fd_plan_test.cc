// apply_fd_maps: redirections of all shapes over a table of descriptors in memory.
#include "shell/rc/fd_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace kernel::shell::rc::test {
namespace {

/// Descriptors of a process: numbers that stand for open files, each a letter.
class FakeTable final : public DescriptorCalls {
public:
    explicit FakeTable(std::map<Fd, char> open) : open_(std::move(open)) {}

    Result<Fd> dup(Fd from, Fd to) override {
        if (!open_.contains(from)) return Error::kBadFd;
        if (room_-- == 0) return Error::kNoFd;
        if (to == kNoFd) {
            for (to = 0; open_.contains(to);) ++to;
        }
        open_[to] = open_[from];
        return to;
    }
    Result<void> close(Fd fd) override {
        if (open_.erase(fd) == 0) return Error::kBadFd;
        return {};
    }

    const std::map<Fd, char>& open() const { return open_; }
    /// The n-th dup() from now on fails.
    void fail_at(int n) { room_ = n; }

private:
    std::map<Fd, char> open_;
    int room_ = -1;
};

std::map<Fd, char> after(std::map<Fd, char> open, std::vector<FdMap> maps,
                         const FdSet& leave_out = {}) {
    FakeTable table(std::move(open));
    EXPECT_TRUE(apply_fd_maps(table, maps, leave_out).ok());
    return table.open();
}

using Table = std::map<Fd, char>;

TEST(FdPlan, SwapsAndChainsAndCloses) {
    EXPECT_EQ(after({{0, 'a'}, {1, 'b'}}, {{0, 1}, {1, 0}}), (Table{{0, 'b'}, {1, 'a'}}));
    EXPECT_EQ(after({{0, 'a'}, {1, 'b'}, {2, 'c'}}, {{1, 0}, {2, 1}}),
              (Table{{0, 'a'}, {1, 'a'}, {2, 'b'}}));
    EXPECT_EQ(after({{0, 'a'}, {1, 'b'}}, {{1, kNoFd}}), (Table{{0, 'a'}}));
    EXPECT_EQ(after({{0, 'a'}}, {{7, kNoFd}}), (Table{{0, 'a'}}));
    EXPECT_EQ(after({{0, 'a'}}, {{0, 0}}), (Table{{0, 'a'}}));
}

TEST(FdPlan, CopiesDoNotLandOnTargetsThatAreFree) {
    // 1 and 2 are free and will be targets: the first copy must not stay on either.
    EXPECT_EQ(after({{0, 'a'}, {5, 'f'}}, {{1, 5}, {2, 0}}),
              (Table{{0, 'a'}, {1, 'f'}, {2, 'a'}, {5, 'f'}}));
}

TEST(FdPlan, LeavesOutWhatIsPrivateUnlessItIsATarget) {
    FdSet left_out;
    for (const Fd fd : {3, 4, 200}) ASSERT_TRUE(left_out.add(fd).ok());
    EXPECT_EQ(after({{0, 'a'}, {3, 'p'}, {4, 'q'}, {200, 'r'}}, {{0, 3}}, left_out),
              (Table{{0, 'p'}}));
    EXPECT_EQ(after({{0, 'a'}, {3, 'p'}}, {{3, 3}}, left_out), (Table{{0, 'a'}, {3, 'p'}}));
}

TEST(FdPlan, AnyAssignmentIsSimultaneous) {
    std::mt19937 random(1);
    for (int round = 0; round < 4'000; ++round) {
        Table open;
        FdSet left_out;
        Table expected;
        for (Fd fd = 0; fd < 9; ++fd) {
            if (random() % 3 == 0) continue;
            open[fd] = static_cast<char>('a' + fd);
            if (random() % 4 == 0) {
                ASSERT_TRUE(left_out.add(fd).ok());
            } else {
                expected[fd] = open[fd];
            }
        }
        std::vector<FdMap> maps;
        for (Fd child = 0; child < 9; ++child) {
            if (random() % 2 == 0) continue;
            const auto parent = static_cast<Fd>(random() % 9);
            const bool closes = !open.contains(parent);
            maps.push_back({child, closes ? kNoFd : parent});
            expected.erase(child);
            if (!closes) expected[child] = open[parent];
        }
        std::shuffle(maps.begin(), maps.end(), random);
        ASSERT_EQ(after(open, maps, left_out), expected) << "round " << round;
    }
}

TEST(FdPlan, SaysWhatIsNotOpenAndWhatHasNoRoom) {
    FakeTable table({{0, 'a'}});
    const FdMap missing[] = {{1, 9}};
    EXPECT_EQ(apply_fd_maps(table, missing, {}).error(), Error::kBadFd);
    const FdMap two[] = {{1, 0}, {2, 0}};
    for (int n = 0; n < 4; ++n) {
        FakeTable full({{0, 'a'}});
        full.fail_at(n);
        EXPECT_EQ(apply_fd_maps(full, two, {}).error(), Error::kNoFd) << n;
    }
    const std::vector<FdMap> many(33, FdMap{1, 0});
    EXPECT_EQ(apply_fd_maps(table, many, {}).error(), Error::kNoFd);
}

TEST(FdSet, HoldsWhatItHasABitFor) {
    FdSet set;
    EXPECT_EQ(set.next(0), kNoFd);
    EXPECT_EQ(set.add(-1).error(), Error::kNoFd);
    EXPECT_EQ(set.add(static_cast<Fd>(FdSet::kMax)).error(), Error::kNoFd);
    for (const Fd fd : {0, 63, 64, 255}) EXPECT_TRUE(set.add(fd).ok());
    set.remove(-1);
    set.remove(static_cast<Fd>(FdSet::kMax));
    std::vector<Fd> members;
    for (Fd fd = set.next(0); fd != kNoFd; fd = set.next(fd + 1)) members.push_back(fd);
    EXPECT_EQ(members, (std::vector<Fd>{0, 63, 64, 255}));
    set.remove(63);
    EXPECT_EQ(set.next(1), 64);
    set.clear();
    EXPECT_EQ(set.next(0), kNoFd);
}

}  // namespace
}  // namespace kernel::shell::rc::test
