// The ring between traced processes and their reader, with real writers: nothing is lost untold.
#include "proc/trace.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "proc/control.h"
#include "proc/notes.h"
#include "proc/tracing.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

/// What came out of a trace.
struct Told {
    u64 begins = 0;
    u64 ends = 0;
    u64 markers = 0;
    u64 lost = 0;
    std::string last;
};

/// Reads to the end in pieces of `piece` bytes.
Told read_all(Trace& trace, usize piece) {
    Told told;
    std::string text;
    std::array<std::byte, 600> room;
    for (;;) {  // ends with the trace
        const usize got = MUST(trace.read(std::span(room).first(piece), {}));
        if (got == 0) break;
        text += as_text(ConstBytes(room).first(got));
        // A read is of one line.
        EXPECT_EQ(text.find('\n') == std::string::npos, text.back() != '\n');
        if (text.back() != '\n') continue;
        const u64 number = text.size() > 2 ? std::strtoull(text.c_str() + 2, nullptr, 10) : 0;
        // Numbers go up by one, and by what was lost.
        if (text[0] == 'E') {
            EXPECT_EQ(number, ++told.begins + told.lost);
        }
        told.ends += text[0] == 'X';
        told.markers += text[0] == 'M';
        if (text[0] == 'D') told.lost += number;
        told.last = std::exchange(text, {});
    }
    return told;
}

void write_calls(Trace& trace, u32 calls, bool may_wait) {
    const std::string text(kTraceTextMax, 'x');
    for (u32 i = 0; i < calls; ++i) {
        if (!trace.begin(may_wait)) continue;
        const u64 number = trace.put_begin(text.substr(i % text.size()));
        if (i % 7 == 0) {
            trace.forget(1);
        } else {
            trace.put_end(number, text.substr(0, i % text.size()));
        }
    }
    trace.leave();
}

Ref<Trace> new_trace() { return MUST(Trace::create(me().user(), true)); }

/// Writers that wait, or drop, and a reader; all adds up.
void write_and_read(bool may_wait, usize piece) {
    run_world([=] {
        constexpr u32 kWriters = 3;
        constexpr u32 kCalls = 400;
        const Ref<Trace> trace = new_trace();
        EXPECT_FALSE(trace->begin(may_wait)) << "nobody reads yet";
        ASSERT_TRUE(trace->open_reader({}).ok());
        for (u32 i = 0; i < kWriters; ++i) trace->join();
        for (u32 i = 0; i < kWriters; ++i) {
            child([&trace, may_wait] {
                write_calls(*trace, kCalls, may_wait);
                return "";
            });
        }
        const Told told = read_all(*trace, piece);
        for (u32 i = 0; i < kWriters; ++i) must_wait();
        EXPECT_EQ(told.begins + told.lost, kWriters * kCalls);
        EXPECT_TRUE(!may_wait || told.lost == 0) << told.lost;
        EXPECT_LE(told.ends, told.begins);
        EXPECT_EQ(told.last, "traced " + std::to_string(kWriters * kCalls) + " dropped " +
                                 std::to_string(told.lost) + "\n");
    });
}

TEST(Traces, NothingIsLostWhenWritersWait) { write_and_read(true, 600); }
TEST(Traces, WhatIsLostIsCounted) { write_and_read(false, 600); }
TEST(Traces, LinesComeInPieces) { write_and_read(true, 7); }

TEST(Traces, HaveOneReaderEver) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        ASSERT_TRUE(trace->open_reader({}).ok());
        EXPECT_EQ(outcome(trace->open_reader({})), "already being traced");
        EXPECT_EQ(trace->counts().users, 1U);
        trace->close_reader();
        EXPECT_TRUE(trace->is_over());
        EXPECT_EQ(outcome(trace->open_reader({})), "tracing not enabled");
        EXPECT_EQ(outcome(trace->mark("late")), "tracing not enabled");
        EXPECT_FALSE(trace->begin(true));
        EXPECT_EQ(trace->counts().traced, 0U);
    });
}

TEST(Traces, AReaderThatGoesLetsWritersGo) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        ASSERT_TRUE(trace->open_reader({}).ok());
        trace->join();
        trace->join();
        for (u32 i = 0; i < 2; ++i) {
            child([&trace] {
                write_calls(*trace, 1000, true);
                return "";
            });
        }
        eventually([&] { return trace->counts().traced > 60; });
        trace->close_reader();
        must_wait();
        must_wait();
        EXPECT_EQ(trace->counts().dropped, 0U);
    });
}

TEST(Traces, AWriterThatIsInterruptedDropsItsCall) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        ASSERT_TRUE(trace->open_reader({}).ok());
        trace->join();
        std::atomic<bool> dropped{false};
        const ProcId writer = child([&] {
            for (;;) {  // ends with the interrupt
                if (!trace->begin(true)) break;
                const u64 number = trace->put_begin("x");
                trace->put_end(number, "y");
            }
            dropped.store(true);
            trace->leave();
            return "";
        });
        eventually([&] { return sleeps_in(ref_of(writer.pid), sched::TaskState::kWakeme); });
        EXPECT_FALSE(dropped.load());
        EXPECT_EQ(outcome(interrupt(ref_of(writer.pid))), "ok");
        must_wait();
        const Told told = read_all(*trace, 600);
        EXPECT_EQ(told.lost, 1U);
        EXPECT_EQ(trace->counts().dropped, 1U);
    });
}

