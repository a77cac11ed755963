// The event log under many schedules: what harts record comes out by time, and is told or counted as lost.
#include "sched/event_log.h"

#include <gtest/gtest.h>

#include "machine/clock.h"
#include "sched/task.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

constexpr u32 kHarts = 3;
constexpr u32 kSpeakers = 4;
constexpr u32 kWords = 12;

/// What a reader has met.
struct Account {
    u64 last_time = 0;
    u64 lost = 0;
    u64 said = 0;
    std::array<u32, kSpeakers> of{};

    void take_until(Nanos before) {
        while (const std::optional<Event> event = take_event(before)) {
            if (event->type == EventType::kLost) {
                lost += event->time;
                continue;
            }
            EXPECT_GE(event->time, last_time);
            EXPECT_LT(event->time, before.value);
            last_time = event->time;
            if (event->type == EventType::kUser) {
                ++said;
                ++of[event->label - 1];
            }
        }
    }
};

/// Tasks that say something and give way, beside a reader; a room of `size` for each hart.
template <usize size>
Account listen() {
    std::array<std::array<Event, size>, kHarts> rooms;
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        give_event_room(hart, rooms[hart]);
    }
    Account account;
    fixture::in_parallel(kSpeakers + 1, [&account](u32 i) {
        if (i == kSpeakers) {
            for (u32 turn = 0; turn < kWords; ++turn) {
                account.take_until(machine::now());
                yield();
            }
            return;
        }
        Task::current().set_traced(i + 1);
        for (u32 word = 0; word < kWords; ++word) {
            record_user_event();
            yield();
        }
        Task::current().set_traced(0);
    });
    const Nanos end = machine::now();
    account.take_until({end.value + 1});
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) take_event_room(hart);
    return account;
}

TEST(EventLogSchedules, EverythingIsToldInOrderWhereThereIsRoom) {
    fixture::run_seeds({.harts = kHarts}, 500, [] {
        const Account account = listen<512>();
        EXPECT_EQ(account.lost, 0u);
        for (const u32 said : account.of) EXPECT_EQ(said, kWords);
    });
}

TEST(EventLogSchedules, WhatIsNotToldIsCounted) {
    fixture::run_seeds({.harts = kHarts}, 500, [] {
        const Account account = listen<4>();
        EXPECT_GE(account.lost, u64{kSpeakers} * kWords - account.said);
    });
}

TEST(EventLogSchedules, RoomComesAndGoesWhileOthersSpeak) {
    fixture::run_seeds({.harts = kHarts}, 500, [] {
        std::array<std::array<Event, 8>, kHarts> rooms;
        fixture::in_parallel(kSpeakers, [&rooms](u32 i) {
            if (i > 0) {
                Task::current().set_traced(i);
                for (u32 word = 0; word < kWords; ++word) {
                    record_user_event();
                    yield();
                }
                Task::current().set_traced(0);
                return;
            }
            for (u32 turn = 0; turn < kWords; ++turn) {
                for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
                    // Nobody may write into it while it is nobody's.
                    rooms[hart].fill({77, EventType::kDead, 1});
                    give_event_room(hart, rooms[hart]);
                }
                yield();
                while (const std::optional<Event> event = take_event(machine::now())) {
                    EXPECT_NE(event->label, 77u);
                }
                for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
                    take_event_room(hart);
                    rooms[hart].fill({77, EventType::kDead, 1});
                    for (const Event& event : rooms[hart]) EXPECT_EQ(event.label, 77u);
                }
                yield();
            }
        });
    });
}

}  // namespace
}  // namespace kernel::sched
