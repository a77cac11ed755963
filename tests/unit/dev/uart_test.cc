// The serial port drivers against register models with the chips' quirks.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "dev/uart/drivers.h"
#include "dev/uart/dw_apb_uart.h"
#include "dev/uart/ns16550.h"
#include "dev/uart/sifive_uart.h"
#include "machine/boot_info.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/host/devices/ns16550_model.h"
#include "tests/host/devices/sifive_uart_model.h"

namespace kernel::dev {
namespace {

using host::Ns16550Kind;
using host::Ns16550Model;
using host::SerialPort;
using host::SifiveUartModel;

constexpr PhysRange kRegisters{{0x1000'0000}, 0x100};

/// Runs `body` on a machine with `model` behind the first device's registers.
void with_device(SerialPort& model, std::string compatible, u32 shift, u32 width,
                 const std::function<void(const machine::DeviceInfo&)>& body) {
    fixture::Options options{.harts = 1};
    options.devices = {{.compatible = std::move(compatible),
                        .registers = kRegisters,
                        .model = &model,
                        .register_shift = shift,
                        .register_width = width}};
    fixture::run(options, [&] { body(machine::boot_info().devices[0]); });
    EXPECT_EQ(model.violations(), 0u);
    EXPECT_EQ(model.setup_writes(), 0u) << "speed and framing are firmware's";
}

std::string receive_all(Uart& uart) {
    std::string text;
    while (const std::optional<u8> byte = uart.receive()) text += static_cast<char>(*byte);
    return text;
}

/// Hands over as much of `text` as the port takes; returns how much.
usize transmit(Uart& uart, std::string_view text) {
    usize count = 0;
    while (count < text.size() && uart.transmit(static_cast<u8>(text[count]))) ++count;
    return count;
}

struct Layout {
    u32 shift;
    u32 width;
};

class Ns16550Layouts : public testing::TestWithParam<Layout> {};

TEST_P(Ns16550Layouts, BytesGoBothWays) {
    const auto [shift, width] = GetParam();
    Ns16550Model model(Ns16550Kind::kPlain, {.register_shift = shift, .register_width = width});
    with_device(model, "ns16550a", shift, width, [&](const machine::DeviceInfo& device) {
        PlainNs16550 uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_EQ(transmit(uart, "hello"), 5u);
        EXPECT_EQ(model.sent(), "hello");
        model.receive("typed");
        EXPECT_EQ(receive_all(uart), "typed");
        EXPECT_FALSE(uart.receive().has_value());
    });
}

INSTANTIATE_TEST_SUITE_P(AllBoards, Ns16550Layouts,
                         testing::Values(Layout{0, 1}, Layout{2, 1}, Layout{2, 4}));

TEST(Ns16550, FillsTheFifoAndThenWaitsUntilItIsEmpty) {
    Ns16550Model model(Ns16550Kind::kPlain, {.sends_at_once = false});
    with_device(model, "ns16550a", 0, 1, [&](const machine::DeviceInfo& device) {
        PlainNs16550 uart;
        ASSERT_TRUE(uart.start(device).ok());
        const std::string text(40, 'x');
        EXPECT_EQ(transmit(uart, text), 16u);
        EXPECT_FALSE(uart.all_sent());
        model.send_some(15);
        EXPECT_FALSE(uart.transmit('y')) << "one byte is still in the FIFO";
        model.send_some(1);
        EXPECT_TRUE(uart.all_sent());
        EXPECT_EQ(transmit(uart, text), 16u);
    });
}

TEST(Ns16550, WithoutFifosGivesOneByteAtATime) {
    Ns16550Model model(Ns16550Kind::kPlain, {.sends_at_once = false});
    model.remove_fifos();
    with_device(model, "ns16550a", 0, 1, [&](const machine::DeviceInfo& device) {
        PlainNs16550 uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_EQ(transmit(uart, "abc"), 1u);
        model.send_some(1);
        EXPECT_EQ(transmit(uart, "bc"), 1u);
    });
}

TEST(Ns16550, GarbledBytesAndBreaksAreDroppedAndCounted) {
    Ns16550Model model(Ns16550Kind::kPlain, {});
    with_device(model, "ns16550a", 0, 1, [&](const machine::DeviceInfo& device) {
        PlainNs16550 uart;
        ASSERT_TRUE(uart.start(device).ok());
        model.receive("a");
        model.receive_garbled(0, 0x10);
        model.receive_garbled('?', 0x08);
        model.receive("b");
        model.overrun();
        EXPECT_EQ(receive_all(uart), "ab");
        EXPECT_EQ(uart.counters().garbled, 2u);
        EXPECT_EQ(uart.counters().overruns, 1u);
    });
}

TEST(Ns16550, RefusesADescriptionThatContradictsItself) {
    Ns16550Model model(Ns16550Kind::kPlain, {});
    with_device(model, "ns16550a", 0, 1, [&](const machine::DeviceInfo& good) {
        const auto start = [&](auto change) {
            machine::DeviceInfo bad = good;
            change(bad);
            PlainNs16550 uart;
            const Result<void> started = uart.start(bad);
            return started.ok() ? "started" : error_text(started.error());
        };
        using Info = machine::DeviceInfo;
        EXPECT_EQ(start([](Info& d) { d.register_width = 2; }), "no such device");
        EXPECT_EQ(start([](Info& d) { d.register_width = 0; }), "no such device");
        EXPECT_EQ(start([](Info& d) { d.register_width = 4; }), "no such device") << "overlap";
        EXPECT_EQ(start([](Info& d) { d.register_shift = 60; }), "no such device");
        EXPECT_EQ(start([](Info& d) { d.registers.size = 6; }), "no such device");
        EXPECT_EQ(start([](Info& d) {
                      d.registers.start = {0x1000'0002}, d.register_shift = 2, d.register_width = 4;
                  }),
                  "no such device");
    });
}

TEST(DwApbUart, APhantomTimeoutIsEndedAndLosesNoByte) {
    bool line_high = false;
    Ns16550Model model(Ns16550Kind::kDesignWare, {.register_shift = 2, .register_width = 4});
    with_device(model, "snps,dw-apb-uart", 2, 4, [&](const machine::DeviceInfo& device) {
        DwApbUart uart;
        ASSERT_TRUE(uart.start(device).ok());
        model.raise_phantom_timeout();
        uart.acknowledge();
        line_high = model.interrupts();
        // A timeout with something received is an ordinary one.
        model.raise_phantom_timeout();
        model.receive("x");
        uart.acknowledge();
        EXPECT_EQ(receive_all(uart), "x");
    });
    EXPECT_FALSE(line_high);
}

TEST(DwApbUart, TheBusyCauseIsEndedByReadingTheStatus) {
    Ns16550Model model(Ns16550Kind::kDesignWare, {.register_shift = 2, .register_width = 4});
    with_device(model, "snps,dw-apb-uart", 2, 4, [&](const machine::DeviceInfo& device) {
        model.raise_busy();
        DwApbUart uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_FALSE(model.interrupts()) << "left by firmware";
        model.raise_busy();
        EXPECT_TRUE(model.interrupts());
        uart.acknowledge();
        EXPECT_FALSE(model.interrupts());
    });
}

TEST(DwApbUart, TheThresholdModeThatFirmwareLeftIsEnded) {
    Ns16550Model model(Ns16550Kind::kDesignWare,
                       {.register_shift = 2, .register_width = 4, .sends_at_once = false});
    model.left_by_firmware(0x87);
    with_device(model, "snps,dw-apb-uart", 2, 4, [&](const machine::DeviceInfo& device) {
        DwApbUart uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_FALSE(model.interrupts()) << "nor is room asked for";
        const std::string text(40, 'x');
        EXPECT_EQ(transmit(uart, text), 16u) << "an empty FIFO was taken for a full one";
        EXPECT_FALSE(uart.transmit('y')) << "a full FIFO was taken for an empty one";
        model.send_some(16);
        EXPECT_EQ(transmit(uart, text), 16u);
    });
}

TEST(DwApbUart, TheModelCountsAccessesOfTheWrongWidth) {
    Ns16550Model model(Ns16550Kind::kDesignWare, {.register_shift = 2, .register_width = 4});
    (void)model.read(5 << 2, 1);
    model.write(0, 1, 'x');
    model.write(0, 8, 'x');
    (void)model.read(5, 4);
    EXPECT_EQ(model.violations(), 4u);
    EXPECT_EQ(model.sent(), "");
}

TEST(DwApbUart, TheModelIsBusyWhenTheLineIsSetUpDuringATransfer) {
    Ns16550Model model(Ns16550Kind::kDesignWare,
                       {.register_shift = 2, .register_width = 4, .sends_at_once = false});
    model.write(3 << 2, 4, 3);
    EXPECT_FALSE(model.interrupts());
    model.write(0, 4, 'x');
    model.write(3 << 2, 4, 3);
    EXPECT_TRUE(model.interrupts());
    EXPECT_EQ(model.read(2 << 2, 4) & 0xf, 7u);
    (void)model.read(0x1f << 2, 4);
    EXPECT_FALSE(model.interrupts());
    EXPECT_EQ(model.setup_writes(), 2u);
}

TEST(SifiveUart, WorksWhateverFirmwareLeft) {
    constexpr SifiveUartModel::Left kStates[] = {
        {},                                // off
        {1, 1, 0},                         // on, watermarks 0
        {0x7'0003, 0x7'0001, 3},           // the highest watermarks, two stop bits, all interrupts
        {0x7'0000, 0x7'0000, 1},           // the same, off
        {0x3'0001, 0x1'0001, 2},           // U-Boot's kind
        {0xffff'ffff, 0xffff'ffff, ~0u}};  // nonsense
    for (const SifiveUartModel::Left& left : kStates) {
        SifiveUartModel model({.sends_at_once = false});
        model.left_by_firmware(left);
        with_device(model, "sifive,uart0", 0, 1, [&](const machine::DeviceInfo& device) {
            SifiveUart uart;
            ASSERT_TRUE(uart.start(device).ok());
            EXPECT_EQ(model.transmit_control() & 2, left.transmit_control & 2) << "stop bits";
            EXPECT_TRUE(uart.all_sent());
            EXPECT_FALSE(model.interrupts());
            model.receive("k");
            EXPECT_TRUE(model.interrupts()) << "the first byte is worth an interrupt";
            EXPECT_EQ(receive_all(uart), "k");
            EXPECT_EQ(transmit(uart, "0123456789"), 8u);
            uart.request_transmit_interrupt();
            EXPECT_FALSE(model.interrupts());
            model.send_some(7);
            EXPECT_FALSE(uart.all_sent());
            model.send_some(1);
            EXPECT_TRUE(uart.all_sent());
            EXPECT_TRUE(model.interrupts()) << "there is room";
        });
    }
}

TEST(SifiveUart, BytesGoBothWaysThroughFullFifos) {
    SifiveUartModel model({.sends_at_once = false});
    with_device(model, "sifive,uart0", 0, 1, [&](const machine::DeviceInfo& device) {
        SifiveUart uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_EQ(transmit(uart, "0123456789"), 8u);
        EXPECT_FALSE(uart.all_sent());
        model.send_some(3);
        EXPECT_EQ(transmit(uart, "89"), 2u);
        model.send_some(8);
        EXPECT_TRUE(uart.all_sent());
        EXPECT_EQ(model.sent(), "0123456789");
        model.receive("more than eight bytes");
        EXPECT_EQ(receive_all(uart), "more than eight bytes");
    });
}

TEST(SifiveUart, InterruptsForRoomOnlyWhenAsked) {
    SifiveUartModel model({});
    with_device(model, "sifive,uart0", 0, 1, [&](const machine::DeviceInfo& device) {
        SifiveUart uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_FALSE(model.interrupts());
        uart.request_transmit_interrupt();
        EXPECT_TRUE(model.interrupts());
        uart.cancel_transmit_interrupt();
        EXPECT_FALSE(model.interrupts());
        model.receive("k");
        EXPECT_TRUE(model.interrupts());
        receive_all(uart);
        EXPECT_FALSE(model.interrupts());
    });
}

TEST(Ns16550, InterruptsForRoomOnlyWhenAsked) {
    Ns16550Model model(Ns16550Kind::kPlain, {.sends_at_once = false});
    with_device(model, "ns16550a", 0, 1, [&](const machine::DeviceInfo& device) {
        PlainNs16550 uart;
        ASSERT_TRUE(uart.start(device).ok());
        EXPECT_FALSE(model.interrupts());
        transmit(uart, "ab");
        uart.request_transmit_interrupt();
        EXPECT_FALSE(model.interrupts());
        model.send_some(2);
        EXPECT_TRUE(model.interrupts());
        uart.acknowledge();
        EXPECT_FALSE(model.interrupts()) << "looking at the cause quiets it";
        uart.cancel_transmit_interrupt();
        EXPECT_FALSE(model.interrupts());
    });
}

TEST(UartDrivers, AreFoundByTheNameInTheDescription) {
    for (const UartDriver& driver : uart_drivers()) {
        EXPECT_EQ(find_uart_driver(driver.compatible), driver.instance);
    }
    EXPECT_EQ(uart_drivers().size(), 3u);
    EXPECT_EQ(find_uart_driver("ns16550"), nullptr);
    EXPECT_EQ(find_uart_driver(""), nullptr);
}

}  // namespace
}  // namespace kernel::dev
