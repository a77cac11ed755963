// Batch: runs /boot/cmd between marks on the raw console.
#include "init/batch.h"

#include "base/fixed_string.h"
#include "base/log.h"
#include "base/text.h"
#include "dev/console/console.h"
#include "dev/kmesg.h"
#include "machine/power.h"
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
    const bool ok = shell::run_script_process(kCommands).view().empty();
    put(format_into(line, "@{} end {}\n", marker.view(), ok ? 0 : 1));
    dev::console().output().drain();
    machine::power_off(ok ? 0 : 1);
}

void put_panic_mark() {
    if (marker.empty()) return;
    std::array<char, 128> line;
    dev::console().output().write_in_panic(format_into(line, "\n@{} panic\n", marker.view()));
}

}  // namespace kernel::init
