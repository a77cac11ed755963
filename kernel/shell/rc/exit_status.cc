// Exit statuses.
#include "shell/rc/exit_status.h"

#include "base/format.h"

namespace kernel::shell::rc {

std::string_view exit_status(std::string_view status) {
    return status.find_first_not_of("|0") == std::string_view::npos ? std::string_view{} : status;
}

std::string_view bare_status(std::string_view message, u64 pid) {
    std::array<char, 24> mark;
    const std::string_view number = format_into(mark, " {}: ", pid);
    const usize at = message.find(number);
    return at == std::string_view::npos ? message : message.substr(at + number.size());
}

}  // namespace kernel::shell::rc
