// The archive reader: every entry lies inside the archive, and it comes to an end.
#include "dev/root/archive.h"

#include "tests/fuzz/target.h"
#include "tests/unit/dev/archive_builder.h"

using kernel::dev::test::ArchiveBuilder;

std::vector<std::string> fuzz::seeds() {
    return {
        ArchiveBuilder().add_directory("d").add("d/f", "data").end().bytes(),
        ArchiveBuilder().add("a", "1").end().zeros(512).add("b", "22").end().zeros(4).bytes(),
        ArchiveBuilder().add(".pad", "xxxxxxx").add("long/name/of/a/file", "").end().bytes(),
        ArchiveBuilder().add("no trailer", std::string(300, 'x')).bytes(),
    };
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    const kernel::ConstBytes archive(reinterpret_cast<const std::byte*>(data), size);
    kernel::dev::ArchiveReader reader(archive);
    kernel::dev::ArchiveEntry entry;
    kernel::usize before = 0;
    for (;;) {
        const kernel::Result<bool> got = reader.next(entry);
        fuzz::check(reader.offset() <= size, "read beyond the archive");
        if (!got.ok()) {
            fuzz::check(!reader.problem().empty(), "refused without a reason");
            return 0;
        }
        if (!got.value()) return 0;
        fuzz::check(reader.offset() > before, "no progress");
        before = reader.offset();
        fuzz::check(!entry.name.empty() && entry.name.find('\0') == std::string_view::npos,
                    "a bad name");
        const auto* name = reinterpret_cast<const std::byte*>(entry.name.data());
        fuzz::check(name >= archive.data() && name + entry.name.size() <= archive.data() + size,
                    "a name outside");
        if (entry.data.empty()) continue;
        fuzz::check(entry.data.data() >= archive.data() &&
                        entry.data.data() + entry.data.size() <= archive.data() + size,
                    "data outside");
    }
}
