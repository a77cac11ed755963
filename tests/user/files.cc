// The calls about files: a map from paths to what they hold.
#include <algorithm>

#include "tests/user/process.h"

namespace user_tests {

namespace {

constexpr const char* kNoFile = "file does not exist";
constexpr const char* kBadFd = "fd out of range or not open";

void put_number(std::string& record, u64 value, int size) {
    for (int i = 0; i < size; ++i) record += static_cast<char>(value >> (8 * i));
}

u64 number_at(const std::string& record, usize at, usize size) {
    u64 value = 0;
    for (usize i = 0; i < size; ++i) {
        value |= u64{static_cast<unsigned char>(record.at(at + i))} << (8 * i);
    }
    return value;
}

std::string last_element(const std::string& path) {
    return path == "/" ? path : path.substr(path.rfind('/') + 1);
}

std::string parent(const std::string& path) {
    const usize slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

/// All names are from /.
std::string Process::path_of(const std::string& name) const {
    std::string path;
    for (usize at = 0; at < name.size();) {
        const usize end = std::min(name.find('/', at), name.size());
        const std::string element = name.substr(at, end - at);
        if (!element.empty() && element != ".") path += "/" + element;
        at = end + 1;
    }
    return path.empty() ? "/" : path;
}

Process::Descriptor* Process::descriptor(u64 fd) {
    return fd < descriptors_.size() && descriptors_[fd].open ? &descriptors_[fd] : nullptr;
}

i64 Process::add_descriptor(const std::string& path, u32 mode) {
    usize fd = 0;
    while (fd < descriptors_.size() && descriptors_[fd].open) ++fd;
    if (fd == descriptors_.size()) descriptors_.emplace_back();
    descriptors_[fd] = {.open = true, .path = path, .offset = 0, .mode = mode};
    return static_cast<i64>(fd);
}

i64 Process::open(const std::string& name, u32 mode) {
    const auto file = outcome_.files.find(name);
    if (file == outcome_.files.end()) return fail(std::string(kNoFile) + ": '" + name + "'");
    const bool writes = (mode & 3) == OWRITE || (mode & 3) == ORDWR;
    const u32 needed = writes ? 0222 : 0444;
    if ((file->second.mode & needed) == 0) return fail("permission denied: '" + name + "'");
    if (writes && (file->second.mode & kDirectory) != 0) return fail("file is a directory");
    if ((mode & OTRUNC) != 0) file->second.data.clear();
    return add_descriptor(name, mode);
}

i64 Process::create(const std::string& name, u32 mode, u32 permissions) {
    const auto above = outcome_.files.find(parent(name));
    if (above != outcome_.files.end() && (above->second.mode & kDirectory) == 0) {
        return fail("not a directory");
    }
    const auto there = outcome_.files.find(name);
    if (there != outcome_.files.end()) {
        if ((mode & OEXCL) != 0) return fail("file already exists");
        return open(name, mode | OTRUNC);
    }
    if (above == outcome_.files.end() && parent(name) != "/") return fail(kNoFile);
    outcome_.files[name] = {"", permissions, static_cast<u32>(kNow)};
    return add_descriptor(name, mode);
}

i64 Process::remove(const std::string& name) {
    const auto file = outcome_.files.find(name);
    if (file == outcome_.files.end()) return fail(std::string(kNoFile) + ": '" + name + "'");
    if ((file->second.mode & kDirectory) != 0 && !directory(name).empty()) {
        return fail("directory not empty");
    }
    outcome_.files.erase(file);
    return 0;
}

i64 Process::pread(u64 fd, u64 buffer, u64 size, i64 offset) {
    Descriptor* const from = descriptor(fd);
    if (from == nullptr || (from->path.empty() && fd != 0)) return fail(kBadFd);
    std::string all = given_.in;
    if (!from->path.empty()) {
        const auto file = outcome_.files.find(from->path);
        if (file == outcome_.files.end()) return fail("i/o error");
        all = (file->second.mode & kDirectory) != 0 ? directory(from->path) : file->second.data;
    }
    const u64 at = std::min<u64>(offset < 0 ? from->offset : static_cast<u64>(offset), all.size());
    if (at >= given_.read_end) return fail("i/o error");
    const std::string part =
        all.substr(at, std::min<u64>({size, given_.read_most, given_.read_end - at}));
    put(buffer, part);
    if (offset < 0) from->offset = at + part.size();
    return static_cast<i64>(part.size());
}

i64 Process::pwrite(u64 fd, u64 buffer, u64 size, i64 offset) {
    Descriptor* const to = descriptor(fd);
    if (to == nullptr || (to->path.empty() && fd == 0)) return fail(kBadFd);
    const std::string part = get(buffer, size);
    if (to->path.empty()) {
        std::string& stream = fd == 1 ? outcome_.out : outcome_.err;
        if (fd == 1 && stream.size() + size > given_.write_most) return fail("i/o error");
        stream += part;
        return static_cast<i64>(size);
    }
    std::string& data = outcome_.files.at(to->path).data;
    const u64 at = offset < 0 ? to->offset : static_cast<u64>(offset);
    data.resize(std::max<usize>(data.size(), at + size));
    data.replace(at, size, part);
    if (offset < 0) to->offset = at + size;
    return static_cast<i64>(size);
}

i64 Process::seek(u64 fd, i64 offset, u64 from) {
    Descriptor* const one = descriptor(fd);
    if (one == nullptr || one->path.empty()) return fail(kBadFd);
    const u64 size = outcome_.files.at(one->path).data.size();
    const u64 base = from == SEEKEND ? size : from == SEEKHERE ? one->offset : 0;
    one->offset = base + static_cast<u64>(offset);
    return static_cast<i64>(one->offset);
}

/// A 9P stat record. The path's qid is its place in the map, so it is the same for the same path.
std::string Process::record(const std::string& path) const {
    const File& file = outcome_.files.at(path);
    const bool is_directory = (file.mode & kDirectory) != 0;
    std::string record;
    put_number(record, 'T', 2);
    put_number(record, 3, 4);
    put_number(record, file.mode >> 24, 1);
    put_number(record, 1, 4);
    put_number(record, std::hash<std::string>{}(path), 8);
    put_number(record, file.mode, 4);
    put_number(record, file.mtime, 4);
    put_number(record, file.mtime, 4);
    put_number(record, is_directory ? 0 : file.data.size(), 8);
    for (const std::string& one :
         {last_element(path), std::string("glenda"), std::string("sys"), std::string("glenda")}) {
        put_number(record, one.size(), 2);
        record += one;
    }
    std::string sized;
    put_number(sized, record.size(), 2);
    return sized + record;
}

std::string Process::directory(const std::string& path) const {
    std::string records;
    for (const auto& [name, file] : outcome_.files) {
        if (name != "/" && parent(name) == path) records += record(name);
    }
    return records;
}

i64 Process::stat(const std::string& path, u64 buffer, u64 size) {
    if (!outcome_.files.contains(path)) return fail(std::string(kNoFile) + ": '" + path + "'");
    const std::string all = record(path);
    if (all.size() > size) return fail("stat buffer too small");
    put(buffer, all);
    return static_cast<i64>(all.size());
}

i64 Process::wstat(const std::string& path, u64 buffer, u64 size) {
    const std::string all = get(buffer, size);
    const auto file = outcome_.files.find(path);
    if (file == outcome_.files.end()) return fail(std::string(kNoFile) + ": '" + path + "'");
    if (size < STATFIXED || number_at(all, 0, 2) + 2 != size) return fail("bad arg in system call");
    const u32 mode = static_cast<u32>(number_at(all, 21, 4));
    const u32 mtime = static_cast<u32>(number_at(all, 29, 4));
    const std::string name = all.substr(43, number_at(all, 41, 2));
    if (mode != ~u32{0}) file->second.mode = mode;
    if (mtime != ~u32{0}) file->second.mtime = mtime;
    if (name.empty()) return 0;
    const std::string above = parent(path);
    const std::string moved = (above == "/" ? "" : above) + "/" + name;
    if (outcome_.files.contains(moved)) return fail("file already exists");
    outcome_.files[moved] = file->second;
    outcome_.files.erase(path);
    return 0;
}

/// The calls are written down, no more: names stay what they are.
i64 Process::bind(const std::string& from, const std::string& onto, u64 flags) {
    for (const std::string& name : {from, onto}) {
        if (!outcome_.files.contains(name)) return fail(std::string(kNoFile) + ": '" + name + "'");
    }
    const auto kind = [&](const std::string& name) {
        return outcome_.files.at(name).mode & kDirectory;
    };
    if (kind(from) != kind(onto)) return fail("inconsistent mount");
    outcome_.mounts += "bind " + from + " " + onto + " " + std::to_string(flags) + "\n";
    return 1;
}

i64 Process::unmount(const std::string& from, const std::string& onto) {
    if (!outcome_.files.contains(onto)) return fail(std::string(kNoFile) + ": '" + onto + "'");
    outcome_.mounts += "unmount " + from + " " + onto + "\n";
    return 0;
}

}  // namespace user_tests
