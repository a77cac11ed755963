// Process: one program in memory, on its hart, with descriptors; and the system calls it makes.
#pragma once

#include "tests/user/personality.h"
#include "user/include/abi.h"

namespace user_tests {

class Process {
public:
    explicit Process(const Given& given);

    /// Maps the file as exec does, and puts arguments on a stack. False: it is no program.
    bool load(const std::string& image);
    Outcome run();

private:
    struct Descriptor {
        bool open = false;
        std::string path;  // of a file; empty for the three streams
        u64 offset = 0;
        u32 mode = 0;
    };

    // Memory.
    void map(u64 from, u64 to, interpreter_tests::Permissions permissions);
    /// A wild pointer is remembered, and read as and written to `nowhere_`.
    std::byte& byte(u64 at, interpreter_tests::Attempt attempt);
    void put(u64 at, const std::string& bytes);
    std::string get(u64 at, u64 size);
    std::string text(u64 at);
    u64 push(u64 sp, const std::string& bytes);

    // System calls.
    i64 call(u64 number, const u64* a);
    i64 fail(const std::string& error);
    i64 open(const std::string& name, u32 mode);
    i64 create(const std::string& name, u32 mode, u32 permissions);
    i64 remove(const std::string& name);
    i64 pread(u64 fd, u64 buffer, u64 size, i64 offset);
    i64 pwrite(u64 fd, u64 buffer, u64 size, i64 offset);
    i64 seek(u64 fd, i64 offset, u64 from);
    i64 stat(const std::string& path, u64 buffer, u64 size);
    i64 wstat(const std::string& path, u64 buffer, u64 size);
    i64 bind(const std::string& from, const std::string& onto, u64 flags);
    i64 unmount(const std::string& from, const std::string& onto);
    i64 swap_error(u64 buffer, u64 size);
    i64 grow(u64 end);

    Descriptor* descriptor(u64 fd);
    i64 add_descriptor(const std::string& path, u32 mode);
    std::string path_of(const std::string& name) const;
    std::string record(const std::string& path) const;
    std::string directory(const std::string& path) const;

    const Given& given_;
    Outcome outcome_;
    bool ended_ = false;
    bool wild_ = false;
    std::byte nowhere_{};
    interpreter_tests::PagedMemory memory_;
    host::interpreter::Interpreter hart_{memory_};
    host::interpreter::UserRegisters registers_{};
    std::vector<Descriptor> descriptors_;
    std::string error_;
    u64 break_ = 0;
    u64 in_offset_ = 0;
    u64 slept_ms_ = 0;
};

}  // namespace user_tests
