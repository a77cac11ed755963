// The console's interrupt path on ports with the quirks of boards, under load.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "dev/console/console.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/host/devices/ns16550_model.h"
#include "tests/host/devices/sifive_uart_model.h"

namespace kernel::dev {
namespace {

using host::Ns16550Kind;
using host::Ns16550Model;
using host::SerialPort;
using host::SifiveUartModel;

constexpr machine::IrqLine kLine = 32;  // the JH7110's
const SerialPort::Options kWords{
    .line = kLine, .register_shift = 2, .register_width = 4, .sends_at_once = false};

/// A console on `port`, with interrupts, on a machine that runs `body`.
void run_console(SerialPort& port, std::string compatible, const SerialPort::Options& layout,
                 const std::function<void(Console&)>& body) {
    ConsoleBuffers buffers;
    auto console = std::make_unique<Console>(buffers);
    fixture::Options setup;
    setup.devices = {{.compatible = std::move(compatible),
                      .registers = {{0x1000'0000}, 0x1'0000},
                      .model = &port,
                      .line = kLine,
                      .register_shift = layout.register_shift,
                      .register_width = layout.register_width,
                      .is_console = true}};
    setup.external = [&](machine::IrqLine line) { EXPECT_TRUE(console->external(line)); };
    fixture::run(setup, [&] {
        ASSERT_TRUE(console->start(machine::boot_info().devices).ok());
        console->use_interrupts();
        console->output().set_newline_translation(false);
        body(*console);
    });
    EXPECT_FALSE(port.interrupts()) << "an interrupt is left that nobody ends";
    EXPECT_EQ(port.violations(), 0u);
    EXPECT_EQ(port.setup_writes(), 0u);
}

/// The far end of the line: takes bytes one by one, and calls `trouble` after each turn.
class Wire {
public:
    Wire(SerialPort& port, std::function<void()> trouble)
        : thread_([this, &port, act = std::move(trouble)] {
              while (!done_) {
                  port.send_some(1);
                  act();
                  ++turns_;
                  std::this_thread::yield();
              }
          }) {}
    ~Wire() {
        done_ = true;
        thread_.join();
    }
    u64 turns() const { return turns_; }

private:
    std::atomic<bool> done_{false};
    std::atomic<u64> turns_{0};
    std::thread thread_;
};

/// Waits until `condition` holds, giving way; false if that takes far too long.
template <class Condition>
bool comes(Condition&& condition) {
    const Nanos limit = machine::now() + nanos_from_seconds(60);
    while (!condition()) {
        if (machine::now() > limit) return false;
        sched::yield();
    }
    return true;
}

std::string read_line(Console& console) {
    std::array<std::byte, 256> out;
    const Result<usize> got = console.input().read(out);
    return got.ok() ? std::string(as_text({out.data(), got.value()})) : "failed";
}

/// Writes more than the console holds while lines are typed; both must come through whole. Between
/// the lines, with nothing on its way in, `quiet` is called.
void talk(Console& console, SerialPort& port, const std::function<void()>& quiet) {
    constexpr u32 kLines = 30;
    std::string text;
    while (text.size() < 4 * ConsoleOutput::kRingBytes) text += std::to_string(text.size()) + ' ';
    std::string heard;
    // Echo would mix with the text.
    console.input().open_control();
    console.input().set_raw(true);
    fixture::in_parallel(2, [&](u32 i) {
        if (i == 0) {
            EXPECT_EQ(console.output().write(as_bytes(text)).value(), text.size());
            return;
        }
        for (u32 line = 0; line < kLines; ++line) {
            const std::string typed = "a line longer than any FIFO " + std::to_string(line) + "\n";
            port.receive(typed);
            std::string got;
            while (got.size() < typed.size()) got += read_line(console);
            EXPECT_EQ(got, typed);
            quiet();
        }
    });
    EXPECT_TRUE(comes([&] {
        heard += port.sent();
        return heard.size() >= text.size();
    }));
    EXPECT_EQ(heard, text);
    console.input().close_control();
}

TEST(ConsoleQuirks, ADesignWarePortThatIsBusyAgainAndAgainLosesNothing) {
    Ns16550Model port(Ns16550Kind::kDesignWare, kWords);
    run_console(port, "snps,dw-apb-uart", kWords, [&](Console& console) {
        {
            const Wire wire(port, [&] { port.raise_busy(); });
            talk(console, port, [] {});
            EXPECT_GT(wire.turns(), 4 * ConsoleOutput::kRingBytes);
        }
        EXPECT_TRUE(comes([&] { return !port.interrupts(); }));
    });
}

TEST(ConsoleQuirks, ADesignWarePortThatTimesOutForEverLosesNothing) {
    Ns16550Model port(Ns16550Kind::kDesignWare, kWords);
    run_console(port, "snps,dw-apb-uart", kWords, [&](Console& console) {
        const Wire wire(port, [] {});
        talk(console, port, [&] {
            for (int turn = 0; turn < 50; ++turn) {
                port.raise_phantom_timeout();
                ASSERT_TRUE(comes([&] { return !port.has_phantom_timeout(); }));
            }
        });
    });
}

TEST(ConsoleQuirks, ASifivePortThatFirmwareLeftOddlyLosesNothing) {
    SifiveUartModel port({.line = kLine, .sends_at_once = false});
    port.left_by_firmware({0x7'0003, 0x7'0001, 3});
    run_console(port, "sifive,uart0", {}, [&](Console& console) {
        {
            const Wire wire(port, [] {});
            talk(console, port, [] {});
        }
        EXPECT_TRUE(comes([&] { return !port.interrupts(); }));
    });
}

}  // namespace
}  // namespace kernel::dev
