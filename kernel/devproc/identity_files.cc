// args, ppid, noteid, user, and the reading of ctl: who a process is, and to whom it belongs.
#include "base/text.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "proc/proc_table.h"
#include "proc/self.h"

namespace kernel::devproc {
namespace {

/// Answers with a number that `get(process)` finds under a hold, in 12 bytes.
template <class Get>
Result<usize> read_number(const Request& request, Bytes out, Get&& get) {
    auto render = [&](Sink& sink) -> Result<void> {
        u32 number = 0;
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            number = get(*hold);
        }
        format_to(sink, "{:11} ", number);
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

/// Words that end in NUL, but perhaps the last.
void put_words(Sink& sink, std::string_view words) {
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find('\0'));
        words.remove_prefix(std::min(word.size() + 1, words.size()));
        put_quoted(sink, word);
        if (!words.empty()) sink.write(" ");
    }
}

}  // namespace

Result<usize> read_args(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        proc::Attributes attributes;
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            attributes = hold->attributes();
        }
        if (attributes.renamed) {
            format_to(sink, "{} [{}]", attributes.text.view(), attributes.args.view());
        } else {
            put_words(sink, attributes.args);
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> write_args(const Request& request, ConstBytes data) {
    if (request.offset != 0 || data.size() >= proc::kArgsMax) return Error::kTooBig;
    const proc::ProcHold hold = proc::table().hold(request.process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    proc::Attributes& attributes = hold->attributes();
    const std::string_view text = as_text(data);
    attributes.args.assign(text.substr(0, text.find('\0')));
    attributes.renamed = true;
    return data.size();
}

Result<usize> read_pid(const Request& request, Bytes out) {
    return read_number(request, out, [](const proc::Proc& process) { return process.id().pid; });
}

Result<usize> read_ppid(const Request& request, Bytes out) {
    return read_number(request, out,
                       [](const proc::Proc& process) { return proc::parent_pid(process); });
}

Result<usize> read_noteid(const Request& request, Bytes out) {
    return read_number(request, out, [](proc::Proc& process) {
        process.assert_held();
        return proc::note_id_locked(process);
    });
}

Result<usize> write_noteid(const Request& request, ConstBytes data) {
    if (request.offset != 0 || data.size() >= proc::kNoteMax) return Error::kTooBig;
    const i64 id = parse_leading_number(as_text(data));
    if (id <= 0) return Error::kBadArg;
    if (id > pid::kMaxNumber) return Error::kPermission;  // nobody has it
    const bool may_join = !request.caller.is_none() || request.caller.is_eve();
    TRY(proc::set_note_id(request.process, static_cast<u32>(id),
                          may_join ? proc::Joining::kOthers : proc::Joining::kNothing));
    return data.size();
}

Result<usize> read_user(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        chan::UserName user;
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            user = hold->caller().user();
        }
        format_to(sink, "{}\n", user.view());
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
