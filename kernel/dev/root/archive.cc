// Reading cpio `newc`: a header of hexadecimal texts, the name, the data, each padded to 4 bytes.
#include "dev/root/archive.h"

#include "base/units.h"

namespace kernel::dev {
namespace {

constexpr std::string_view kMagic = "070701";
constexpr std::string_view kMagicWithSum = "070702";  // the same, with a check sum nobody checks
constexpr std::string_view kTrailer = "TRAILER!!!";
constexpr std::string_view kPadding = ".pad";
constexpr usize kFieldSize = 8;
constexpr usize kFields = 13;
constexpr usize kHeaderSize = kMagic.size() + kFields * kFieldSize;
constexpr usize kAlignment = 4;

/// The fields we look at, by place.
enum Field : usize { kMode = 1, kMtime = 5, kFileSize = 6, kNameSize = 11 };

std::optional<u32> parse_hex(std::string_view digits) {
    u32 value = 0;
    for (char c : digits) {
        u32 digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<u32>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<u32>(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<u32>(c - 'A') + 10;
        } else {
            return {};
        }
        value = value << 4 | digit;
    }
    return value;
}

}  // namespace

Error ArchiveReader::fail(std::string_view problem) {
    problem_ = problem;
    archive_ = {};
    return Error::kBadArchive;
}

usize ArchiveReader::aligned_end(usize from, usize size) const {
    return start_ + align_up(from - start_ + size, kAlignment);
}

Result<bool> ArchiveReader::next(ArchiveEntry& out) {
    for (;;) {  // ends because the offset rises
        if (!TRY(read_entry(out))) return false;
        if (out.name == kTrailer) {
            while (offset_ < archive_.size() && archive_[offset_] == std::byte{0}) ++offset_;
            start_ = offset_;
        } else if (out.name != kPadding) {
            return true;
        }
    }
}

Result<bool> ArchiveReader::read_entry(ArchiveEntry& out) {
    if (offset_ >= archive_.size()) return false;
    const usize left = archive_.size() - offset_;
    if (left < kHeaderSize) return fail("a header is cut off");
    const std::string_view header = as_text(archive_.subspan(offset_, kHeaderSize));
    if (!header.starts_with(kMagic) && !header.starts_with(kMagicWithSum)) {
        return fail("no cpio header");
    }
    std::array<u32, kFields> fields{};
    for (usize i = 0; i < kFields; ++i) {
        const std::optional<u32> value =
            parse_hex(header.substr(kMagic.size() + i * kFieldSize, kFieldSize));
        if (!value.has_value()) return fail("a header is garbled");
        fields[i] = *value;
    }

    const usize name_size = fields[kNameSize];
    if (name_size < 2 || name_size > kArchiveNameMax) return fail("absurd length of a name");
    if (name_size > left - kHeaderSize) return fail("a name is cut off");
    const usize name_start = offset_ + kHeaderSize;
    const std::string_view name = as_text(archive_.subspan(name_start, name_size));
    if (name.find('\0') != name_size - 1) return fail("a name does not end where it should");

    const usize data_start = aligned_end(name_start, name_size);
    const usize data_size = fields[kFileSize];
    if (data_size > 0 &&
        (data_start > archive_.size() || data_size > archive_.size() - data_start)) {
        return fail("the data of an entry are cut off");
    }
    out.name = name.substr(0, name_size - 1);
    out.mode = fields[kMode];
    out.mtime = fields[kMtime];
    out.data = data_size == 0 ? ConstBytes() : archive_.subspan(data_start, data_size);
    offset_ = std::min(aligned_end(data_start, data_size), archive_.size());
    return true;
}

}  // namespace kernel::dev
