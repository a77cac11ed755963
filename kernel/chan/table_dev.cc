// Walking, listing, describing and opening the files of a table.
#include "chan/table_dev.h"

#include "chan/chan.h"
#include "chan/owner.h"

namespace kernel::chan {
namespace {

constexpr u32 kRootPermissions = 0555;

Qid qid_of(const DirEntry& row) { return {row.path, 0, row.type}; }

}  // namespace

const DirEntry* TableDev::row(const Chan& chan) const {
    for (const DirEntry& row : table_) {
        if (row.path == chan.qid().path) return &row;
    }
    return nullptr;
}

void TableDev::refine(const DirEntry& row, Stat& out) {
    (void)row;  // ignored: what the table says is all
    (void)out;
}

Result<void> TableDev::walk(Caller& caller, Chan& chan, std::string_view name) {
    (void)caller;                 // ignored: names are the same for all
    if (name == "..") return {};  // the root is the only directory
    for (const DirEntry& row : table_) {
        if (row.name == name) {
            chan.set_qid(qid_of(row));
            return {};
        }
    }
    return Error::kNotExist;
}

Result<bool> TableDev::entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) {
    (void)caller;  // ignored: listings are the same for all
    (void)dir;     // ignored: the root is the only directory
    if (cursor >= table_.size()) return false;
    const DirEntry& row = table_[static_cast<usize>(cursor)];
    ++cursor;
    describe(out, row.name, qid_of(row), row.length, row.permissions);
    refine(row, out);
    return true;
}

Result<void> TableDev::stat(Caller& caller, Chan& chan, Stat& out) {
    (void)caller;  // ignored: as in entry()
    const DirEntry* found = row(chan);
    if (found == nullptr) {
        describe(out, out.name, chan.qid(), 0, kRootPermissions);
        return {};
    }
    describe(out, found->name, qid_of(*found), found->length, found->permissions);
    refine(*found, out);
    return {};
}

Result<Ref<Chan>> TableDev::open(Caller& caller, Ref<Chan> chan, OpenMode mode) {
    const DirEntry* found = row(*chan);
    if (found == nullptr) {
        TRY(check_directory_open(mode));
    } else {
        TRY(check_permission(caller, host_owner(), found->permissions, mode));
    }
    return chan;
}

}  // namespace kernel::chan
