// ProcessLines: lists /proc in order of pid and parses status files.
#include "shell/process_lines.h"

#include "base/text.h"
#include "shell/directory.h"
#include "shell/output.h"
#include "syscall/calls.h"

namespace kernel::shell {
namespace {

constexpr usize kStatusSize = 176;

/// The bytes of /proc/PID/status; an error when the process is gone.
Result<std::string_view> read_status(u64 pid, std::span<char> buffer) {
    std::array<char, 40> name;
    const OpenFile file(
        TRY(syscall::open(format_into(name, "/proc/{}/status", pid), chan::kORead)));
    const usize size = TRY(syscall::read(file.fd(), std::as_writable_bytes(buffer)));
    return std::string_view{buffer.data(), size};
}

}  // namespace

bool parse_status(u64 pid, std::string_view status, ProcessLine& line) {
    if (status.size() != kStatusSize) return false;
    line.pid = pid;
    line.text.assign(trim(status.substr(0, 28)));
    line.user.assign(trim(status.substr(28, 28)));
    line.state.assign(trim(status.substr(56, 12)));
    const auto number = [&](usize column) {
        return static_cast<u64>(parse_leading_number(status.substr(68 + column * 12, 11)));
    };
    line.user_ms = number(0);
    line.system_ms = number(1);
    line.real_ms = number(2);
    line.size_kib = number(6);
    line.base_priority = number(7);
    line.priority = number(8);
    return true;
}

Result<void> ProcessLines::fill(u64 after) {
    next_ = 0;
    count_ = 0;
    complete_ = true;
    const OpenFile directory(TRY(syscall::open("/proc", chan::kORead)));
    DirReader reader(directory.fd());
    for (;;) {  // ends with the directory
        const chan::Stat* entry = TRY(reader.next());
        if (entry == nullptr) return {};
        const Result<u64> pid = parse_canonical_decimal(entry->name.view());
        if (!pid.ok() || pid.value() <= after) continue;
        // Keep the kBatch smallest, by insertion.
        usize at = count_;
        while (at > 0 && pids_[at - 1] > pid.value()) --at;
        if (count_ == kBatch) complete_ = false;
        if (at == kBatch) continue;
        count_ = std::min(count_ + 1, kBatch);
        std::copy_backward(pids_.begin() + at, pids_.begin() + count_ - 1, pids_.begin() + count_);
        pids_[at] = pid.value();
    }
}

Result<const ProcessLine*> ProcessLines::next(u64 after) {
    for (;;) {  // each turn uses up a pid or ends
        if (next_ == count_) {
            if (complete_) return static_cast<const ProcessLine*>(nullptr);
            TRY(fill(after));
            if (count_ == 0) return static_cast<const ProcessLine*>(nullptr);
        }
        const u64 pid = pids_[next_++];
        after = pid;
        std::array<char, kStatusSize + 1> buffer;
        const Result<std::string_view> status = read_status(pid, buffer);
        if (!status.ok()) continue;  // gone since it was listed
        if (parse_status(pid, status.value(), line_)) return &line_;
    }
}

}  // namespace kernel::shell
