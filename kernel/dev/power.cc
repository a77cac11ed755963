// Leaving the machine in order.
#include "dev/power.h"

#include "dev/console/console.h"
#include "machine/power.h"

namespace kernel::dev {
namespace {

constinit Farewell farewell = nullptr;  // const once processes run

u8 say_goodbye(u8 status) {
    if (farewell != nullptr) status = farewell(status);
    console().output().drain();
    return status;
}

}  // namespace

void set_farewell(Farewell chosen) { farewell = chosen; }

void power_off(u8 status) { machine::power_off(say_goodbye(status)); }

void restart() {
    (void)say_goodbye(0);  // ignored: a machine that starts again has no status
    machine::reboot();
}

}  // namespace kernel::dev
