// Trace: formats operations, and quotes the source lines they come from.
#include "tests/model/trace.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace model {
namespace {

using Kind = Operation::Kind;

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::kLoad:
            return "load";
        case Kind::kStore:
            return "store";
        case Kind::kExchange:
            return "exchange";
        case Kind::kCompareExchange:
            return "compare_exchange";
        case Kind::kAdd:
            return "fetch_add";
        case Kind::kSub:
            return "fetch_sub";
        case Kind::kOr:
            return "fetch_or";
        case Kind::kAnd:
            return "fetch_and";
    }
    return "";
}

const char* name_of(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return "relaxed";
        case std::memory_order_consume:
        case std::memory_order_acquire:
            return "acquire";
        case std::memory_order_release:
            return "release";
        case std::memory_order_acq_rel:
            return "acq_rel";
        case std::memory_order_seq_cst:
            return "seq_cst";
    }
    return "";
}

std::string trimmed(const std::string& line) {
    const auto begin = line.find_first_not_of(' ');
    return begin == std::string::npos ? "" : line.substr(begin);
}

/// The line of the source that `where` names; nothing if the file is not there.
std::string source_line(const std::source_location& where) {
    std::string path = where.file_name();
    if (path.empty() || path[0] != '/') path = std::string(MODEL_SOURCE_ROOT "/") + path;
    std::ifstream file(path);
    std::string line;
    for (u32 i = 0; i < where.line(); ++i) {
        if (!std::getline(file, line)) return "";
    }
    return trimmed(line);
}

std::string base_name(const std::source_location& where) {
    const std::string path = where.file_name();
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string show(const Program& program, const Operation& operation, u64 value) {
    const std::string meaning = program.show(operation.atomic, value);
    if (!meaning.empty()) return meaning;
    char text[32];
    std::snprintf(text, sizeof(text), value < 10'000 ? "%llu" : "0x%llx",
                  static_cast<unsigned long long>(value));
    return text;
}

std::string thread_name(u32 thread, u32 depth) {
    return "thread " + std::to_string(thread) + (depth == 0 ? "" : ", in interrupt");
}

}  // namespace

void Trace::operation(const Program& program, u32 thread, u32 depth, const Operation& operation,
                      const Outcome& outcome) {
    std::string name = program.name_of(operation.atomic);
    if (name.empty()) name = "atomic " + std::to_string(operation.atomic->location);
    std::string what = name + " " + name_of(operation.kind) + " " + name_of(operation.order) + ": ";
    if (operation.reads()) what += "reads " + show(program, operation, outcome.read);
    if (outcome.wrote) {
        what += operation.reads() ? ", writes " : "writes ";
        what += show(program, operation, outcome.written);
    }
    if (outcome.newer != 0) {
        what += outcome.wrote ? " (before " : " (stale: ";
        what += std::to_string(outcome.newer) + " newer)";
    }
    lines_.push_back({thread_name(thread, depth),
                      base_name(operation.where) + ":" + std::to_string(operation.where.line()),
                      what, source_line(operation.where)});
}

void Trace::note(u32 thread, u32 depth, const std::string& text) {
    lines_.push_back({thread_name(thread, depth), "", text, ""});
}

std::string Trace::text() const {
    usize thread = 0;
    usize where = 0;
    usize what = 0;
    for (const Line& line : lines_) {
        thread = std::max(thread, line.thread.size());
        where = std::max(where, line.where.size());
        what = std::max(what, line.what.size());
    }
    what = std::min<usize>(what, 96);
    const auto padded = [](const std::string& text, usize width) {
        return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
    };
    std::string all;
    for (usize i = 0; i < lines_.size(); ++i) {
        char number[32];
        std::snprintf(number, sizeof(number), "%4zu  ", i + 1);
        std::string line = number + padded(lines_[i].thread, thread) + "  " +
                           padded(lines_[i].what, what) + "  " + padded(lines_[i].where, where) +
                           "  " + lines_[i].code;
        line.erase(line.find_last_not_of(' ') + 1);
        all += line + "\n";
    }
    return all;
}

}  // namespace model
