// strace, straceset and tracepids: the calls of traced processes.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/target.h"
#include "proc/proc_table.h"
#include "proc/tracing.h"

namespace kernel::devproc {
namespace {

/// Words for those calls that people know by another name.
struct OtherName {
    std::string_view name;
    std::string_view call;
};
constexpr OtherName kOtherNames[] = {
    {"read", "pread"}, {"write", "pwrite"}, {"fork", "rfork"}, {"wait", "await"}, {"brk", "brk_"}};

std::string_view call_of(std::string_view word) {
    for (const OtherName& other : kOtherNames) {
        if (other.name == word) return other.call;
    }
    return word;
}

/// The calls that `word` names: one, a set, `file` (those of names and of descriptors), `all`, or
/// `none`. Errors: kBadArg with the word.
Result<proc::CallSet> calls_of(std::string_view word) {
    if (word == "all") return proc::kAllCalls;
    if (word == "none") return proc::CallSet{0};
    const std::string_view name = call_of(word);
    proc::CallSet calls = 0;
    for (u64 number = 0; number < machine::kSystemCalls; ++number) {
        const proc::CallName call = proc::name_call(number);
        if (call.name.empty()) continue;
        const bool is_file = word == "file" && (call.set == "path" || call.set == "fd");
        if (call.name == name || call.set == word || is_file) calls |= u64{1} << number;
    }
    if (calls != 0) return calls;
    chan::Caller::error_detail().format(": no call or set '{}'", word);
    return Error::kBadArg;
}

/// The next word of `text`, which is cut; empty at the end.
std::string_view take_word(std::string_view& text) {
    constexpr std::string_view kBlank = " \t\r\n";
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBlank)));
    const std::string_view word = text.substr(0, text.find_first_of(kBlank));
    text.remove_prefix(word.size());
    return word;
}

proc::Trace& trace_at(const chan::Chan& chan) {
    return *static_cast<proc::Trace*>(chan.device_pointer);
}

}  // namespace

Result<void> open_strace(chan::Chan& chan, const Opening& opening) {
    Ref<proc::Trace> trace = TRY(proc::trace_of(opening.process));
    // A member may be opened to others; its trace tells of all.
    const bool is_owner = opening.caller.user().view() == trace->owner().view();
    if (!is_owner && !opening.caller.is_eve()) return Error::kPermission;
    if (opening.mode.reads()) TRY(trace->open_reader(process_of(opening.caller)));
    chan.device_pointer = trace.leak();  // close_strace() has it
    return {};
}

Result<usize> read_strace(const Request& request, Bytes out) {
    return trace_at(request.chan).read(out, process_of(request.caller));
}

Result<usize> write_strace(const Request& request, ConstBytes data) {
    TRY(trace_at(request.chan).mark(as_text(data)));
    return data.size();
}

void close_strace(chan::Chan& chan) {
    if (chan.device_pointer == nullptr) return;  // was never opened
    auto* trace = static_cast<proc::Trace*>(std::exchange(chan.device_pointer, nullptr));
    if (chan.mode().reads()) trace->close_reader();
    Ref<proc::Trace>::adopt(*trace).reset();
}

Result<usize> read_straceset(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const Ref<proc::Trace> trace = TRY(proc::trace_of(request.process));
        const proc::CallSet calls = trace->calls();
        for (u64 number = 0; number < machine::kSystemCalls; ++number) {
            const std::string_view name = proc::name_call(number).name;
            if ((calls >> number & 1) != 0 && !name.empty()) format_to(sink, "{}\n", name);
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> write_straceset(const Request& request, ConstBytes data) {
    const Ref<proc::Trace> trace = TRY(proc::trace_of(request.process));
    std::string_view text = as_text(data);
    // Words without a sign say what the set is; those with one change it.
    proc::CallSet calls = trace->calls();
    bool replaced = false;
    for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
        if (word == "set" && !replaced) continue;
        const char sign = word[0];
        if (sign == '+' || sign == '-') word.remove_prefix(1);
        const proc::CallSet named = TRY(calls_of(word));
        if (sign == '-') {
            calls &= ~named;
            continue;
        }
        if (sign != '+' && !std::exchange(replaced, true)) calls = 0;
        calls |= named;
    }
    trace->set_calls(calls);
    return data.size();
}

Result<usize> read_tracepids(const Request& request, Bytes out) {
    auto render = [](Sink& sink) -> Result<void> {
        proc::ProcTable::Cursor cursor;
        while (const std::optional<proc::ProcRef> ref = proc::table().next(cursor)) {
            FixedString<proc::kNameMax> name;
            {
                const proc::ProcHold hold = proc::table().hold(*ref);
                if (!hold) continue;
                hold->assert_held();
                if (!hold->tracing().trace || hold->tracing().trace->is_over()) continue;
                name = hold->attributes().text;
            }
            format_to(sink, "{} {}\n", ref->pid, name.view());
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
