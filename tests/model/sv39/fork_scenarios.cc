// Small programs about page tables that forks share: two spaces that touch, write, fork or end.
#include "tests/model/sv39/fork_scenarios.h"

#include "tests/model/sv39/family.h"

namespace model::sv39 {
namespace {

enum class Does : u8 {
    kRead,
    kWrite,
    kReadWrite,
    kReadElsewhere,
    kWriteElsewhere,
    kReadElsewhereWrite,
    kExit,
    kFork,
};

/// A parent with `kMapped` pages and its child do something at once, after the parent did something
/// else since the fork.
template <u32 kMapped, Does kParent, Does kChild, bool kTouchedBefore = false>
class AfterAFork : public Family {
public:
    AfterAFork() : Family(kMapped) {
        fork(0, 1);
        // Then the shared tables are frozen, and valid for the parent.
        if constexpr (kTouchedBefore) read(0, 0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override { act(thread, thread == 0 ? kParent : kChild); }

private:
    void act(u32 self, Does what) {
        switch (what) {
            case Does::kReadWrite:
                read(self, 0);
                [[fallthrough]];
            case Does::kWrite:
                write(self, 0, 10 + self);
                read(self, 0);
                break;
            case Does::kRead:
                read(self, 0);
                break;
            case Does::kReadElsewhereWrite:
                read(self, kMapped - 1);
                write(self, 0, 40 + self);
                break;
            case Does::kReadElsewhere:
                read(self, kMapped - 1);
                break;
            case Does::kWriteElsewhere:
                write(self, kMapped - 1, 20 + self);
                break;
            case Does::kExit:
                exit(self);
                break;
            case Does::kFork:
                fork(self, 2);
                read(2, 0);
                write(self, 0, 30);
                break;
        }
    }
};

/// A parent comes to own a page while another hart of its space reads there; its child ends, or is
/// there still.
template <bool kChildEnds>
class SecondHart : public Family {
public:
    SecondHart() : Family(1) {
        fork(0, 1);
        read(0, 0);
    }
    u32 threads() const override { return kChildEnds ? 3 : 2; }
    void run(u32 thread) override {
        if (thread == 0) own(0, 0);
        if (thread == 1) {
            for (int turn = 0; turn < 2; ++turn) {
                const std::optional<u32> word = read_elsewhere(0, 0);
                check(!word || *word == 1, "the page, or its copy");
            }
        }
        if (thread == 2) exit(1);
    }
};

/// What happened before a parent forks again must not let its later writes through.
enum class Before : u8 { kWrote, kTookBackByReading, kTookBackByWriting, kCopied };
template <Before kBefore>
class ForkAgain : public Family {
public:
    ForkAgain() : Family(3) {}
    u32 threads() const override { return 1; }
    void run(u32) override {
        if constexpr (kBefore == Before::kWrote) {
            write(0, 0, 5);
        } else {
            fork(0, 1);
            read(1, 2);
        }
        if constexpr (kBefore == Before::kTookBackByReading ||
                      kBefore == Before::kTookBackByWriting) {
            exit(1);
        }
        if constexpr (kBefore == Before::kTookBackByReading) read(0, 0);
        if constexpr (kBefore == Before::kTookBackByWriting || kBefore == Before::kCopied) {
            write(0, 0, 6);
        }
        fork(0, 2);
        write(0, 0, 7);
        read(2, 0);
    }
};

template <class P>
constexpr Scenario scenario(const char* name, u32 preemptions) {
    return {name, preemptions, [](u32 bound) { return model::explore<P>({.preemptions = bound}); },
            [](u64 walks) { return model::walk<P>({.walks = walks}); }};
}

}  // namespace

std::span<const Scenario> scenarios() {
    using enum Does;
    static const Scenario kAll[] = {
        scenario<AfterAFork<1, kRead, kRead>>("read against read", 2),
        scenario<AfterAFork<1, kWrite, kRead>>("write against read", 1),
        scenario<AfterAFork<1, kWrite, kWrite>>("write against write", 1),
        scenario<AfterAFork<1, kWrite, kReadWrite, true>>("write against read and write", 2),
        scenario<AfterAFork<1, kWrite, kWrite, true>>("write against write, frozen before", 2),
        scenario<AfterAFork<3, kWrite, kWriteElsewhere>>("writes to different tables", 1),
        scenario<AfterAFork<3, kWrite, kReadElsewhere>>("write against read of another table", 1),
        scenario<AfterAFork<2, kWrite, kWriteElsewhere>>("writes to different pages of a table", 1),
        scenario<AfterAFork<3, kRead, kReadElsewhereWrite>>("read against write near what is read",
                                                            1),
        scenario<SecondHart<false>>("a write's fault against another hart's reads", 3),
        scenario<SecondHart<true>>("the same, and the child ends", 2),
        scenario<ForkAgain<Before::kWrote>>("a fork after a write", 0),
        scenario<ForkAgain<Before::kTookBackByReading>>("a fork after a read took all back", 0),
        scenario<ForkAgain<Before::kTookBackByWriting>>("a fork after a write took all back", 0),
        scenario<ForkAgain<Before::kCopied>>("a fork after tables were copied", 0),
        scenario<AfterAFork<1, kExit, kExit>>("end against end", 3),
        scenario<AfterAFork<2, kWrite, kExit>>("write against end", 3),
        scenario<AfterAFork<2, kRead, kExit>>("read against end", 3),
        scenario<AfterAFork<1, kFork, kWrite>>("a further fork against write", 1),
        scenario<AfterAFork<1, kFork, kExit>>("a further fork against end", 2),
    };
    return kAll;
}

const Scenario& scenario(std::string_view name) {
    for (const Scenario& each : scenarios()) {
        if (each.name == name) return each;
    }
    fail("no such scenario: " + std::string(name));
}

}  // namespace model::sv39
