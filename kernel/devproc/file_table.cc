// The table of files.
#include "devproc/file_table.h"

#include "devproc/files.h"

namespace kernel::devproc {
namespace {

constexpr File kProcessFiles[] = {
    {.name = "args",
     .type = FileType::kArgs,
     .mode = 0660,
     .use = Use::kReadWrite,
     .kernel_use = KernelUse::kReadOnly,
     .read = read_args,
     .write = write_args,
     .help = "The arguments of the program; what is written replaces them."},
    {.name = "ctl",
     .type = FileType::kCtl,
     .mode = File::kProcessMode,
     .use = Use::kReadWrite,
     .kernel_use = KernelUse::kReadOnly,
     .read = read_pid,
     .write = write_ctl,
     .help = "Messages that control the process; reads as its number."},
    {.name = "fd",
     .type = FileType::kFd,
     .mode = 0444,
     .read = read_fd,
     .help = "The current directory, and a line for each open descriptor."},
    {.name = "kregs",
     .type = FileType::kKregs,
     .mode = 0400,
     .eve_only = true,
     .length = kRegisterWords * sizeof(u64),
     .read = read_kregs,
     .help = "Where the process will go on in the kernel: pc and sp in a register set."},
    {.name = "note",
     .type = FileType::kNote,
     .mode = File::kProcessMode,
     .use = Use::kReadWrite,
     .kernel_use = KernelUse::kNone,
     .read = read_note,
     .write = write_note,
     .help = "Takes the oldest queued note; what is written is posted."},
    {.name = "noteid",
     .type = FileType::kNoteid,
     .mode = 0664,
     .use = Use::kReadWrite,
     .kernel_use = KernelUse::kReadOnly,
     .read = read_noteid,
     .write = write_noteid,
     .help = "The number of its note group; writing another's joins that."},
    {.name = "notepg",
     .type = FileType::kNotepg,
     .mode = File::kProcessMode,
     .use = Use::kWriteOnly,
     .kernel_use = KernelUse::kNone,
     .write = write_notepg,
     .help = "What is written is posted to its note group, the writer excepted."},
    {.name = "ns",
     .type = FileType::kNs,
     .mode = 0444,
     .read = read_ns,
     .help = "The commands that would rebuild its name space."},
    {.name = "ppid",
     .type = FileType::kPpid,
     .mode = 0444,
     .read = read_ppid,
     .help = "The number of its parent."},
    {.name = "proc",
     .type = FileType::kProc,
     .mode = 0400,
     .eve_only = true,
     .read = read_proc,
     .help = "What the kernel knows about it, as a versioned record."},
    {.name = "status",
     .type = FileType::kStatus,
     .mode = 0444,
     .length = kStatusSize,
     .read = read_status,
     .help = "Program, user, state, times, size and priorities in one line of 176 bytes."},
    {.name = "wait",
     .type = FileType::kWait,
     .mode = 0400,
     .kernel_use = KernelUse::kReadOnly,
     .dynamic_length = wait_length,
     .read = read_wait,
     .help = "Waits for a child to end, and reads its exit record."},
};

constexpr File kRootFiles[] = {
    {.name = "ctl",
     .type = FileType::kSettings,
     .mode = 0664,
     .use = Use::kReadWrite,
     .read = read_settings,
     .write = write_settings,
     .help = "Settings for all processes, one to a line; the host owner may write such lines."},
    {.name = "stats",
     .type = FileType::kStats,
     .mode = 0444,
     .read = read_stats,
     .help = "Counters of processes, numbers and memory, one to a line."},
};

/// Each file by its type; null for a type that no file has.
constexpr auto kByType = [] {
    std::array<const File*, static_cast<usize>(FileType::kSettings) + 1> rows{};
    for (const File& file : kProcessFiles) rows[static_cast<usize>(file.type)] = &file;
    for (const File& file : kRootFiles) rows[static_cast<usize>(file.type)] = &file;
    return rows;
}();

}  // namespace

std::span<const File> process_files() { return kProcessFiles; }
std::span<const File> root_files() { return kRootFiles; }

const File* find_file(FileType type) {
    const auto index = static_cast<usize>(type);
    return index < kByType.size() ? kByType[index] : nullptr;
}

const File* find_file(std::span<const File> table, std::string_view name) {
    for (const File& file : table) {
        if (file.name == name) return &file;
    }
    return nullptr;
}

}  // namespace kernel::devproc
