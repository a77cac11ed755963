// The console under many schedules: no wake-up is lost between writers, readers and interrupts.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "dev/console/console.h"
#include "machine/boot_info.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/host/devices/ns16550_model.h"

namespace kernel::dev {
namespace {

using host::Ns16550Kind;
using host::Ns16550Model;

constexpr machine::IrqLine kLine = 5;
constexpr u64 kSeeds = 100;

/// Runs `body(console, port)` under kSeeds schedules. The console is new each time; the port's
/// bytes are used up by `body`, so that it is as new when it is started again.
void under_seeds(bool sends_at_once,
                 const std::function<void(Console& console, Ns16550Model& port)>& body) {
    Ns16550Model port(Ns16550Kind::kPlain, {.line = kLine, .sends_at_once = sends_at_once});
    ConsoleBuffers buffers;
    std::unique_ptr<Console> console;
    fixture::Options options{.harts = 3};
    options.devices = {{.compatible = "ns16550a",
                        .registers = {{0x1000'0000}, 0x100},
                        .model = &port,
                        .line = kLine,
                        .is_console = true}};
    options.external = [&](machine::IrqLine line) { console->external(line); };
    options.boot = [&] {
        console = std::make_unique<Console>(buffers);
        ASSERT_TRUE(console->start(machine::boot_info().devices).ok());
        console->output().set_newline_translation(false);
    };
    fixture::run_seeds(options, kSeeds, [&] {
        console->use_interrupts();
        body(*console, port);
    });
}

TEST(ConsoleSchedules, WritersThatWaitForRoomAreAllWoken) {
    under_seeds(false, [](Console& console, Ns16550Model& port) {
        constexpr u32 kWriters = 2;
        constexpr usize kSize = ConsoleOutput::kRingBytes;
        std::string sent;
        // The last task is the far end of the line.
        fixture::in_parallel(kWriters + 1, [&](u32 i) {
            if (i < kWriters) {
                const std::string text(kSize, static_cast<char>('a' + i));
                EXPECT_EQ(console.output().write(as_bytes(text)).value(), kSize);
                console.output().write_now("!");
                return;
            }
            while (sent.size() < kWriters * (kSize + 1)) {
                port.send_some(64);
                sent += port.sent();
                sched::yield();
            }
        });
        EXPECT_EQ(sent.size(), kWriters * (kSize + 1));
    });
}

TEST(ConsoleSchedules, EveryTypedLineReachesAReader) {
    under_seeds(true, [](Console& console, Ns16550Model& port) {
        constexpr u32 kReaders = 2;
        constexpr u32 kLines = 6;
        std::string read[kReaders];
        fixture::in_parallel(kReaders + 1, [&](u32 i) {
            if (i == kReaders) {
                for (u32 line = 0; line < kLines; ++line) {
                    port.receive("line\n");
                    sched::yield();
                }
                return;
            }
            std::array<std::byte, 64> out;
            for (u32 line = 0; line < kLines / kReaders; ++line) {
                read[i] += as_text({out.data(), console.input().read(out).value()});
            }
        });
        for (const std::string& text : read) EXPECT_EQ(text, "line\nline\nline\n");
    });
}

TEST(ConsoleSchedules, RawModeComesAndGoesUnderAReader) {
    under_seeds(true, [](Console& console, Ns16550Model& port) {
        const std::string typed = "one\ntwo\nthree\nfour\n";
        std::string read;
        fixture::in_parallel(3, [&](u32 i) {
            if (i == 0) {
                for (char key : typed) {
                    port.receive({&key, 1});
                    sched::yield();
                }
            } else if (i == 1) {
                for (int turn = 0; turn < 8; ++turn) {
                    console.input().open_control();
                    console.input().set_raw(true);
                    sched::yield();
                    console.input().close_control();
                }
            } else {
                std::array<std::byte, 64> out;
                while (read.size() < typed.size()) {
                    read += as_text({out.data(), console.input().read(out).value()});
                }
            }
        });
        EXPECT_EQ(read, typed);
    });
}

}  // namespace
}  // namespace kernel::dev
