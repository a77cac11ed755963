// TableDev: a device whose files are one constexpr table: a root directory and files in it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/dev.h"
#include "chan/qid.h"

namespace kernel::chan {

/// A file of a table-driven device: everything a directory says about it.
struct DirEntry {
    std::string_view name;
    u64 path;         // Qid path; not 0, which is the root; unique in the table
    u64 length;       // as stat shows it; 0 for what has no length
    u32 permissions;  // 0644 and the like; the owner is eve
    u8 type = kQtFile;
};

/// A device of one directory with the files of a table. Walk, list, stat and open (with permission
/// check) come from the table; the device implements read() and write(), switching over the Qid's
/// path. Root permissions are 0555.
///
///     enum File : u64 { kRoot, kNull, kZero };
///     constexpr DirEntry kFiles[] = {{"null", kNull, 0, 0666}, {"zero", kZero, 0, 0444}};
///     class Nothing final : public TableDev { ... };
class TableDev : public Dev {
public:
    constexpr TableDev(std::string_view letter, std::string_view name, std::span<const DirEntry> table)
        : Dev(letter, name), table_(table) {}

    Result<void> walk(Caller& caller, Chan& chan, std::string_view name) override;
    Result<bool> entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) override;
    Result<void> stat(Caller& caller, Chan& chan, Stat& out) override;
    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override;

protected:
    ~TableDev() = default;

    std::span<const DirEntry> table() const { return table_; }
    /// The table's row for `chan`; null for the root.
    const DirEntry* row(const Chan& chan) const;

    /// A last touch to what stat and listings say about a file, for lengths and owners that change.
    /// Does not block. Default: nothing.
    virtual void refine(const DirEntry& row, Stat& out);

private:
    const std::span<const DirEntry> table_;
};

}  // namespace kernel::chan
