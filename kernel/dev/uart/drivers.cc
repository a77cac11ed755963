// The table of serial port drivers.
#include "dev/uart/drivers.h"

#include "dev/uart/dw_apb_uart.h"
#include "dev/uart/ns16550.h"
#include "dev/uart/sifive_uart.h"

namespace kernel::dev {
namespace {

// Each protected by the console's output lock once it is the console's.
constinit PlainNs16550 ns16550;
constinit DwApbUart dw_apb_uart;
constinit SifiveUart sifive_uart;

constexpr UartDriver kDrivers[] = {
    {"ns16550a", &ns16550},
    {"snps,dw-apb-uart", &dw_apb_uart},
    {"sifive,uart0", &sifive_uart},
};

}  // namespace

std::span<const UartDriver> uart_drivers() { return kDrivers; }

Uart* find_uart_driver(std::string_view compatible) {
    for (const UartDriver& driver : kDrivers) {
        if (driver.compatible == compatible) return driver.instance;
    }
    return nullptr;
}

}  // namespace kernel::dev