TEST(Traces, NobodyWaitsForRoomThatNoReaderMakes) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        ASSERT_TRUE(trace->open_reader({}).ok());
        trace->join();
        std::vector<u64> calls;
        while (trace->begin(true)) {  // ends when calls that go on have all the room
            calls.push_back(trace->put_begin("blocks"));
            std::array<std::byte, 100> line;
            EXPECT_GT(MUST(trace->read(line, {})), 0U);
        }
        EXPECT_GT(calls.size(), 100U);
        EXPECT_EQ(trace->counts().dropped, 1U);
        EXPECT_FALSE(trace->begin(true));
        // There is room for one record, but not for two.
        EXPECT_EQ(outcome(trace->mark("one")), "ok");
        trace->put_end(calls[0], "done");
        EXPECT_TRUE(trace->begin(true));
        trace->forget(2);
        for (usize i = 1; i < calls.size(); ++i) trace->put_end(calls[i], "done");
        trace->leave();
        const Told told = read_all(*trace, 600);
        EXPECT_EQ(told.ends, calls.size());
        EXPECT_EQ(told.lost, 2U);
        EXPECT_EQ(told.markers, 1U);
    });
}

TEST(Traces, AMarkerWithoutRoomIsRefused) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        ASSERT_TRUE(trace->open_reader({}).ok());
        const std::string text(kTraceTextMax - 10, 'x');
        u64 written = 0;
        std::string answer;
        while ((answer = outcome(trace->mark(text))) == "ok") ++written;
        EXPECT_EQ(answer, "trace is full");
        EXPECT_GT(written, 100U);
        EXPECT_EQ(read_all(*trace, 600).markers, written);
    });
}

TEST(Traces, DroppingLetsWaitingWritersGo) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        ASSERT_TRUE(trace->open_reader({}).ok());
        trace->join();
        const ProcId writer = child([&] {
            write_calls(*trace, 1000, true);
            return "";
        });
        eventually([&] { return sleeps_in(ref_of(writer.pid), sched::TaskState::kWakeme); });
        trace->set_dropping(true);
        must_wait();
        const Told told = read_all(*trace, 600);
        EXPECT_GT(told.lost, 0U);
        EXPECT_EQ(told.begins + told.lost, 1000U);
    });
}

TEST(Traces, MarkersAreLines) {
    run_world([] {
        const Ref<Trace> trace = new_trace();
        EXPECT_EQ(outcome(trace->mark("early")), "tracing not enabled");
        ASSERT_TRUE(trace->open_reader({}).ok());
        EXPECT_EQ(outcome(trace->mark("a\nb")), "bad arg in system call");
        EXPECT_EQ(outcome(trace->mark(std::string(kTraceRecordMax, 'x'))),
                  "read or write too large");
        EXPECT_EQ(outcome(trace->mark("")), "ok");
        EXPECT_EQ(outcome(trace->mark("one\n")), "ok");
        const Told told = read_all(*trace, 600);
        EXPECT_EQ(told.markers, 2U);
        EXPECT_EQ(told.last, "traced 0 dropped 0\n");
        // Nothing follows the last line.
        EXPECT_EQ(outcome(trace->mark("late")), "tracing not enabled");
    });
}

TEST(Traces, WhoIsTakenOutGoesOnWhateverIsClearedMeanwhile) {
    run_world([] {
        std::atomic<bool> begin{false};
        std::atomic<bool> ended{false};
        const ProcId caller = child([&] {
            eventually([&] { return begin.load(); });
            for (;;) {  // ends when it is in no trace any more
                const Ref<Trace> trace = begin_traced_call(3);
                if (!trace) break;
                tell_call_begin(*trace, "x");
                tell_call_end(*trace, "y");
            }
            ended.store(true);
            return "";
        });
        const ProcRef ref = ref_of(caller.pid);
        ASSERT_TRUE(start_trace(ref, false).ok());
        const Ref<Trace> trace = MUST(trace_of(ref));
        ASSERT_TRUE(trace->open_reader({}).ok());
        begin.store(true);
        eventually([&] { return sleeps_in(ref, sched::TaskState::kWakeme); });
        EXPECT_FALSE(ended.load());
        EXPECT_EQ(outcome(stop_trace(ref)), "ok");
        EXPECT_EQ(outcome(clear_interrupt(ref)), "ok");
        eventually([&] { return ended.load(); });
        trace->close_reader();
        must_wait();
    });
}

TEST(Traces, AreOfThoseWhoJoinedThem) {
    run_world([] {
        std::atomic<bool> end{false};
        const ProcId target = child([&] {
            eventually([&] { return end.load(); });
            return "";
        });
        const ProcRef ref = ref_of(target.pid);
        EXPECT_EQ(outcome(stop_trace(ref)), "tracing not enabled");
        EXPECT_EQ(outcome(start_trace(ref, false)), "ok");
        EXPECT_EQ(outcome(start_trace(ref, true)), "already being traced");
        const Ref<Trace> trace = MUST(trace_of(ref));
        EXPECT_EQ(trace->counts().processes, 1U);
        EXPECT_EQ(outcome(stop_trace(ref)), "ok");
        EXPECT_EQ(trace->counts().processes, 0U);
        // One that is over makes room for another.
        EXPECT_EQ(outcome(start_trace(ref, false)), "ok");
        const Ref<Trace> second = MUST(trace_of(ref));
        ASSERT_TRUE(second->open_reader({}).ok());
        second->close_reader();
        EXPECT_EQ(outcome(trace_of(ref)), "tracing not enabled");
        EXPECT_EQ(outcome(start_trace(ref, false)), "ok");
        EXPECT_EQ(second->counts().processes, 0U);
        const Ref<Trace> third = MUST(trace_of(ref));
        end.store(true);
        must_wait();
        EXPECT_EQ(third->counts().processes, 0U);
        EXPECT_EQ(outcome(start_trace(ref, false)), "process exited");
        EXPECT_EQ(outcome(stop_trace(ref)), "process exited");
    });
}

}  // namespace
}  // namespace kernel::proc::test
