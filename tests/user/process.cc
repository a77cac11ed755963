// Loading a program and serving its calls.
#include "tests/user/process.h"

#include <algorithm>
#include <cstring>

#include "proc/elf/program.h"

namespace user_tests {

namespace {

using host::interpreter::Cause;
using interpreter_tests::Attempt;
using interpreter_tests::kReadOnly;
using interpreter_tests::kReadWrite;
using interpreter_tests::Permissions;

constexpr Permissions kReadExecute{.load = true, .execute = true};
// Programs are not to know where their stack is; here it is far above the heap.
constexpr u64 kStackTop = 0x1000'0000;
constexpr u64 kStackSize = 256 * kernel::kPageSize;
constexpr u64 kHeapEnd = 0x0800'0000;
constexpr u64 kMostInstructions = 400'000'000;

enum Register { kSp = 2, kA0 = 10, kA7 = 17 };

void put_number(std::string& record, u64 value, int size) {
    for (int i = 0; i < size; ++i) record += static_cast<char>(value >> (8 * i));
}

}  // namespace

Process::Process(const Given& given) : given_(given), descriptors_(3) {
    outcome_.files = given.files;
    for (Descriptor& one : descriptors_) one.open = true;
}

void Process::map(u64 from, u64 to, Permissions permissions) {
    for (u64 page = kernel::align_down(from, kernel::kPageSize); page < to;
         page += kernel::kPageSize) {
        memory_.map(page, permissions);
    }
}

bool Process::load(const std::string& image) {
    using namespace kernel::proc::elf;
    Refusal why;
    const auto head = kernel::as_bytes(std::string_view(image).substr(0, kHeadBytes));
    const auto program = read_program(head, image.size(), {{0x1000}, {kHeapEnd}}, why);
    if (!program.ok()) {
        outcome_.trap = describe(why).view();
        return false;
    }
    for (const Segment& segment : program.value().segments()) {
        const Permissions permissions = segment.access == Access::kRead          ? kReadOnly
                                        : segment.access == Access::kReadExecute ? kReadExecute
                                                                                 : kReadWrite;
        map(segment.start.value, segment.end().value, permissions);
        for (u64 i = 0; i < segment.file_size; ++i) {
            *memory_.at(segment.start.value + i) =
                static_cast<std::byte>(image[segment.file_offset + i]);
        }
    }
    break_ = program.value().end_of_data().value;
    map(kStackTop - kStackSize, kStackTop, kReadWrite);

    Tos tos{};
    tos.pid = 7;
    const u64 tos_at = push(kStackTop, {reinterpret_cast<const char*>(&tos), sizeof tos});
    u64 sp = tos_at;
    std::string vector;
    put_number(vector, given_.argv.size(), 8);
    for (const std::string& word : given_.argv) {
        sp -= word.size() + 1;
        put(sp, word + '\0');
        put_number(vector, sp, 8);
    }
    put_number(vector, 0, 8);
    sp = push(kernel::align_down(sp, 16), vector + std::string(vector.size() % 16, '\0'));
    registers_.x[kSp] = sp;
    registers_.x[kA0] = tos_at;
    registers_.pc = program.value().entry().value;
    return true;
}

u64 Process::push(u64 sp, const std::string& bytes) {
    sp = kernel::align_down(sp - bytes.size(), 16);
    put(sp, bytes);
    return sp;
}

Outcome Process::run() {
    while (!ended_) {
        const auto stop = hart_.run(registers_, kMostInstructions - outcome_.instructions);
        outcome_.instructions += stop.retired;
        if (stop.cause != Cause::kUserCall) {
            outcome_.trap = "cause " + std::to_string(static_cast<u64>(stop.cause)) + " at " +
                            std::to_string(registers_.pc) + ", value " + std::to_string(stop.value);
            break;
        }
        const u64 result = static_cast<u64>(call(registers_.x[kA7], &registers_.x[kA0]));
        if (wild_) {
            outcome_.trap = "bad address in system call " + std::to_string(registers_.x[kA7]);
            break;
        }
        // As the ABI says: what a call does not keep is zero.
        for (const int scratch : {5, 6, 7, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31}) {
            registers_.x[static_cast<usize>(scratch)] = 0;
        }
        registers_.x[kA0] = result;
        registers_.pc += 4;
    }
    return outcome_;
}

std::byte& Process::byte(u64 at, Attempt attempt) {
    const auto found = memory_.translate({at}, attempt);
    wild_ |= found.host == nullptr;
    nowhere_ = std::byte{0};
    return found.host != nullptr ? *found.host : nowhere_;
}

void Process::put(u64 at, const std::string& bytes) {
    for (const char one : bytes) byte(at++, Attempt::kStore) = static_cast<std::byte>(one);
}

std::string Process::get(u64 at, u64 size) {
    std::string bytes;
    for (u64 i = 0; i < size; ++i) bytes += static_cast<char>(byte(at + i, Attempt::kLoad));
    return bytes;
}

std::string Process::text(u64 at) {
    std::string bytes;
    for (char one; (one = static_cast<char>(byte(at++, Attempt::kLoad))) != '\0';) bytes += one;
    return bytes;
}

i64 Process::call(u64 number, const u64* a) {
    const auto path = [&](u64 fd) { return descriptor(fd)->path; };
    switch (number) {
        case CALL_exits:
            ended_ = true;
            outcome_.status = a[0] == 0 ? "" : text(a[0]);
            return 0;
        case CALL_open:
            return open(path_of(text(a[0])), static_cast<u32>(a[1]));
        case CALL_create:
            return create(path_of(text(a[0])), static_cast<u32>(a[1]), static_cast<u32>(a[2]));
        case CALL_remove:
            return remove(path_of(text(a[0])));
        case CALL_close:
            if (descriptor(a[0]) == nullptr) return fail("fd out of range or not open");
            *descriptor(a[0]) = {};
            return 0;
        case CALL_pread:
            return pread(a[0], a[1], a[2], static_cast<i64>(a[3]));
        case CALL_pwrite:
            return pwrite(a[0], a[1], a[2], static_cast<i64>(a[3]));
        case CALL_seek:
            return seek(a[0], static_cast<i64>(a[1]), a[2]);
        case CALL_bind:
            return bind(path_of(text(a[0])), path_of(text(a[1])), a[2]);
        case CALL_unmount:
            return unmount(a[0] == 0 ? "" : path_of(text(a[0])), path_of(text(a[1])));
        case CALL_stat:
            return stat(path_of(text(a[0])), a[1], a[2]);
        case CALL_wstat:
            return wstat(path_of(text(a[0])), a[1], a[2]);
        case CALL_fstat:
        case CALL_fwstat:
        case CALL_fd2path:
            if (descriptor(a[0]) == nullptr) return fail("fd out of range or not open");
            if (number == CALL_fstat) return stat(path(a[0]), a[1], a[2]);
            if (number == CALL_fwstat) return wstat(path(a[0]), a[1], a[2]);
            put(a[1], path(a[0]).substr(0, a[2] - 1) + '\0');
            return 0;
        case CALL_errstr:
            return swap_error(a[0], a[1]);
        case CALL_brk_:
            return grow(a[0]);
        case CALL_nsec:
            return static_cast<i64>(kNow * 1'000'000'000);
        case CALL_getpid:
            return 7;
        case CALL_sleep:
            slept_ms_ += a[0];
            return 0;
        case CALL_notify:
            return 0;
        default:
            ended_ = true;
            outcome_.trap = "no system call " + std::to_string(number);
            return -1;
    }
}

i64 Process::fail(const std::string& error) {
    error_ = error;
    return -1;
}

i64 Process::swap_error(u64 buffer, u64 size) {
    std::string given = text(buffer).substr(0, ERRMAX - 1);
    if (size > 0) put(buffer, error_.substr(0, size - 1) + '\0');
    error_ = given;
    return 0;
}

i64 Process::grow(u64 end) {
    if (end > kHeapEnd) return fail("virtual memory allocation failed");
    for (u64 page = break_; page < end; page += kernel::kPageSize) memory_.map(page, kReadWrite);
    break_ = std::max(break_, kernel::align_up(end, kernel::kPageSize));
    return 0;
}

}  // namespace user_tests
