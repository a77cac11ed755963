// How calls are told, by the letters of the table's rows.
#include "syscall/call_lines.h"

#include "base/format.h"
#include "base/text.h"
#include "chan/read_state.h"
#include "mm/user_copy.h"
#include "proc/proc.h"
#include "syscall/table.h"

namespace kernel::syscall {
namespace {

/// What of data is shown.
constexpr usize kDataShown = 64;
/// What of a text a record of a trace shows.
constexpr usize kRecordTextShown = 144;
/// Words of an exec that are shown; more would not fit anyway.
constexpr usize kWordsShown = 256;

/// A line that grows to kCallLineMax.
class Line final : public Sink {
public:
    void write(std::string_view text) override {
        text_.write(text.substr(0, kCallLineMax - std::min(kCallLineMax, text_.size())));
    }
    Ref<proc::CallText> take() const {
        if (text_.failed()) return {};
        Result<Ref<proc::CallText>> made = proc::CallText::create(text_.text());
        return made.ok() ? std::move(made).value() : Ref<proc::CallText>();
    }

private:
    chan::GrowingText text_;
};

mm::AddressSpace& space() { return *proc::current().my_space(); }

/// `ADDRESS/"text"`, or 0/"" for nil; of the text `most` bytes.
void put_text(Sink& sink, u64 at, usize most) {
    if (at == 0) return sink.write("0/\"\"");
    format_to(sink, "0x{:x}/\"", at);
    std::array<char, 65> piece;
    for (usize shown = 0; shown < most; shown += piece.size() - 1) {
        const std::span<char> room =
            std::span(piece).first(std::min(piece.size() - 1, most - shown));
        const Result<std::string_view> text = mm::copy_text_in(space(), room, {at + shown});
        if (text.ok()) sink.write(text.value());
        // A text that goes on fills the piece.
        if (text.ok() || text.error() != Error::kTooBig) break;
        sink.write({room.data(), room.size()});
    }
    sink.write("\"");
}

/// `size` bytes of text.
void put_bytes(Sink& sink, u64 at, u64 size) {
    std::array<char, 64> piece;
    for (u64 done = 0; done < size; done += piece.size()) {
        const std::span<char> room = std::span(piece).first(std::min(piece.size(), size - done));
        if (!mm::copy_in(space(), std::as_writable_bytes(room), {at + done}).ok()) return;
        sink.write({room.data(), room.size()});
    }
}

/// ` ADDRESS/"data"`, with a dot for what is no printable character of ASCII.
void put_data(Sink& sink, u64 at, u64 size) {
    if (at == 0) return sink.write("0x0");
    std::array<char, kDataShown> shown;
    const usize count = std::min<u64>(size, shown.size());
    const std::span<char> data = std::span(shown).first(count);
    const bool there = mm::copy_in(space(), std::as_writable_bytes(data), {at}).ok();
    for (char& byte : data) {
        if (byte <= ' ' || byte > '~') byte = '.';
    }
    format_to(sink, " 0x{:x}/\"{}\"", at,
              there ? std::string_view(data.data(), data.size()) : std::string_view());
}

/// The words of an exec, as far as they are there.
void put_words(Sink& sink, u64 at, usize most) {
    for (usize i = 0; i < kWordsShown; ++i) {
        const Result<u64> word = mm::read_user<u64>(space(), {at + i * sizeof(u64)});
        if (!word.ok() || word.value() == 0) return;
        if (i != 0) sink.write(" ");
        put_text(sink, word.value(), most);
    }
}

void put_argument(Sink& sink, CallArgument kind, const CallArguments& all, usize index,
                  usize most) {
    const u64 value = all[index];
    switch (kind) {
        case CallArgument::kInt:
            return format_to(sink, "{}", static_cast<i32>(value));
        case CallArgument::kLong:
            return format_to(sink, "{}", static_cast<i64>(value));
        case CallArgument::kSize:
            return format_to(sink, "{}", value);
        case CallArgument::kFlags:
            return format_to(sink, "0x{:x}", static_cast<u32>(value));
        case CallArgument::kPointer:
            return format_to(sink, "0x{:x}", value);
        case CallArgument::kText:
            return put_text(sink, value, most);
        case CallArgument::kWritten:
            return put_data(sink, value, index + 1 < all.size() ? all[index + 1] : 0);
        case CallArgument::kWords:
            return put_words(sink, value, most);
    }
}

void put_arguments(Sink& sink, const CallDescription& call, const CallArguments& arguments,
                   usize most) {
    for (usize i = 0; i < call.arguments.size(); ++i) {
        if (i != 0) sink.write(" ");
        put_argument(sink, static_cast<CallArgument>(call.arguments[i]), arguments, i, most);
    }
}

/// Plan 9's name of a call: capitalised.
void put_name(Sink& sink, std::string_view name) {
    if (name.empty()) return sink.write("huh?");
    if (name.ends_with('_')) name.remove_suffix(1);
    const char first = static_cast<char>(name[0] - 'a' + 'A');
    sink.write({&first, 1});
    sink.write(name.substr(1));
}

/// What came into the program's memory, and the arguments that go with it.
void put_outcome(Sink& sink, const CallDescription& call, const EndedCall& ended, usize most) {
    const CallArguments& arguments = ended.arguments;
    switch (call.outcome) {
        case CallOutcome::kNumber:
        case CallOutcome::kPointer:
            return;
        case CallOutcome::kRead:
            if (ended.result > 0) {
                put_data(sink, arguments[1], static_cast<u64>(ended.result));
            } else {
                sink.write("/\"\"");
            }
            return format_to(sink, " {} {}", static_cast<i64>(arguments[2]),
                             static_cast<i64>(arguments[3]));
        case CallOutcome::kCounted:
            format_to(sink, "0x{:x}/\"", arguments[0]);
            if (ended.result > 0) {
                put_bytes(sink, arguments[0], std::min<u64>(static_cast<u64>(ended.result), most));
            }
            return format_to(sink, "\" {}", arguments[1]);
        case CallOutcome::kText: {
            // The place and its size are the last two arguments.
            const usize place = call.arguments.size() - 2;
            if (ended.result >= 0) {
                put_text(sink, arguments[place], most);
            } else {
                sink.write("\"\"");
            }
            return format_to(sink, " {}", arguments[place + 1]);
        }
    }
}

}  // namespace

Ref<proc::CallText> line_at_begin(u64 number, const CallArguments& arguments) {
    proc::Proc& self = proc::current();
    const CallDescription call = describe_call(number);
    FixedString<proc::kNameMax> text;
    {
        const sync::IrqSaveGuard guard(self.lock());
        text = self.attributes().text;
    }
    Line line;
    format_to(line, "{} {} ", self.id().pid, text.view());
    put_name(line, call.name);
    // As it is in the registers: behind the call.
    format_to(line, " {:x} ", self.registers().pc);
    put_arguments(line, call, arguments, kCallLineMax);
    return line.take();
}

Ref<proc::CallText> line_at_end(const EndedCall& ended) {
    const CallDescription call = describe_call(ended.number);
    Line line;
    put_outcome(line, call, ended, kCallLineMax);
    if (call.outcome == CallOutcome::kPointer) {
        format_to(line, " = 0x{:x}", static_cast<u64>(ended.result));
    } else {
        format_to(line, " = {}", ended.result);
    }
    format_to(line, " {} {} {}\n",
              ended.result == -1 ? proc::current().error_text().view() : std::string_view("\"\""),
              ended.begin.value, ended.end.value);
    return line.take();
}

/// Keeps the end of a record free for what says that it was cut.
class TraceText::Writer final : public Sink {
public:
    explicit Writer(TraceText& text) : to_(text) {}

