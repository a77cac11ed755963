// A run is steps until one fails or there were enough.
#include "tests/host/interpreter/interpreter.h"

#include "tests/host/interpreter/execution.h"

namespace host::interpreter {

Stop Interpreter::run(UserRegisters& registers, u64 steps) {
    registers.x[0] = 0;
    registers.pc &= ~u64{1};  // as sepc, by which hardware comes here: its lowest bit is always 0
    Execution execution(registers, environment_, cache_, reservation_);
    for (u64 retired = 0; retired < steps; ++retired) {
        if (!execution.step(retired)) {
            return {execution.trap().cause, execution.trap().value, retired};
        }
    }
    return {Cause::kSteps, 0, steps};
}

}  // namespace host::interpreter
