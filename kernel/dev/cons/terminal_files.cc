// The files of #c that are the terminal and the log: cons, consctl, kmesg.
#include "base/text.h"
#include "dev/cons/files.h"
#include "dev/console/console.h"
#include "dev/kmesg.h"

namespace kernel::dev::cons {
namespace {

/// A word of consctl.
struct Control {
    std::string_view word;
    void (*act)(Console& console, Caller& caller);
};
constexpr Control kControls[] = {
    {"rawon", [](Console& console, Caller&) { console.input().set_raw(true); }},
    {"rawoff", [](Console& console, Caller&) { console.input().set_raw(false); }},
    {"intron", [](Console& console, Caller&) { console.input().set_interrupts(true); }},
    {"introff", [](Console& console, Caller&) { console.input().set_interrupts(false); }},
    {"crlfon", [](Console& console, Caller&) { console.output().set_newline_translation(true); }},
    {"crlfoff", [](Console& console, Caller&) { console.output().set_newline_translation(false); }},
    {"foreground", [](Console& console, Caller& caller) { console.set_foreground(caller.pid()); }},
};

const Control* find_control(std::string_view word) {
    for (const Control& control : kControls) {
        if (control.word == word) return &control;
    }
    return nullptr;
}

}  // namespace

Result<usize> read_cons(Bytes out) { return console().input().read(out); }
Result<usize> write_cons(ConstBytes data) { return console().output().write(data); }

Result<void> command_consctl(Caller& caller, std::string_view text) {
    if (text.empty()) return Error::kEmptyCtl;
    // All words are looked at before the first acts.
    for (std::string_view rest = text; !(rest = trim(rest)).empty();) {
        if (find_control(next_word(rest)) == nullptr) {
            Caller::error_detail().format(" \"{}\"", text);
            return Error::kUnknownCtl;
        }
    }
    for (std::string_view rest = text; !(rest = trim(rest)).empty();) {
        find_control(next_word(rest))->act(console(), caller);
    }
    return {};
}

Result<void> render_kmesg(Caller&, Sink& sink) {
    std::array<char, MessageRing::kChunk> chunk;
    const MessageRing& ring = kmesg();
    const u64 end = ring.end();  // what is logged meanwhile is for the next reader
    u64 position = 0;
    while (position < end) {
        const MessageRing::Piece piece = ring.read(position, chunk);
        if (piece.start > position) format_to(sink, "({} bytes lost)\n", piece.start - position);
        const usize wanted = std::min<u64>(piece.size, end - std::min(end, piece.start));
        sink.write({chunk.data(), wanted});
        position = piece.start + piece.size;
    }
    return {};
}

}  // namespace kernel::dev::cons
