// The console on a modelled serial port: output in turns, input through interrupts, getting stuck.
#include "dev/console/console.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "machine/clock.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/host/devices/ns16550_model.h"

namespace kernel::dev {
namespace {

using host::Ns16550Kind;
using host::Ns16550Model;
using host::SerialPort;

constexpr machine::IrqLine kLine = 5;

/// A console, its port, and a machine with both.
class ConsoleTest : public testing::Test {
protected:
    void run(SerialPort::Options options, machine::IrqLine line,
             const std::function<void()>& body) {
        options.line = line;
        port_ = std::make_unique<Ns16550Model>(Ns16550Kind::kPlain, std::move(options));
        console_ = std::make_unique<Console>(buffers_);
        fixture::Options setup;
        setup.devices = {{.compatible = "ns16550a",
                          .registers = {{0x1000'0000}, 0x100},
                          .model = port_.get(),
                          .line = line,
                          .is_console = true}};
        setup.console = [this](std::string_view text) { early_ += text; };
        setup.external = [this](machine::IrqLine raised) { console_->external(raised); };
        fixture::run(setup, [&] {
            body();
            for (fixture::Spawned& task : tasks_) task.join();
            tasks_.clear();
        });
        EXPECT_EQ(port_->violations(), 0u);
    }

    /// As run() with the console up and its interrupts on.
    void run_console(SerialPort::Options options, const std::function<void()>& body) {
        run(std::move(options), kLine, [&] {
            ASSERT_TRUE(console_->start(machine::boot_info().devices).ok());
            console_->use_interrupts();
            console_->output().set_newline_translation(false);
            body();
        });
    }

    /// Starts a task that ends by itself before the test does.
    sched::Task& start(std::string name, std::function<void()> body,
                       sched::HartSet harts = sched::kAllHarts) {
        tasks_.push_back(
            fixture::spawn(std::move(body), {.name = std::move(name), .harts = harts}));
        return tasks_.back().task();
    }

    /// Runs `body` while the far end of the line takes bytes, one by one. It is no hart's: one that
    /// waits for the console's lock in an interrupt would take nothing.
    void with_wire(const std::function<void()>& body) {
        std::atomic<bool> done = false;
        std::thread wire([&] {
            while (!done) {
                port_->send_some(1);
                std::this_thread::yield();
            }
        });
        body();
        done = true;
        wire.join();
    }

    std::string read(usize size = 4096) {
        std::string text(size, '?');
        const Result<usize> got = console_->input().read(std::as_writable_bytes(std::span(text)));
        if (!got.ok()) return std::string(error_text(got.error()));
        text.resize(got.value());
        return text;
    }
    Result<usize> write(std::string_view text) { return console_->output().write(as_bytes(text)); }

    /// Waits until `condition` holds, giving way.
    template <class Condition>
    static void wait_until(Condition&& condition) {
        while (!condition()) sched::yield();
    }

    std::unique_ptr<Ns16550Model> port_;
    ConsoleBuffers buffers_;
    std::unique_ptr<Console> console_;
    std::string early_;
    std::vector<fixture::Spawned> tasks_;
};

TEST_F(ConsoleTest, FirmwareTakesTheOutputUntilAPortIsThere) {
    run({}, kLine, [&] {
        console_->output().write_now("one\ntwo");
        EXPECT_EQ(early_, "one\r\ntwo");
        ASSERT_TRUE(console_->start(machine::boot_info().devices).ok());
        console_->output().write_now("three\n");
        EXPECT_EQ(early_, "one\r\ntwo");
        EXPECT_EQ(port_->sent(), "three\r\n");
    });
}

TEST_F(ConsoleTest, NewlinesAreTranslatedOnlyWhenAsked) {
    run_console({}, [&] {
        ASSERT_TRUE(write("a\nb\r\n").ok());
        EXPECT_EQ(port_->sent(), "a\nb\r\n");
        console_->output().set_newline_translation(true);
        ASSERT_TRUE(write("a\nb\r\n\n").ok());
        EXPECT_EQ(port_->sent(), "a\r\nb\r\n\r\n");
        // A carriage return that ended one write is not doubled by the next.
        ASSERT_TRUE(write("c\r").ok());
        ASSERT_TRUE(write("\n").ok());
        EXPECT_EQ(port_->sent(), "c\r\n");
    });
}

TEST_F(ConsoleTest, EveryByteGoesOutAsItIs) {
    run_console({}, [&] {
        std::string all;
        for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
        EXPECT_EQ(write(all).value(), all.size());
        EXPECT_EQ(port_->sent(), all);
    });
}

TEST_F(ConsoleTest, WritersTakeTurnsWhenThePortIsSlow) {
    run_console({.sends_at_once = false}, [&] {
        constexpr usize kWriters = 3;
        constexpr usize kSize = 3 * ConsoleOutput::kRingBytes;
        std::atomic<usize> done{0};
        for (usize i = 0; i < kWriters; ++i) {
            start("writer", [&, i] {
                const std::string text(kSize, static_cast<char>('a' + i));
                EXPECT_EQ(write(text).value(), kSize);
                ++done;
            });
        }
        std::string sent;
        wait_until([&] {
            port_->send_some(5);
            sent += port_->sent();
            return sent.size() == kWriters * kSize;
        });
        wait_until([&] { return done == kWriters; });
        for (usize i = 0; i < kWriters; ++i) {
            const std::string part = sent.substr(i * kSize, kSize);
            EXPECT_EQ(part, std::string(kSize, part[0])) << "turn " << i;
        }
    });
}

TEST_F(ConsoleTest, ALogLineFindsRoomWhereAWriterWaits) {
    run_console({.sends_at_once = false}, [&] {
        const std::string text(4 * ConsoleOutput::kRingBytes, '.');
        sched::Task& writer = start("writer", [&] { EXPECT_EQ(write(text).value(), text.size()); });
        wait_until([&] { return writer.state() == sched::TaskState::kWakeme; });
        const Nanos begun = machine::now();
        for (int i = 0; i < 20; ++i) console_->output().write_now("[line of log]");
        EXPECT_LT(machine::now() - begun, nanos_from_millis(900)) << "waited for the port";
        std::string sent;
        wait_until([&] {
            port_->send_some(16);
            sent += port_->sent();
            return sent.size() == text.size() + 20 * 13;
        });
        usize lines = 0;
        for (usize at = 0; (at = sent.find("[line of log]", at)) != std::string::npos; ++at) {
            ++lines;
        }
        EXPECT_EQ(lines, 20u);
    });
}

TEST_F(ConsoleTest, AWriterThatWaitsIsInterruptedByANote) {
    run_console({.sends_at_once = false}, [&] {
        std::atomic<int> result{-1};
        sched::Task& writer = start("writer", [&] {
            const std::string text(2 * ConsoleOutput::kRingBytes, 'x');
            result = static_cast<int>(write(text).value());
        });
        wait_until([&] { return writer.state() == sched::TaskState::kWakeme; });
        writer.interrupt();
        wait_until([&] { return result != -1; });
        EXPECT_GT(result, 0) << "what went out is counted";
        EXPECT_LT(result, 2 * static_cast<int>(ConsoleOutput::kRingBytes));
    });
}

TEST_F(ConsoleTest, AReaderSleepsUntilALineIsTyped) {
    run_console({}, [&] {
        std::atomic<bool> done{false};
        std::string line;
        sched::Task& reader = start("reader", [&] {
            line = read();
            done = true;
        });
        wait_until([&] { return reader.state() == sched::TaskState::kWakeme; });
        port_->receive("hel");
        EXPECT_FALSE(done);
        port_->receive("lo\r");
        wait_until([&] { return done.load(); });
        EXPECT_EQ(line, "hello\n");
        EXPECT_EQ(port_->sent(), "hello\n") << "the echo";
    });
}

TEST_F(ConsoleTest, WhatIsTypedAheadWaitsForTheReader) {
    run_console({}, [&] {
        std::string typed;
        for (int i = 0; i < 100; ++i) typed += "line " + std::to_string(i) + "\n";
        port_->receive(typed);
        std::string text;
        while (text.size() < typed.size()) text += read();
        EXPECT_EQ(text, typed);
    });
}

TEST_F(ConsoleTest, ControlDGivesOneEmptyRead) {
    run_console({}, [&] {
        port_->receive("\x04next\n");
        EXPECT_EQ(read(), "");
        EXPECT_EQ(read(), "next\n");
    });
}

TEST_F(ConsoleTest, AReaderIsInterruptedByANote) {
    run_console({}, [&] {
        std::atomic<bool> done{false};
        std::string text;
        sched::Task& reader = start("reader", [&] {
            text = read();
            done = true;
        });
        wait_until([&] { return reader.state() == sched::TaskState::kWakeme; });
        reader.interrupt();
        wait_until([&] { return done.load(); });
        EXPECT_EQ(text, "interrupted");
    });
}

TEST_F(ConsoleTest, ASecondReaderWaitsForItsTurnAndCanBeInterruptedToo) {
    run_console({}, [&] {
        std::atomic<int> done{0};
        std::string texts[2];
        sched::Task* readers[2];
        for (int i = 0; i < 2; ++i) {
            readers[i] = &start("reader", [&, i] {
                texts[i] = read();
                ++done;
            });
            wait_until([&] {
                const sched::TaskState state = readers[i]->state();
                return state == sched::TaskState::kWakeme || state == sched::TaskState::kQueueing;
            });
        }
        readers[1]->interrupt();
        wait_until([&] { return done == 1; });
        EXPECT_EQ(texts[1], "interrupted");
        port_->receive("for the first\n");
        wait_until([&] { return done == 2; });
        EXPECT_EQ(texts[0], "for the first\n");
    });
}

TEST_F(ConsoleTest, ControlCInterruptsTheForegroundInBothModes) {
    static std::atomic<u32> interrupts;
    interrupts = 0;
    run_console({}, [&] {
        port_->receive("\x03");  // nobody is interested
        console_->set_interrupt_target([](u32 foreground) { interrupts += foreground; });
        port_->receive("\x03");  // nobody is meant
        console_->set_foreground(7);
        port_->receive("\x03");
        wait_until([&] { return interrupts == 7; });
        console_->input().set_raw(true);
        console_->set_foreground(100);
        port_->receive("\x03");
        wait_until([&] { return interrupts == 107; });
    });
}

TEST_F(ConsoleTest, RawModeEndsWithTheLastHolderOfConsctl) {
    run_console({}, [&] {
        ConsoleInput& input = console_->input();
        input.open_control();
        input.open_control();
        input.set_raw(true);
        port_->receive("r");
        EXPECT_EQ(read(), "r");
        input.close_control();
        port_->receive("s");
        EXPECT_EQ(read(), "s") << "somebody still holds it";
        input.close_control();
        port_->sent();
        port_->receive("t\n");
        EXPECT_EQ(read(), "t\n");
        EXPECT_EQ(port_->sent(), "t\n") << "cooked again: it echoes";
    });
}

TEST_F(ConsoleTest, GoingRawWakesAReaderThatWaitsForTheRestOfALine) {
    run_console({}, [&] {
        std::atomic<bool> done{false};
        std::string text;
        sched::Task& reader = start("reader", [&] {
            text = read();
            done = true;
        });
        port_->receive("hal");
        wait_until([&] { return reader.state() == sched::TaskState::kWakeme; });
        wait_until([&] { return port_->sent() != ""; });
        console_->input().set_raw(true);
        wait_until([&] { return done.load(); });
        EXPECT_EQ(text, "hal");
    });
}

TEST_F(ConsoleTest, APortWithoutInterruptIsLookedAtByATimer) {
    run({}, 0, [&] {
        ASSERT_TRUE(console_->start(machine::boot_info().devices).ok());
        console_->use_interrupts();
        port_->receive("polled\n");
        EXPECT_EQ(read(), "polled\n");
        const std::string text(3 * ConsoleOutput::kRingBytes, 'p');
        port_->sent();
        EXPECT_EQ(write(text).value(), text.size());
        EXPECT_EQ(port_->sent(), text);
    });
    // Its timer stays armed for good, as the kernel's does.
    static auto* const kept = new std::vector<Console*>;
    kept->push_back(console_.release());
}

TEST_F(ConsoleTest, AStuckPortIsGivenUpOnce) {
    run_console({.sends_at_once = false}, [&] {
        console_->output().write_now(std::string(ConsoleOutput::kRingBytes + 16, 'f'));
        const Nanos begun = machine::now();
        console_->output().write_now("lost");
        console_->output().write_now("lost");
        console_->output().write_now("lost");
        const Nanos waited = machine::now() - begun;
        EXPECT_GE(waited, nanos_from_millis(900));
        EXPECT_LT(waited, nanos_from_millis(2900)) << "each line would wait a second";
        // It comes back.
        while (!port_->drained()) {
            port_->send_some(16);
            sched::yield();
        }
        port_->sent();
        console_->output().write_now("again");
        port_->send_some(16);
        EXPECT_EQ(port_->sent(), "again");
    });
}

TEST_F(ConsoleTest, PanicOutputPushesOutWhatWaitsAndThenItself) {
    run_console({.sends_at_once = false}, [&] {
        console_->output().write_now(std::string(100, '.'));
        with_wire([&] { console_->output().write_in_panic("panic: example\n"); });
        EXPECT_EQ(port_->sent(), std::string(100, '.') + "panic: example\n");
    });
}

TEST_F(ConsoleTest, OutputIsDrainedBeforeTheMachineGoesOff) {
    run_console({.sends_at_once = false}, [&] {
        EXPECT_EQ(write("the last words").value(), 14u);
        with_wire([&] { console_->output().drain(); });
        EXPECT_EQ(port_->sent(), "the last words");
    });
}

TEST_F(ConsoleTest, WithoutAKnownPortOutputStaysWithFirmware) {
    run({}, kLine, [&] {
        machine::DeviceInfo unknown = machine::boot_info().devices[0];
        unknown.compatible = "acme,port";
        const Result<void> started = console_->start({&unknown, 1});
        EXPECT_EQ(started.error(), Error::kNoDevice);
        EXPECT_EQ(write("still here").value(), 10u);
        EXPECT_EQ(early_, "still here");
    });
}

TEST_F(ConsoleTest, TheNamedConsoleIsPreferredToTheFirstPort) {
    run({}, kLine, [&] {
        std::array<machine::DeviceInfo, 2> two{machine::boot_info().devices[0],
                                               machine::boot_info().devices[0]};
        // The first one's registers are nowhere: touching them would stop the machine.
        two[0].is_console = false;
        two[0].registers.start = {0x2000'0000};
        ASSERT_TRUE(console_->start(two).ok());
        console_->output().write_now("x");
        EXPECT_EQ(port_->sent(), "x");
    });
}

}  // namespace
}  // namespace kernel::dev
