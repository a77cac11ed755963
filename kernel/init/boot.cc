// Boot as one list of stages: each line says what works from here on.
#include "init/boot.h"

#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "chan/dev.h"
#include "chan/owner.h"
#include "dev/cap/cap_device.h"
#include "dev/console/console.h"
#include "dev/env.h"
#include "dev/kmesg.h"
#include "dev/random/random.h"
#include "dev/root/root.h"
#include "dev/srv.h"
#include "init/device_table.h"
#include "init/first_process.h"
#include "init/idle_stack.h"
#include "init/panic_report.h"
#include "machine/boot_info.h"
#include "machine/hart.h"
#include "machine/memory.h"
#include "mm/memory.h"
#include "mm/physical_segments.h"
#include "proc/proc_table.h"
#include "proc/tracing.h"
#include "proc/user_mode.h"
#include "sched/scheduler.h"
#include "syscall/table.h"

namespace kernel::init {
namespace {

/// A hart that should have passed the scheduler or its timer and has not for this long is hung.
constexpr Nanos kHangLimit = nanos_from_seconds(10);

void say_hello() {
    const machine::BootInfo& machine = machine::boot_info();
    u64 memory = 0;
    for (const PhysRange& range : machine.memory) memory += range.size;
    klog("Procyon {} on {}: {} hart{}, {} MiB", version(), machine.model, machine.hart_count,
         machine.hart_count == 1 ? "" : "s", memory / kMiB);
    klog("booted by hart {}", machine::hardware_hart_id(machine.boot_hart));
    if (!machine.boot_args.empty()) klog("boot arguments: {}", machine.boot_args);
}

void start_console() {
    const Result<void> started = dev::console().start(machine::boot_info().devices);
    if (!started.ok()) {
        klog("no serial port with a driver ({}): the console goes through firmware, output only",
             started.error());
    }
}

void name_the_owner() {
    const std::optional<std::string_view> owner = machine::boot_arg("hostowner");
    if (owner.has_value() && !owner->empty()) chan::set_host_owner(*owner);
}

void name_the_devices() {
    const std::string_view list = machine::boot_arg("segments").value_or("");
    mm::add_physical_segments(list, machine::boot_info());
}

void build_root() {
    const PhysRange& initrd = machine::boot_info().initrd;
    ConstBytes given;
    if (initrd.size > 0) {
        given = {machine::direct_map(initrd.start).as<const std::byte>(), initrd.size};
    }
    const ConstBytes archives[] = {dev::builtin_archive(), given};
    const Result<void> built = dev::build_root(archives);
    if (!built.ok()) PANIC("no memory for the names in the archive");
    dev::init_services();
    dev::init_capabilities();
    const Result<void> environment = dev::init_kernel_environment();
    if (!environment.ok()) PANIC("no memory for the kernel's environment");
}

/// The number that boot argument *`name` gives, if it is one and at most `most`.
std::optional<u64> number_argument(std::string_view name, u64 most) {
    const std::optional<std::string_view> text = machine::boot_arg(name);
    if (!text.has_value()) return std::nullopt;
    const Result<u64> number = parse_c_number(*text);
    if (number.ok() && number.value() <= most) return number.value();
    klog("boot argument *{}={} is no number up to {}: not used", name, *text, most);
    return std::nullopt;
}

void make_process_table() {
    constexpr u64 kDelayMax = 3600;  // seconds
    proc::TableOptions options;
    options.max_processes = static_cast<u32>(number_argument("nproc", ~u32{0}).value_or(0));
    options.random_numbers = static_cast<u32>(number_argument("randompid", ~u32{0}).value_or(0));
    if (const auto bits = number_argument("pidbits", pid::kNumberBits)) {
        options.number_bits = static_cast<u32>(*bits);
    }
    if (const auto delay = number_argument("piddelay", kDelayMax)) {
        options.reuse_delay = nanos_from_seconds(*delay);
    }
    dev::fill_random(std::as_writable_bytes(std::span(&options.seed, 1)));
    proc::use_call_names(syscall::name_call);
    const Result<void> made = proc::init(options);
    if (!made.ok()) PANIC("no memory for the process table");
}

}  // namespace

void boot() {
    set_log_writer(dev::write_log);  // klog reaches firmware's console
    set_up_panics();                 // a failure says why
    say_hello();
    mm::initialize(machine::boot_info());  // memory can be allocated, device registers mapped
    start_console();                       // log lines go to the serial port
    // tasks can be made
    sched::init({.switching = proc::UserMode::switching, .hang_limit = kHangLimit});
    dev::seed_random(machine::boot_info().seed);  // random numbers can be drawn
    name_the_owner();
    name_the_devices();                      // the owner's programs can attach their registers
    chan::set_device_table(device_table());  // #x names are known
    build_root();                            // #/ has the archive, #s and #e are empty
    make_process_table();                    // processes can be made
    make_first_process();                    // pid 1 waits for a hart
    dev::console().use_interrupts();         // typed bytes arrive
    make_idle_stacks();                      // every hart can enter the scheduler
    machine::start_other_harts();            // they do so by hart_main
    sched::enter_scheduler(idle_stack());    // pid 1 runs
}

}  // namespace kernel::init
