// The table of notes and functions.
#include "shell/rc/signals.h"

namespace kernel::shell::rc {
namespace {

struct Signal {
    std::string_view note;  // what it begins with
    std::string_view function;
};
constexpr Signal kSignals[] = {
    {"interrupt", "sigint"},
    {"hangup", "sighup"},
    {"alarm", "sigalrm"},
    {"sys: fp:", "sigfpe"},
};

}  // namespace

std::string_view signal_function(std::string_view note) {
    for (const Signal& signal : kSignals) {
        if (note.starts_with(signal.note)) return signal.function;
    }
    return {};
}

}  // namespace kernel::shell::rc
