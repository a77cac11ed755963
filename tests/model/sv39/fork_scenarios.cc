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
    kForkOnly,
    kMap,  // beside what is mapped, or if that fills tables, in a new one
    kMapFork,
    kClear,
    kClearTable,
    kClearAcross,  // the end of a table and the begin of the next
    kClearAll,
    kClearMap,
    kWriteShort,  // of memory, as the others
    kMapShort,
    kClearShort,
    kClearAcrossShort,
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
            case Does::kForkOnly:
                fork(self, 2);
                break;
            case Does::kMap:
                map(self, kMapped, 50 + self);
                read(self, kMapped);
                break;
            case Does::kMapFork:
                map(self, kMapped, 50 + self);
                fork(self, 2);
                read(2, kMapped);
                write(self, kMapped, 60 + self);
                break;
            case Does::kClear:
                clear(self, 0, 1);
                read(self, 0);
                break;
            case Does::kClearTable:
                clear(self, 0, 2);
                read(self, 0);
                break;
            case Does::kClearAcross:
                clear(self, 1, 3);
                read(self, 1);
                break;
            case Does::kClearAll:
                clear(self, 0, kPages);
                read(self, 0);
                break;
            case Does::kClearMap:
                clear(self, 0, 1);
                map(self, 0, 70 + self);
                read(self, 0);
                break;
            case Does::kWriteShort:
                write_short(self, 0, 80 + self);
                read(self, 0);
                break;
            case Does::kMapShort:
                map_short(self, kMapped, 50 + self);
                break;
            case Does::kClearShort:
                clear_short(self, 0, 1);
                break;
            case Does::kClearAcrossShort:
                clear_short(self, 1, 3);
                break;
        }
    }
};

/// A parent comes to own, maps or unmaps a page while another hart of its space reads there; its
/// child ends, or is there still.
enum class Changes : u8 { kOwns, kMaps, kClears };
template <Changes kChanges, bool kChildEnds>
class SecondHart : public Family {
public:
    SecondHart() : Family(kPage + (kChanges == Changes::kMaps ? 0 : 1)) {
        fork(0, 1);
        read(0, 0);
    }
    u32 threads() const override { return kChildEnds ? 3 : 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            if constexpr (kChanges == Changes::kOwns) own(0, kPage);
            if constexpr (kChanges == Changes::kMaps) map(0, kPage, kPage + 1);
            if constexpr (kChanges == Changes::kClears) clear(0, kPage, kPage + 1);
        }
        if (thread == 1) {
            for (int turn = 0; turn < 2; ++turn) {
                const std::optional<u32> word = read_elsewhere(0, kPage);
                check(!word || *word == kPage + 1, "the page, its copy, or nothing");
            }
        }
        if (thread == 2) exit(1);
    }

