// ProgramDevice: `#x`, a directory of programs that are a few instructions, for exec to find.
#pragma once

#include <string>
#include <vector>

#include "chan/table_dev.h"

namespace kernel::proc::test {

/// Where the code of its programs begins, and where they have a page of data.
inline constexpr u64 kCode = 0x11000;
inline constexpr u64 kData = 0x20000;

/// An ELF file with `code` at kCode, and at kData a page that begins with `data`.
std::string program(std::span<const u32> code, std::string_view data = {});

/// Files that are in memory. `in place`: their bytes never move, and the device says so.
class ProgramDevice final : public chan::TableDev {
public:
    explicit ProgramDevice(std::span<const chan::DirEntry> files) : TableDev("x", "prog", files) {}

    /// What file `path` holds.
    void set(u64 path, std::string bytes) {
        if (files_.size() <= path) files_.resize(path + 1);
        files_[path] = std::move(bytes);
    }
    void show_contents(bool shown) { shown_ = shown; }

    Result<usize> read(chan::Caller& caller, chan::Chan& chan, Bytes out, u64 offset) override;
    std::optional<ConstBytes> contents(const chan::Chan& chan) override;

protected:
    void refine(const chan::DirEntry& row, chan::Stat& out) override;

private:
    std::vector<std::string> files_;  // by path; const while a machine runs
    bool shown_ = false;
};

}  // namespace kernel::proc::test
