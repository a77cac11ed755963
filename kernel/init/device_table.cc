// The devices of this kernel, one row each, in the order of #c/drivers.
#include "init/device_table.h"

#include "dev/cap/cap_device.h"
#include "dev/cons/cons_device.h"
#include "dev/dup.h"
#include "dev/env.h"
#include "dev/pipe.h"
#include "dev/root/root.h"
#include "dev/srv.h"
#include "devproc/devproc.h"

namespace kernel::init {

std::span<chan::Dev* const> device_table() {
    static constinit std::array<chan::Dev*, 8> devices{};  // const after boot
    devices = {
        &dev::root_device(),  // #/  the archive, and directories to bind onto
        &dev::cons_device(),  // #c  console, time, identity, the machine
        &dev::dup_device(),   // #d  the caller's descriptors
        &dev::env_device(),   // #e  environment
        &devproc::device(),   // #p  processes
        &dev::srv_device(),   // #s  posted channels
        &dev::pipe_device(),  // #|  pipes
        &dev::cap_device(),   // #¤  capabilities
    };
    return devices;
}

}  // namespace kernel::init
