// The serial port drivers: which chip answers to which name in the machine's description.
#pragma once

#include "base/std.h"
#include "dev/uart/uart.h"

namespace kernel::dev {

/// One driver. Each has one instance: the kernel drives one serial port, the console's.
struct UartDriver {
    std::string_view compatible;
    Uart* instance;
};

/// All drivers. Const.
std::span<const UartDriver> uart_drivers();

/// The driver for `compatible`; null if there is none.
Uart* find_uart_driver(std::string_view compatible);

}  // namespace kernel::dev
