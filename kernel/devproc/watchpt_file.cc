// watchpt: the ranges of a process's memory whose loads and stores stop it with a note.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/secrets.h"
#include "machine/user_space.h"
#include "mm/heap.h"
#include "proc/proc_table.h"
#include "proc/watching.h"

namespace kernel::devproc {
namespace {

using mm::Watch;
using mm::WatchSet;

constexpr usize kLineMax = 255;
constexpr usize kEntrySize = 42;

/// `r`, `w` and `-` in any order, no letter twice.
Result<void> parse_type(std::string_view type, Watch& watch) {
    bool execute = false;
    for (const char letter : type) {
        if (letter == '-') continue;
        bool* const of = letter == 'r'   ? &watch.loads
                         : letter == 'w' ? &watch.stores
                         : letter == 'x' ? &execute
                                         : nullptr;
        if (of == nullptr || *of) return Error::kWatchType;
        *of = true;
    }
    return execute ? Error::kNoExecuteWatch : Result<void>();
}

Result<Watch> parse_watch(std::string_view line) {
    if (line.size() > kLineMax) return Error::kLineTooLong;
    std::array<std::string_view, 3> words;
    for (std::string_view& word : words) {
        word = next_word(line);
        if (word.empty()) return Error::kWatchFields;
    }
    if (!next_word(line).empty()) return Error::kWatchFields;
    Watch watch;
    TRY(parse_type(words[0], watch));
    const Result<u64> at = parse_c_number(words[1]);
    const Result<u64> size = parse_c_number(words[2]);
    if (!at.ok()) return Error::kWatchAddressText;
    if (!size.ok()) return Error::kWatchLengthText;
    const bool fits = at.value() <= machine::kUserEnd &&
                      size.value() <= machine::kUserEnd - at.value();
    if (!fits) return Error::kWatchAddress;
    watch.at = {at.value()};
    watch.size = size.value();
    return watch;
}

/// Watches as they are read from lines. On the heap: it is large for a kernel's stack.
struct Parsed {
    std::array<Watch, WatchSet::kWatchesMax> all{};
    usize count = 0;

    /// Empty lines count for nothing, nor does a last one without its end.
    Result<void> parse(std::string_view text) {
        for (usize end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
            const std::string_view line = text.substr(0, end);
            text.remove_prefix(end + 1);
            if (trim(line).empty()) continue;
            const Watch watch = TRY(parse_watch(line));
            if (count == all.size()) return Error::kTooManyWatches;
            all[count++] = watch;
        }
        return {};
    }
};

void print(Sink& sink, const Watch& watch) {
    format_to(sink, "{}{}- 0x{:016x} 0x{:016x}\n", watch.loads ? 'r' : '-',
              watch.stores ? 'w' : '-', watch.at.value, watch.size);
}

}  // namespace

Result<void> open_watchpt(chan::Chan&, const Opening& opening) {
    if (!opening.mode.truncates()) return {};
    if (!opening.mode.writes()) return Error::kPermission;
    return proc::set_watches(opening.process, {}, proc::ChangeOfWatches::kReplace);
}

Result<usize> read_watchpt(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            TRY(check_not_private(*hold));
        }
        const Ref<WatchSet> set = TRY(proc::watches_of(request.process));
        if (!set) return {};
        for (const Watch& watch : set->watches()) print(sink, watch);
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> write_watchpt(const Request& request, ConstBytes data) {
    mm::Box<Parsed> parsed = TRY(mm::Box<Parsed>::create());
    TRY(parsed->parse(as_text(data)));
    const auto change =
        request.offset == 0 ? proc::ChangeOfWatches::kReplace : proc::ChangeOfWatches::kAppend;
    TRY(proc::set_watches(request.process, std::span(parsed->all).first(parsed->count), change));
    return data.size();
}

u64 watchpt_length(proc::ProcRef process) {
    const Result<Ref<WatchSet>> set = proc::watches_of(process);
    return set.ok() && set.value() ? set.value()->watches().size() * kEntrySize : 0;
}

}  // namespace kernel::devproc
