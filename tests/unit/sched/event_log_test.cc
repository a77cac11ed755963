// A hart's ring of events: order, what it does when it is full, and where what was lost is told.
#include "sched/event_log.h"

#include <gtest/gtest.h>

#include <vector>

#include "machine/clock.h"
#include "sched/event_ring.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

using detail::EventRing;

/// The labels that are there, in order; -N stands for N lost.
std::vector<i64> take_all(EventRing& ring) {
    std::vector<i64> labels;
    std::optional<Nanos> before;
    while (const std::optional<Nanos> time = ring.first_time()) {
        EXPECT_TRUE(!before || *before <= *time);
        before = time;
        const Event event = ring.take_first();
        const bool is_lost = event.type == EventType::kLost;
        // What was lost has no label, and a number where others have a time.
        EXPECT_EQ(event.time == time->value, !is_lost);
        EXPECT_TRUE(!is_lost || event.label == 0);
        labels.push_back(is_lost ? -static_cast<i64>(event.time) : i64{event.label});
    }
    return labels;
}

void add(EventRing& ring, u32 first, u32 last) {
    for (u32 label = first; label <= last; ++label) ring.add(label, EventType::kRun);
}

using Labels = std::vector<i64>;

TEST(EventRing, WithoutRoomNothingIsRecordedOrLost) {
    fixture::run({.harts = 1}, [] {
        EventRing ring;
        add(ring, 1, 3);
        EXPECT_EQ(take_all(ring), Labels{});
        std::array<Event, 2> room;
        ring.give_room(room);
        EXPECT_EQ(take_all(ring), Labels{});
        ring.take_room();
    });
}

TEST(EventRing, GivesWhatItGotInOrderRoundAndRound) {
    fixture::run({.harts = 1}, [] {
        EventRing ring;
        std::array<Event, 4> room;
        ring.give_room(room);
        for (u32 first = 1; first < 40; first += 3) {
            add(ring, first, first + 2);
            EXPECT_EQ(take_all(ring), (Labels{first, first + 1, first + 2}));
        }
        ring.take_room();
    });
}

TEST(EventRing, LosesTheNewestAndSaysHowManyWhereTheyAreMissing) {
    fixture::run({.harts = 1}, [] {
        EventRing ring;
        std::array<Event, 4> room;
        ring.give_room(room);
        add(ring, 1, 9);
        EXPECT_EQ(take_all(ring), (Labels{1, 2, 3, 4, -5}));
        // One place is not enough for what was lost and for what follows it, so that is lost too.
        add(ring, 1, 6);
        ring.take_first();
        add(ring, 7, 7);
        ring.take_first();
        add(ring, 8, 8);
        EXPECT_EQ(take_all(ring), (Labels{3, 4, -3, 8}));
        ring.take_room();
    });
}

TEST(EventRing, WhatWasLostIsToldWithTheTimeOfTheFirstOfIt) {
    fixture::run({.harts = 1}, [] {
        EventRing ring;
        std::array<Event, 2> room;
        ring.give_room(room);
        add(ring, 1, 2);
        const Nanos begun = machine::now();
        add(ring, 3, 3);
        const Nanos first_lost = machine::now();
        add(ring, 4, 9);
        ring.take_first();
        ring.take_first();
        const std::optional<Nanos> lost_at = ring.first_time();
        ASSERT_TRUE(lost_at.has_value());
        EXPECT_GE(*lost_at, begun);
        EXPECT_LE(*lost_at, first_lost);
        EXPECT_EQ(take_all(ring), Labels{-7});
        ring.take_room();
    });
}

TEST(EventRing, RoomThatWasTakenBackIsForgotten) {
    fixture::run({.harts = 1}, [] {
        EventRing ring;
        std::array<Event, 2> room;
        ring.give_room(room);
        add(ring, 1, 9);
        ring.take_room();
        EXPECT_EQ(take_all(ring), Labels{});
        ring.give_room(room);
        EXPECT_EQ(take_all(ring), Labels{});
        add(ring, 10, 11);
        EXPECT_EQ(take_all(ring), (Labels{10, 11}));
        ring.take_room();
    });
}

TEST(EventLog, TellsOnlyWhatWasBefore) {
    fixture::run({.harts = 1}, [] {
        std::array<Event, 8> room;
        give_event_room(0, room);
        const Nanos before = machine::now();
        Task::current().set_traced(5);
        record_user_event();
        Task::current().set_traced(0);
        record_user_event();  // of one that is not
        EXPECT_FALSE(take_event(before).has_value());
        const std::optional<Event> event = take_event({machine::now().value + 1});
        ASSERT_TRUE(event.has_value());
        EXPECT_EQ(event->label, 5u);
        EXPECT_EQ(event->type, EventType::kUser);
        EXPECT_FALSE(take_event({machine::now().value + 1}).has_value());
        take_event_room(0);
    });
}

}  // namespace
}  // namespace kernel::sched
