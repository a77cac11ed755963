// What a program may call while it is explored: checks, choices, plain data.
#include "tests/model/program.h"

#include "tests/model/var.h"

namespace model {
namespace {

std::string place(const std::source_location& where) {
    return std::string(where.file_name()) + ":" + std::to_string(where.line());
}

}  // namespace

void check(bool holds, const char* what, std::source_location where) {
    if (!holds) fail(std::string("check failed: ") + what + " (" + place(where) + ")");
}

void fail(const std::string& message) { Execution::running().fail(message); }

u32 choose(u32 count) { return Execution::running().choose(count); }

InterruptsOff::InterruptsOff() { Execution::running().allow_interrupts(false); }
InterruptsOff::~InterruptsOff() { Execution::running().allow_interrupts(true); }

void Accesses::read(std::source_location where) const {
    const Execution& execution = Execution::running();
    if (!execution.in_thread()) return;
    const u32 self = execution.current();
    const View& view = execution.view();
    if (written_at_ > view.clock[writer_]) {
        fail("data race: thread " + std::to_string(self) + " reads at " + place(where) +
             " what thread " + std::to_string(writer_) + " wrote");
    }
    read_at_[self] = view.clock[self];
}

void Accesses::write(std::source_location where) {
    const Execution& execution = Execution::running();
    if (!execution.in_thread()) return;
    const u32 self = execution.current();
    const View& view = execution.view();
    for (u32 other = 0; other < kMaxThreads; ++other) {
        const bool raced = read_at_[other] > view.clock[other] ||
                           (other == writer_ && written_at_ > view.clock[other]);
        if (raced) {
            fail("data race: thread " + std::to_string(self) + " writes at " + place(where) +
                 " what thread " + std::to_string(other) + " accesses");
        }
    }
    writer_ = self;
    written_at_ = view.clock[self];
}

}  // namespace model