    void write(std::string_view text) override {
        const std::span<char> free = std::span(to_.text_).subspan(to_.size_);
        const usize size = std::min(text.size(), free.size() - kCut.size());
        cut_ |= size < text.size();
        std::copy_n(text.data(), size, free.data());
        to_.size_ += size;
    }
    /// `NS PID HART NAME`
    void begin(Nanos when, std::string_view name) {
        const proc::Proc& self = proc::current();
        format_to(*this, "{} {} {} {}", when.value, self.id().pid, self.task().hart(),
                  name.empty() ? "?" : name);
    }
    /// A record is a line: control characters of what programs say are shown as dots.
    void finish() {
        const std::span<char> text = std::span(to_.text_).first(to_.size_);
        for (usize i = 0; i < text.size(); ++i) {
            const auto byte = static_cast<u8>(text[i]);
            const u8 next = i + 1 < text.size() ? static_cast<u8>(text[i + 1]) : 0;
            const bool second_set = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // C1, in UTF-8
            if (byte < ' ' || byte == 0x7f || second_set) text[i] = '.';
            if (second_set) text[++i] = '.';
        }
        if (!cut_) return;
        std::copy_n(kCut.data(), kCut.size(), to_.text_.data() + to_.size_);
        to_.size_ += kCut.size();
    }

private:
    static constexpr std::string_view kCut = "...";
    TraceText& to_;
    bool cut_ = false;
};

TraceText TraceText::begin(const proc::WatchedCall& call, const CallArguments& arguments) {
    const CallDescription row = describe_call(call.number);
    TraceText text;
    Writer writer(text);
    writer.begin(call.begin, row.name);
    writer.write("(");
    put_arguments(writer, row, arguments, kRecordTextShown);
    writer.write(")");
    writer.finish();
    return text;
}

TraceText TraceText::end(const EndedCall& ended, Returned returned) {
    const CallDescription row = describe_call(ended.number);
    const bool failed = ended.result == -1;
    TraceText text;
    Writer writer(text);
    writer.begin(ended.end, row.name);
    if (returned == Returned::kNotYet) {
        writer.write(" = -1");  // nothing was done
    } else if (row.outcome == CallOutcome::kPointer && !failed) {
        format_to(writer, " = 0x{:x}", static_cast<u64>(ended.result));
    } else {
        format_to(writer, " = {}", ended.result);
    }
    std::string_view error;
    if (returned == Returned::kNotYet) {
        error = "restart";
    } else if (failed) {
        error = proc::current().error_text().view();
    }
    // The clock may be set back meanwhile.
    const Nanos duration = ended.end - std::min(ended.begin, ended.end);
    format_to(writer, " {} \"{}\"", duration.value, error);
    const bool has_data = returned == Returned::kYes && row.outcome != CallOutcome::kNumber &&
                          row.outcome != CallOutcome::kPointer;
    if (has_data && ended.result >= 0) {
        writer.write(" ");
        put_outcome(writer, row, ended, kRecordTextShown);
    }
    writer.finish();
    return text;
}

}  // namespace kernel::syscall
