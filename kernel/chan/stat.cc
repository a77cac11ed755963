// Stat records: little-endian numbers in fixed places, then four counted texts.
#include "chan/stat.h"

namespace kernel::chan {
namespace {

/// The size field itself is not counted in the size.
constexpr usize kSizeField = 2;

/// Appends to a buffer that is known to be large enough.
class Writer {
public:
    explicit Writer(Bytes out) : out_(out) {}

    template <std::unsigned_integral T>
    void number(T value) {
        for (usize i = 0; i < sizeof(T); ++i) {
            out_[at_++] = static_cast<std::byte>(value & 0xff);
            if constexpr (sizeof(T) > 1) value = static_cast<T>(value >> 8);
        }
    }
    void text(std::string_view value) {
        number(static_cast<u16>(value.size()));
        std::memcpy(out_.data() + at_, value.data(), value.size());
        at_ += value.size();
    }
    usize size() const { return at_; }

private:
    Bytes out_;
    usize at_ = 0;
};

/// Takes from a buffer; what is not there reads as zero and is remembered as a failure.
class Reader {
public:
    explicit Reader(ConstBytes in) : in_(in) {}

    template <std::unsigned_integral T>
    T number() {
        const ConstBytes bytes = take(sizeof(T));
        T value = 0;
        for (usize i = bytes.size(); i > 0; --i) {
            value = static_cast<T>((u64{value} << 8) | static_cast<u8>(bytes[i - 1]));
        }
        return value;
    }
    std::string_view text() { return as_text(take(number<u16>())); }
    bool ended_exactly() const { return !failed_ && in_.empty(); }

private:
    ConstBytes take(usize size) {
        if (size > in_.size()) {
            failed_ = true;
            return {};
        }
        const ConstBytes taken = in_.first(size);
        in_ = in_.subspan(size);
        return taken;
    }

    ConstBytes in_;
    bool failed_ = false;
};

template <usize N>
bool fits(std::string_view text, const FixedString<N>&) {
    return text.size() <= FixedString<N>::kCapacity;
}

}  // namespace

Stat keep_stat() {
    Stat keep;
    keep.device = 0xffff;
    keep.device_number = kKeep32;
    keep.qid = {kKeep64, kKeep32, 0xff};
    keep.mode = kKeep32;
    keep.atime = kKeep32;
    keep.mtime = kKeep32;
    keep.length = kKeep64;
    return keep;
}

usize stat_record_size(const Stat& stat) {
    return kStatFixedSize + stat.name.size() + stat.uid.size() + stat.gid.size() + stat.muid.size();
}

Result<usize> marshal_stat(const Stat& stat, Bytes out) {
    if (out.size() < kSizeField) return Error::kShortStat;
    const usize size = stat_record_size(stat);
    Writer writer(out);
    writer.number(static_cast<u16>(size - kSizeField));
    if (out.size() < size) return kSizeField;
    writer.number(stat.device);
    writer.number(stat.device_number);
    writer.number(stat.qid.type);
    writer.number(stat.qid.vers);
    writer.number(stat.qid.path);
    writer.number(stat.mode);
    writer.number(stat.atime);
    writer.number(stat.mtime);
    writer.number(stat.length);
    writer.text(stat.name);
    writer.text(stat.uid);
    writer.text(stat.gid);
    writer.text(stat.muid);
    ASSERT(writer.size() == size);
    return size;
}

Result<usize> next_stat_record(ConstBytes records) {
    if (records.size() < kStatFixedSize) return Error::kShortStat;
    Reader reader(records);
    const usize size = kSizeField + reader.number<u16>();
    if (size < kStatFixedSize || size > records.size()) return Error::kShortStat;
    return size;
}

Result<void> unmarshal_stat(ConstBytes record, Stat& stat) {
    if (TRY(next_stat_record(record)) != record.size()) return Error::kShortStat;
    Reader reader(record.subspan(kSizeField));
    stat.device = reader.number<u16>();
    stat.device_number = reader.number<u32>();
    stat.qid.type = reader.number<u8>();
    stat.qid.vers = reader.number<u32>();
    stat.qid.path = reader.number<u64>();
    stat.mode = reader.number<u32>();
    stat.atime = reader.number<u32>();
    stat.mtime = reader.number<u32>();
    stat.length = reader.number<u64>();
    const std::string_view name = reader.text();
    const std::string_view uid = reader.text();
    const std::string_view gid = reader.text();
    const std::string_view muid = reader.text();
    if (!reader.ended_exactly()) return Error::kShortStat;
    if (!fits(name, stat.name) || !fits(uid, stat.uid) || !fits(gid, stat.gid) ||
        !fits(muid, stat.muid)) {
        return Error::kNameTooLong;
    }
    stat.name.assign(name);
    stat.uid.assign(uid);
    stat.gid.assign(gid);
    stat.muid.assign(muid);
    return {};
}

}  // namespace kernel::chan