private:
    /// One that is mapped needs a table of its own.
    static constexpr u32 kPage = kChanges == Changes::kMaps ? 2 : 0;
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
        scenario<SecondHart<Changes::kOwns, false>>("a write's fault against another hart's reads",
                                                    3),
        scenario<SecondHart<Changes::kOwns, true>>("the same, and the child ends", 2),
        scenario<ForkAgain<Before::kWrote>>("a fork after a write", 0),
        scenario<ForkAgain<Before::kTookBackByReading>>("a fork after a read took all back", 0),
        scenario<ForkAgain<Before::kTookBackByWriting>>("a fork after a write took all back", 0),
        scenario<ForkAgain<Before::kCopied>>("a fork after tables were copied", 0),
        scenario<AfterAFork<1, kExit, kExit>>("end against end", 3),
        scenario<AfterAFork<2, kWrite, kExit>>("write against end", 3),
        scenario<AfterAFork<2, kRead, kExit>>("read against end", 3),
        scenario<AfterAFork<1, kFork, kWrite>>("a further fork against write", 1),
        scenario<AfterAFork<1, kFork, kExit>>("a further fork against end", 2),

        scenario<AfterAFork<1, kMap, kRead>>("map against read", 1),
        scenario<AfterAFork<1, kMap, kWrite>>("map against write", 1),
        scenario<AfterAFork<1, kMap, kMap>>("map against map", 1),
        scenario<AfterAFork<1, kMap, kExit>>("map against end", 3),
        scenario<AfterAFork<1, kMap, kFork>>("map against a further fork", 1),
        scenario<AfterAFork<2, kMap, kWrite>>("map of a new table against write", 1),
        scenario<AfterAFork<2, kMap, kMap>>("map of a new table against the same", 2),
        scenario<AfterAFork<1, kMapFork, kWrite>>("map and a further fork against write", 1),
        scenario<SecondHart<Changes::kMaps, false>>("map against another hart's reads", 3),

        scenario<AfterAFork<2, kClear, kRead>>("clear against read", 1),
        scenario<AfterAFork<2, kClear, kWrite>>("clear against write", 1),
        scenario<AfterAFork<2, kClear, kWriteElsewhere>>("clear against write beside it", 1),
        scenario<AfterAFork<2, kClear, kClear>>("clear against clear", 2),
        scenario<AfterAFork<2, kClear, kMap>>("clear against map", 2),
        scenario<AfterAFork<2, kClear, kExit>>("clear against end", 3),
        scenario<AfterAFork<2, kClear, kFork>>("clear against a further fork", 1),
        scenario<AfterAFork<3, kClearTable, kRead>>("clear of a table against read", 1),
        scenario<AfterAFork<3, kClearTable, kWrite>>("clear of a table against write", 1),
        scenario<AfterAFork<3, kClearTable, kExit>>("clear of a table against end", 3),
        scenario<AfterAFork<4, kClearAcross, kWrite>>("clear across tables against write", 1),
        scenario<AfterAFork<4, kClearAcross, kClearAcross>>("clear across tables against the same",
                                                            1),
        scenario<AfterAFork<3, kClearAll, kWrite>>("clear of everything against write", 2),
        scenario<AfterAFork<3, kClearAll, kFork>>("clear of everything against a further fork", 2),
        scenario<AfterAFork<3, kClearAll, kClearAll>>("clear of everything against the same", 3),
        scenario<AfterAFork<2, kClearMap, kRead>>("clear and map against read", 1),
        scenario<AfterAFork<2, kClearMap, kWrite>>("clear and map against write", 1),
        scenario<AfterAFork<2, kClearMap, kClearMap>>("clear and map against the same", 1),
        scenario<SecondHart<Changes::kClears, false>>("clear against another hart's reads", 3),
        scenario<SecondHart<Changes::kClears, true>>("that, and the child ends", 2),

        scenario<AfterAFork<1, kWriteShort, kRead>>("write, short of memory, against read", 1),
        scenario<AfterAFork<1, kWriteShort, kWrite>>("write, short of memory, against write", 1),
        scenario<AfterAFork<1, kWriteShort, kExit>>("write, short of memory, against end", 2),
        scenario<AfterAFork<1, kWriteShort, kForkOnly>>("write, short of memory, against a fork",
                                                        2),
        scenario<AfterAFork<2, kWriteShort, kClear>>("write, short of memory, against clear", 1),
        scenario<AfterAFork<1, kMapShort, kRead>>("map, short of memory, against read", 1),
        scenario<AfterAFork<1, kMapShort, kWrite>>("map, short of memory, against write", 1),
        scenario<AfterAFork<1, kMapShort, kExit>>("map, short of memory, against end", 3),
        scenario<AfterAFork<1, kMapShort, kForkOnly>>("map, short of memory, against a fork", 2),
        scenario<AfterAFork<2, kMapShort, kWrite>>("map of a table, short, against write", 1),
        scenario<AfterAFork<2, kMapShort, kMapShort>>("map of a table, both short of memory", 2),
        scenario<AfterAFork<2, kClearShort, kRead>>("clear, short of memory, against read", 1),
        scenario<AfterAFork<2, kClearShort, kWrite>>("clear, short of memory, against write", 1),
        scenario<AfterAFork<2, kClearShort, kExit>>("clear, short of memory, against end", 3),
        scenario<AfterAFork<2, kClearShort, kForkOnly>>("clear, short of memory, against a fork",
                                                        2),
        scenario<AfterAFork<4, kClearAcrossShort, kWrite>>("clear across tables, short of memory",
                                                           1),
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
