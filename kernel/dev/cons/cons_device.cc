// The device #c: from a channel to the row of its file.
#include "dev/cons/cons_device.h"

#include "base/text.h"
#include "chan/chan.h"
#include "chan/rendered_text.h"
#include "chan/table_dev.h"
#include "dev/cons/table.h"
#include "dev/console/console.h"

namespace kernel::dev {
namespace {

/// The longest command, its newline included.
constexpr usize kCommandMax = 256;

/// The directory as chan wants it: file n of the rows has Qid path n + 1.
constexpr auto kEntries = [] {
    std::array<chan::DirEntry, std::size(cons::kFiles)> entries{};
    for (usize i = 0; i < entries.size(); ++i) {
        const ConsFile& file = cons::kFiles[i];
        entries[i] = {file.name, i + 1, file.length, file.permissions};
    }
    return entries;
}();

constexpr const ConsFile& file_of(u64 qid_path) { return cons::kFiles[qid_path - 1]; }

/// In device_word of a channel that counts as an open consctl.
constexpr u64 kHoldsConsctl = 1;

class ConsDevice final : public chan::TableDev {
public:
    constexpr ConsDevice() : TableDev("c", "cons", kEntries) {}

    Result<Ref<chan::Chan>> open(chan::Caller& caller, Ref<chan::Chan> chan,
                                 chan::OpenMode mode) override {
        Ref<chan::Chan> opened = TRY(TableDev::open(caller, std::move(chan), mode));
        if (!opened->is_dir() && file_of(opened->qid().path).command == cons::command_consctl) {
            console().input().open_control();
            opened->device_word = kHoldsConsctl;
        }
        return opened;
    }

    void close(chan::Chan& chan) override {
        if (chan.device_word == kHoldsConsctl) console().input().close_control();
    }

    Result<usize> read(chan::Caller& caller, chan::Chan& chan, Bytes out, u64 offset) override {
        const ConsFile& file = file_of(chan.qid().path);
        if (file.read != nullptr) return file.read(out);
        if (file.render == nullptr) return Error::kGeneric;
        return chan::read_rendered(chan, out, offset,
                                   [&](Sink& sink) { return file.render(caller, sink); });
    }

    Result<usize> write(chan::Caller& caller, chan::Chan& chan, ConstBytes data, u64) override {
        const ConsFile& file = file_of(chan.qid().path);
        if (file.writers == Writers::kEve && !caller.is_eve()) return Error::kPermission;
        if (file.write != nullptr) return file.write(data);
        if (file.command == nullptr) return Error::kGeneric;
        if (data.size() > kCommandMax) return Error::kTooBig;
        TRY(file.command(caller, trim(as_text(data))));
        return data.size();
    }
};

constinit ConsDevice the_device;

}  // namespace

chan::Dev& cons_device() { return the_device; }
std::span<const ConsFile> cons_files() { return cons::kFiles; }

}  // namespace kernel::dev
