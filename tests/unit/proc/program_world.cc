// What programs of tests are made of, and the device they lie on.
#include "tests/unit/proc/program_world.h"

#include "proc/user_mode.h"

namespace kernel::proc::test {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;

constexpr chan::DirEntry kFiles[] = {{"prog", 1, 0, 0555},   {"script", 2, 0, 0555},
                                     {"nested", 3, 0, 0555}, {"junk", 4, 0, 0555},
                                     {"empty", 5, 0, 0555},  {"closed", 6, 0, 0444}};

Result<Arguments> words(std::initializer_list<std::string_view> all) {
    Arguments arguments;
    for (std::string_view word : all) TRY(arguments.add(word));
    return arguments;
}

}  // namespace

Code ending(i32 offset) {
    Code code;
    if (offset < 0) {
        code.push_back(addi(a0, zero, 0));
    } else {
        code.push_back(lui(a0, kData));
        code.push_back(addi(a0, a0, static_cast<u64>(offset)));
    }
    code.push_back(li(a7, kExits));
    code.push_back(kEcall);
    return code;
}

Code operator+(Code first, const Code& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Code call(u32 number) { return {li(a7, number), kEcall}; }

Result<PreparedProgram> prepare(std::string_view name,
                                std::initializer_list<std::string_view> argv) {
    return PreparedProgram::prepare(name, TRY(words(argv)));
}

ProcId run_program(std::string_view name) {
    return child([name = std::string(name)]() -> std::string {
        std::optional<PreparedProgram> program;
        {
            Result<PreparedProgram> prepared = prepare(name);
            if (!prepared.ok()) return std::string(error_text(prepared.error()));
            program.emplace(std::move(prepared.value()));
        }
        PreparedProgram::become(std::move(*program));
    });
}

void run_with(const Code& code, std::string_view data, const std::function<void()>& body, u64 seeds,
              u32 harts) {
    ProgramDevice device(kFiles);
    device.set(1, program(code, data));
    device.set(2, "#!#x/prog one 'two three'\nnothing");
    device.set(3, "#!#x/script\n");
    device.set(4, "certainly no program");
    device.set(5, "");
    device.set(6, program(code, data));
    for (const bool shown : {false, true}) {
        device.show_contents(shown);
        for (u64 seed = 1; seed <= seeds; ++seed) {
            WorldOptions options;
            options.machine.harts = harts;
            options.machine.seed = seed;
            options.machine.scheduler.switching = UserMode::switching;
            options.devices = {&device};
            run_world(body, options);
            if (testing::Test::HasFailure()) return;
        }
    }
}

std::string message() { return std::string(must_wait().message.view()); }

}  // namespace kernel::proc::test
