// Fiber: stacks come from makecontext, once; afterwards only setjmp and longjmp are used.
#include "tests/model/fiber.h"

#include <ucontext.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace model {
namespace {

constexpr std::size_t kStackBytes = 256 * 1024;

}  // namespace

void switch_to(Resumption& from, Resumption& to) {
    if (_setjmp(from.at) == 0) _longjmp(to.at, 1);
}

void abandon_for(Resumption& to) { _longjmp(to.at, 1); }

Fiber::Fiber() : stack_(new char[kStackBytes]) {
    ucontext_t bottom;
    if (getcontext(&bottom) != 0) std::abort();
    bottom.uc_stack.ss_sp = stack_.get();
    bottom.uc_stack.ss_size = kStackBytes;
    bottom.uc_link = nullptr;
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    // makecontext passes ints only: the pointer goes in two halves.
    makecontext(&bottom, reinterpret_cast<void (*)()>(&Fiber::enter), 2,
                static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
    if (_setjmp(here_.at) == 0) setcontext(&bottom);
}

void Fiber::enter(unsigned high, unsigned low) {
    Fiber* const self = reinterpret_cast<Fiber*>((static_cast<std::uintptr_t>(high) << 32) | low);
    // The first time on: back into the constructor. Later: from start(), with a body to run.
    if (_setjmp(self->base_.at) == 0) abandon_for(self->here_);
    self->body_(self->argument_);
    std::abort();  // a body ends with abandon_for()
}

void Fiber::start(Resumption& starter, Body body, void* argument) {
    body_ = body;
    argument_ = argument;
    switch_to(starter, base_);
}

}  // namespace model
