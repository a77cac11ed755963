// The error strings, in the order of the codes.
#include "base/error.h"

namespace kernel {
namespace {

constexpr std::string_view kTexts[] = {
#define ERROR(name, text) text,
#include "base/error.def"
#undef ERROR
};

constexpr bool all_texts_fit() {
    for (std::string_view text : kTexts) {
        if (text.empty() || text.size() >= kErrorTextMax) return false;
    }
    return true;
}
static_assert(all_texts_fit());

}  // namespace

std::string_view error_text(Error error) { return kTexts[static_cast<usize>(error)]; }

}  // namespace kernel
