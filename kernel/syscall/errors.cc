// The text of a failed call.
#include "chan/caller.h"
#include "syscall/calls.h"

namespace kernel::syscall {

ErrorString error_string(Error error) {
    std::array<char, kErrorTextMax> buffer;
    BufferSink sink(buffer);
    chan::print_error(sink, error);
    return ErrorString(sink.text());
}

}  // namespace kernel::syscall
