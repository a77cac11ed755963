// procyon-host: the kernel, its shell and its devices as a process of the host, on the threads or
// the sim backend.
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sched/scheduler.h"
#include "tests/board/backend.h"
#include "tests/host/common/machine.h"
#include "tests/host/devices/ns16550_model.h"

namespace {

using kernel::u32;
using kernel::u64;

constexpr int kUsageStatus = 125;
constexpr int kPanicStatus = 2;
constexpr kernel::PhysRange kPort{{0x1000'0000}, 0x100};
constexpr kernel::machine::IrqLine kPortLine = 10;
constexpr u64 kSimulatedDate = 1'750'000'000;  // the same in every simulated run

constexpr std::string_view kUsage =
    "usage: procyon-host [--harts N] [--mem SIZE] [--append ARGS] [--initrd FILE]\n"
    "                    [--backend threads|sim] [--seed N] [--no-reboot]\n"
    "Runs the kernel as a process. --seed N selects the simulator and replays schedule N.\n"
    "--no-reboot leaves with status 0 where the machine would start again.\n"
    "On a terminal, Ctrl-a x leaves.\n";

struct Options {
    host::MachineOptions machine;
    bool simulate = board::kIsSimulator;
    bool reboots = true;
};

[[noreturn]] void complain(const std::string& what) {
    std::fprintf(stderr, "procyon-host: %s\n%s", what.c_str(), kUsage.data());
    std::exit(kUsageStatus);
}

/// "N", "NK", "NM" or "NG".
std::optional<u64> parse_size(const std::string& text) {
    char* end = nullptr;
    errno = 0;
    const u64 number = std::strtoull(text.c_str(), &end, 10);
    if (end == text.c_str() || errno != 0 || text[0] == '-') return std::nullopt;
    const std::string_view unit(end);
    if (unit.empty()) return number;
    if (unit == "K") return number << 10;
    if (unit == "M") return number << 20;
    if (unit == "G") return number << 30;
    return std::nullopt;
}

std::vector<std::byte> read_file(const std::string& name) {
    std::FILE* file = std::fopen(name.c_str(), "rb");
    if (file == nullptr) complain(name + ": " + std::strerror(errno));
    std::vector<std::byte> bytes;
    std::array<std::byte, 65536> piece;
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file)) {
        bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
    }
    std::fclose(file);
    return bytes;
}

Options parse(int count, char** words) {
    Options options;
    options.machine.memory = 512 * kernel::kMiB;
    for (int i = 1; i < count; ++i) {
        const std::string option = words[i];
        if (option == "--help") {
            std::fputs(kUsage.data(), stdout);
            std::exit(0);
        }
        if (option == "--no-reboot") {
            options.reboots = false;
            continue;
        }
        if (i + 1 == count) complain("option " + option + " is unknown or lacks its value");
        const std::string value = words[++i];
        const std::optional<u64> number = parse_size(value);
        if (option == "--harts") {
            if (!number || *number == 0 || *number > kernel::machine::kMaxHarts) {
                complain("--harts takes 1 to " + std::to_string(kernel::machine::kMaxHarts));
            }
            options.machine.harts = static_cast<u32>(*number);
        } else if (option == "--mem") {
            constexpr u64 kLeast = 8 * kernel::kMiB;
            if (!number || *number < kLeast) complain("--mem takes a size of at least 8M");
            options.machine.memory = kernel::align_down(*number, kernel::kPageSize);
        } else if (option == "--append") {
            options.machine.boot_args = value;
        } else if (option == "--initrd") {
            options.machine.initrd = read_file(value);
        } else if (option == "--seed") {
            if (!number) complain("--seed takes a number");
            options.machine.seed = *number;
            options.simulate = true;
        } else if (option == "--backend") {
            if (value != "threads" && value != "sim") complain("--backend takes threads or sim");
            options.simulate = value == "sim";
        } else {
            complain("unknown option " + option);
        }
    }
    return options;
}

/// The terminal of the person, raw while the machine runs: the kernel's console does the editing.
class RawTerminal {
public:
    RawTerminal()
        : is_terminal_(isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &saved_) == 0) {
        if (!is_terminal_) return;
        termios raw = saved_;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    ~RawTerminal() { restore(); }
    void restore() const {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &saved_);
    }
    bool is_terminal() const { return is_terminal_; }

private:
    termios saved_{};
    bool is_terminal_;
};

