// ArchiveBuilder: cpio archives for tests, right or deliberately wrong.
#pragma once

#include <string>
#include <vector>

#include "base/std.h"

namespace kernel::dev::test {

/// Appends entries to a run of bytes.
class ArchiveBuilder {
public:
    static constexpr u32 kFile = 0100644;
    static constexpr u32 kDirectory = 0040755;

    ArchiveBuilder& add(std::string_view name, std::string_view data, u32 mode = kFile,
                        u32 mtime = 0) {
        char header[111];
        std::snprintf(header, sizeof header,
                      "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", 1, mode, 0, 0,
                      1, mtime, static_cast<u32>(data.size()), 0, 0, 0, 0,
                      static_cast<u32>(name.size()) + 1, 0);
        bytes_ += std::string_view(header, 110);
        bytes_ += name;
        bytes_ += '\0';
        pad(4);
        bytes_ += data;
        pad(4);
        return *this;
    }
    ArchiveBuilder& add_directory(std::string_view name) { return add(name, {}, kDirectory); }
    ArchiveBuilder& end() {
        add("TRAILER!!!", {}, 0);
        start_ = bytes_.size();
        return *this;
    }
    ArchiveBuilder& zeros(usize count) {
        bytes_ += std::string(count, '\0');
        start_ = bytes_.size();
        return *this;
    }
    ArchiveBuilder& raw(std::string_view text) {
        bytes_ += text;
        return *this;
    }

    std::string& bytes() { return bytes_; }
    /// A copy in a heap block of exactly that size, so that sanitizers see each byte too far.
    std::vector<std::byte> exact() const {
        std::vector<std::byte> copy(bytes_.size());
        std::ranges::copy(as_bytes(bytes_), copy.begin());
        return copy;
    }

private:
    void pad(usize alignment) {
        while ((bytes_.size() - start_) % alignment != 0) bytes_ += '\0';
    }

    std::string bytes_;
    usize start_ = 0;
};

}  // namespace kernel::dev::test
