// QEMU in a child process: memory is a file that both see, states come through a pipe as log lines.
#include "tests/interpreter/qemu.h"

#include "tests/interpreter/difference.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern char** environ;

namespace interpreter_tests {

namespace {

// Longer than any run takes, on a machine that is busy.
constexpr const char* kSecondsMax = "300";

std::string name_of(int descriptor) { return "/dev/fd/" + std::to_string(descriptor); }

std::vector<std::string> command(int memory, int log, std::optional<StateRange> states) {
    const char* given = std::getenv("PROCYON_QEMU");
    const std::string size = std::to_string(RamImage::kSize / kernel::kMiB) + "M";
    // clang-format off
    std::vector<std::string> words = {
        "timeout", kSecondsMax, given != nullptr ? given : "qemu-system-riscv64",
        // rv64imac, and no more than that.
        "-cpu", "rv64,f=false,d=false,h=false,zba=false,zbb=false,zbc=false,zbs=false",
        // A second hart, which sleeps: only where harts can be at once does QEMU 7.2 report the
        // faults of read-modify-writes as those of stores, as the architecture demands.
        "-smp", "2", "-M", "virt,memory-backend=ram", "-m", size, "-object",
        "memory-backend-file,id=ram,share=on,size=" + size + ",mem-path=" + name_of(memory),
        "-bios", "none", "-display", "none", "-serial", "none", "-monitor", "none"};
    // clang-format on
    if (states) {
        // One instruction per block of translated code, none chained to the next, each logged.
        const std::string range = hexadecimal(states->first) + ".." + hexadecimal(states->last);
        for (const std::string& word :
             {std::string("-singlestep"), std::string("-d"), std::string("cpu,nochain"),
              std::string("-dfilter"), range, std::string("-D"), name_of(log)}) {
            words.push_back(word);
        }
    }
    return words;
}

/// Reads registers out of lines as " pc       0000000000010000" and, with four registers each,
/// " x0/zero  0000000000000000 x1/ra    0000000000000000 ...".
class StateReader {
public:
    void read_line(std::string_view line) {
        if (line.starts_with(" pc ")) {
            state_.pc = number_at(line, 0);
        } else if (line.starts_with(" x")) {
            const unsigned first = static_cast<unsigned>(std::atoi(line.data() + 2));
            for (unsigned i = 0; i < 4 && first + i < 32; ++i) {
                state_.x[first + i] = number_at(line, i);
            }
            if (first == 28 && (states_.empty() || !(states_.back() == state_))) {
                states_.push_back(state_);
            }
        }
    }
    std::vector<State> take() { return std::move(states_); }

private:
    static constexpr usize kName = 10;    // columns before a number
    static constexpr usize kColumn = 26;  // and to the next one's name

    static u64 number_at(std::string_view line, unsigned index) {
        u64 value = 0;
        const usize from = index * kColumn + kName;
        for (const char c : line.substr(std::min(from, line.size()), 16)) {
            value = value << 4 | static_cast<u64>(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        return value;
    }

    State state_{};
    std::vector<State> states_;
};

std::vector<State> read_states(int from) {
    StateReader reader;
    std::FILE* const file = ::fdopen(from, "r");
    char* line = nullptr;
    std::size_t room = 0;
    ssize_t length;
    while ((length = ::getline(&line, &room, file)) > 0) {
        reader.read_line({line, static_cast<usize>(length)});
    }
    std::free(line);
    std::fclose(file);
    return reader.take();
}

/// Starts it with the two descriptors; -1 if that cannot be.
pid_t start(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    pid_t child = -1;
    return ::posix_spawnp(&child, pointers[0], nullptr, nullptr, pointers.data(), environ) == 0
               ? child
               : -1;
}

}  // namespace

QemuRun run_in_qemu(const RamImage& image, std::optional<StateRange> states) {
    QemuRun run;
    const int memory = ::memfd_create("interpreter-ram", 0);
    if (memory < 0 || ::ftruncate(memory, RamImage::kSize) != 0) return {"no memory file"};
    void* const shared =
        ::mmap(nullptr, RamImage::kSize, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (shared == MAP_FAILED) return {"no memory file"};
    std::memcpy(shared, image.bytes().data(), RamImage::kSize);

    int log[2];
    if (::pipe(log) != 0) return {"no pipe"};
    const pid_t child = start(command(memory, log[1], states));
    ::close(log[1]);
    run.states = read_states(log[0]);
    int status = -1;
    if (child < 0 || ::waitpid(child, &status, 0) != child) {
        run.error = "cannot start QEMU";
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        run.error = "QEMU ended with status " + std::to_string(status) +
                    " (tools/setup.sh installs it where it is missing)";
    }
    const std::byte* const left = static_cast<std::byte*>(shared);
    run.memory.assign(left, left + RamImage::kSize);
    ::munmap(shared, RamImage::kSize);
    ::close(memory);
    return run;
}

}  // namespace interpreter_tests