/// Output collected into fewer writes, as the machine's console gives bytes one by one; a person
/// sees each at once.
class Output {
public:
    Output() : most_(isatty(STDOUT_FILENO) == 1 ? 1 : 4096) {}
    void put(char byte) {
        buffer_ += byte;
        if (byte == '\n' || buffer_.size() >= most_) flush();
    }
    void flush() {
        std::string_view rest = buffer_;
        while (!rest.empty()) {
            const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) break;
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        buffer_.clear();
    }

private:
    const std::size_t most_;
    std::string buffer_;
};

/// Hands what is typed to the port, until the end of input. Ctrl-a x on a terminal ends the
/// process.
void read_input(host::SerialPort& port, const RawTerminal& terminal) {
    constexpr char kEscape = 1;
    bool escaped = false;
    std::array<char, 256> bytes;
    for (;;) {  // ends with the input
        const ssize_t got = read(STDIN_FILENO, bytes.data(), bytes.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        for (char byte : std::string_view(bytes.data(), static_cast<std::size_t>(got))) {
            // Ctrl-a x leaves; Ctrl-a twice types one.
            if (terminal.is_terminal() && !escaped && byte == kEscape) {
                escaped = true;
                continue;
            }
            if (escaped && byte == 'x') {
                terminal.restore();
                _exit(0);
            }
            escaped = false;
            port.receive({&byte, 1});
        }
    }
}

/// The other executable, which is this one built on the other backend.
[[noreturn]] void become(const char* name, char** words) {
    std::array<char, 4096> path;
    const ssize_t size = readlink("/proc/self/exe", path.data(), path.size() - 1);
    std::string sibling(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    sibling.resize(sibling.rfind('/') + 1);
    sibling += name;
    execv(sibling.c_str(), words);
    std::fprintf(stderr, "procyon-host: %s: %s\n", sibling.c_str(), std::strerror(errno));
    std::exit(kUsageStatus);
}

}  // namespace

int main(int count, char** words) {
    Options options = parse(count, words);
    if (options.simulate != board::kIsSimulator) {
        become(options.simulate ? "procyon-host-sim" : "procyon-host", words);
    }
    const RawTerminal terminal;
    Output output;
    host::Ns16550Model port(host::Ns16550Kind::kPlain,
                            {.line = kPortLine, .on_sent = [&](char byte) { output.put(byte); }});
    options.machine.devices = {{.compatible = "ns16550a",
                                .registers = kPort,
                                .model = &port,
                                .line = kPortLine,
                                .is_console = true}};
    options.machine.wall_clock_base =
        (board::kIsSimulator ? kSimulatedDate : static_cast<u64>(std::time(nullptr))) *
        1'000'000'000;
    options.machine.simulation.report = kernel::sched::print_run_queues;
    // Programs may run for as long as they like; the runner has a limit of time.
    options.machine.simulation.step_limit = ~u64{0};
    options.machine.console = [&](std::string_view text) {
        for (char byte : text) output.put(byte);
    };
    std::thread(read_input, std::ref(port), std::cref(terminal)).detach();
    host::Outcome outcome;
    do {
        outcome = host::run_machine(options.machine);
        output.flush();
    } while (outcome.end == host::End::kRebooted && options.reboots);
    terminal.restore();
    if (outcome.end == host::End::kRebooted) _exit(0);
    if (outcome.end != host::End::kPoweredOff) {
        std::fprintf(stderr, "panic: the machine came to a standstill\n%s", outcome.report.c_str());
        _exit(kPanicStatus);
    }
    _exit(outcome.status);
}
