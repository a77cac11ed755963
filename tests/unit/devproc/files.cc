// Reading and writing #p in tests.
#include "tests/unit/devproc/files.h"
#include "tests/fixture/stat_record.h"

#include "proc/control.h"
#include "proc/notes.h"
#include "sched/rendez.h"

namespace kernel::devproc::test {

Ref<chan::Chan> must_open(const std::string& name, chan::OpenMode mode) {
    Result<Ref<chan::Chan>> opened = chan::open_name(me(), name, mode);
    EXPECT_EQ(result_of(opened), "ok") << name;
    return opened.ok() ? std::move(opened).value() : Ref<chan::Chan>();
}

std::string open_result(const std::string& name, chan::OpenMode mode) {
    return result_of(chan::open_name(me(), name, mode));
}

namespace {

/// Reads into `data`, which is cut to what was read. Nothing, and `<the error>` in `data`, if it
/// fails: bytes of a file may look like an error.
std::optional<usize> try_read(chan::Chan& chan, u64 offset, std::string& data) {
    const Result<usize> got =
        chan::read(me(), chan, std::as_writable_bytes(std::span(data)), offset);
    if (!got.ok()) {
        data = "<" + result_of(got) + ">";
        return std::nullopt;
    }
    data.resize(got.value());
    return got.value();
}

}  // namespace

std::string read_at(chan::Chan& chan, u64 offset, usize count) {
    std::string data(count, '\0');
    (void)try_read(chan, offset, data);  // ignored: the data says it
    return data;
}

std::string contents(const std::string& name, usize piece) {
    const Result<Ref<chan::Chan>> opened = chan::open_name(me(), name, chan::kORead);
    if (!opened.ok()) return "<" + result_of(opened) + ">";
    std::string all;
    for (;;) {  // ends with the file
        std::string part(piece, '\0');
        const std::optional<usize> got = try_read(*opened.value(), all.size(), part);
        all += part;
        if (got.value_or(0) == 0) return all;
    }
}

std::string write_result(chan::Chan& chan, std::string_view text) {
    chan::Caller::error_detail().clear();
    return result_of(chan::write(me(), chan, as_bytes(text), u64{0}));
}

std::string write_result(const std::string& name, std::string_view text) {
    const Result<Ref<chan::Chan>> opened = chan::open_name(me(), name, chan::kOWrite);
    return opened.ok() ? write_result(*opened.value(), text) : result_of(opened);
}

std::vector<std::string> listing(const std::string& name) {
    std::vector<std::string> names;
    const Ref<chan::Chan> dir = must_open(name);
    if (!dir) return names;
    for (;;) {  // ends with the directory
        std::array<std::byte, 2048> records;
        const Result<usize> got = chan::read(me(), *dir, records);
        EXPECT_EQ(result_of(got), "ok");
        if (!got.ok() || got.value() == 0) return names;
        ConstBytes rest(records.data(), got.value());
        while (!rest.empty()) {
            // MUST (both): directory reads give whole records.
            const usize size = MUST(chan::next_stat_record(rest));
            const chan::Stat stat = MUST(fixture::stat_of_record(rest.first(size)));
            names.emplace_back(stat.name.view());
            rest = rest.subspan(size);
        }
    }
}

chan::Stat stat_of(const std::string& name) {
    chan::Stat stat;
    const Result<Ref<chan::Chan>> found = chan::namec(me(), name, chan::NameUse::kAccess);
    EXPECT_EQ(result_of(found), "ok") << name;
    if (found.ok()) {
        EXPECT_EQ(result_of(chan::stat(me(), *found.value(), stat)), "ok");
    }
    return stat;
}

std::string wstat_result(const std::string& name, const chan::Stat& changes) {
    const Result<Ref<chan::Chan>> found = chan::namec(me(), name, chan::NameUse::kAccess);
    if (!found.ok()) return result_of(found);
    std::array<std::byte, chan::kStatRecordMax> record;
    // MUST: the record has room for any.
    const usize size = MUST(chan::marshal_stat(changes, record));
    return result_of(chan::wstat(me(), *found.value(), ConstBytes(record.data(), size)));
}

std::string file_of(u32 pid, std::string_view file) {
    return "#p/" + std::to_string(pid) + "/" + std::string(file);
}

proc::ProcId calling_child(std::string name) {
    return child(
        [] {
            for (;;) (void)proc::call_done(sched::sleep_for(nanos_from_micros(50)));
            return "";
        },
        {.name = name});
}

void kill_and_wait(proc::ProcId process) {
    EXPECT_EQ(outcome(proc::kill(ref_of(process.pid))), "ok");
    EXPECT_EQ(must_wait().id, process);
}

}  // namespace kernel::devproc::test
