// Batch: runs /boot/cmd between marks on the raw console.
#include "init/batch.h"

#include "base/atomic.h"
#include "base/fixed_string.h"
#include "base/log.h"
#include "base/text.h"
#include "dev/console/console.h"
#include "dev/kmesg.h"
#include "dev/power.h"
#include "sched/rendez.h"
#include "shell/session.h"
#include "syscall/calls.h"

namespace kernel::init {
namespace {

constexpr std::string_view kCommands = "/boot/cmd";
constexpr std::string_view kMarkerFile = "/boot/marker";

constinit FixedString<64> marker;  // const once the batch has begun

/// The token in /boot/marker; `batch` if there is none.
void read_marker() {
    std::array<std::byte, 64> text;
    const Result<i32> fd = syscall::open(kMarkerFile, chan::kORead);
    const Result<usize> size =
        fd.ok() ? syscall::read(fd.value(), text) : Result<usize>(fd.error());
    if (fd.ok()) (void)syscall::close(fd.value());  // ignored: opened for reading
    marker.assign(size.ok() ? trim(as_text({text.data(), size.value()})) : "batch");
}

/// Writes the whole text, also when notes come.
void put(std::string_view text) {
    while (!text.empty()) {
        const Result<usize> written = dev::console().output().write(as_bytes(text));
        if (written.ok()) text.remove_prefix(written.value());
    }
}

/// Whether somebody is on the way to turn the machine off.
constinit Atomic<u32> ending{0};  // atomic: relaxed, see put_end_mark()

/// The farewell of a batch: also when a command turns the machine off. There is one end mark: the
/// first to come writes it, later ones wait for the power to go.
u8 put_end_mark(u8 status) {
    // relaxed: decides who goes on, and hands nothing over.
    if (ending.exchange(1, std::memory_order_relaxed) != 0) {
        sched::Rendez never;
        sched::sleep_uninterruptible(never, [] { return false; });
    }
    const u8 said = status == 0 ? 0 : 1;
    std::array<char, 128> line;
    put(format_into(line, "@{} end {}\n", marker.view(), said));
    return said;
}

}  // namespace

bool is_batch() {
    chan::Stat stat;
    return syscall::stat(kCommands, stat).ok();
}

void run_batch() {
    read_marker();
    dev::show_log(false);
    dev::console().output().set_newline_translation(false);
    std::array<char, 128> line;
    put(format_into(line, "\n@{} begin\n", marker.view()));
    dev::set_farewell(put_end_mark);
    const bool ok = shell::run_script_process(kCommands).view().empty();
    dev::power_off(ok ? 0 : 1);
}

void put_panic_mark() {
    if (marker.empty()) return;
    std::array<char, 128> line;
    dev::console().output().write_in_panic(format_into(line, "\n@{} panic\n", marker.view()));
}

}  // namespace kernel::init
