// Records: error strings, wait records, stat records.
#include "user/programs/rc/records.h"

#include "base/text.h"
#include "shell/rc/exit_status.h"
#include "user/include/abi.h"

namespace kernel::shell::user {
namespace {

constexpr Error kErrors[] = {
#define ERROR(name, text) Error::name,
#include "base/error.def"
#undef ERROR
};

u32 number_at(ConstBytes bytes, usize at, usize size) {
    u32 value = 0;
    for (usize i = 0; i < size; ++i) value |= std::to_integer<u32>(bytes[at + i]) << 8 * i;
    return value;
}

}  // namespace

Error error_named(std::string_view text) {
    for (const Error error : kErrors) {
        const std::string_view known = error_text(error);
        // A detail may follow: `: reason`, or ` "what it was"`.
        if (!text.starts_with(known)) continue;
        const std::string_view detail = text.substr(known.size());
        if (detail.empty() || detail.starts_with(':') || detail.starts_with(" \"")) return error;
    }
    return Error::kGeneric;
}

Result<rc::WaitRecord> parse_wait_record(std::string_view text) {
    constexpr int kTimes = 3;
    std::string_view rest = text;
    const u64 pid = TRY(parse_canonical_decimal(next_word(rest)));
    for (int i = 0; i < kTimes; ++i) {
        (void)TRY(parse_c_number(next_word(rest)));  // ignored: only that it is one matters
    }
    const std::string_view quoted = next_word(rest);
    if (quoted.empty()) return Error::kBadArg;
    std::array<char, WAITTEXT> buffer;
    rc::WaitRecord record{.pid = pid, .status = {}};
    record.status.assign(rc::bare_status(unquote(quoted, buffer), pid));
    return record;
}

Result<FileRecord> parse_file_record(ConstBytes bytes) {
    // intro(5), stat(5): a size that does not count itself, numbers of fixed places, four texts.
    constexpr usize kSizeBytes = 2, kMode = 21, kName = 41, kNameText = kName + 2;
    if (bytes.size() < STATFIXED) return Error::kShortStat;
    const usize size = kSizeBytes + number_at(bytes, 0, kSizeBytes);
    const usize name_size = number_at(bytes, kName, 2);
    if (size > bytes.size() || kNameText + name_size > size) return Error::kShortStat;
    return FileRecord{.name = as_text(bytes.subspan(kNameText, name_size)),
                      .mode = number_at(bytes, kMode, 4),
                      .size = size};
}

}  // namespace kernel::shell::user
