// Firmware after the SBI specification 2.0, and what its elders had.
#include "tests/unit/platform/fake_firmware.h"

#include <gtest/gtest.h>

namespace arch::riscv64::test {

using sbi::Reply;

namespace {

FakeFirmware* current = nullptr;

constexpr Reply kNotThere{sbi::Status::kNotSupported, 0};

const char* name_of(u64 type) {
    switch (type) {
        case 0:
            return "shutdown";
        case 1:
            return "cold reboot";
        case 2:
            return "warm reboot";
        default:
            return "unknown reset";
    }
}

}  // namespace

FakeFirmware::FakeFirmware(Version wanted) : version(wanted) {
    extensions = {
        Extension::kLegacyPutchar, Extension::kLegacyShutdown, Extension::kBase, Extension::kTimer,
        Extension::kIpi,           Extension::kFence,          Extension::kHart};
    if (version >= Version::k1_0) {
        extensions.insert(Extension::kReset);
        resets_that_work = {sbi::ResetType::kShutdown, sbi::ResetType::kColdReboot,
                            sbi::ResetType::kWarmReboot};
    }
    if (version >= Version::k2_0) extensions.insert(Extension::kConsole);
    current = this;
}

FakeFirmware::~FakeFirmware() { current = nullptr; }

bool FakeFirmware::is_legacy(Extension extension) const {
    return static_cast<u64>(extension) <= static_cast<u64>(Extension::kLegacyShutdown);
}

void FakeFirmware::leave(std::string way, bool works) {
    if (gone) return;
    ways_out.push_back(std::move(way));
    gone = works;
}

Reply FakeFirmware::base(u64 function, u64 which) {
    switch (function) {
        case 0: {
            constexpr u64 kVersions[] = {0x2, 0x3, 0x100'0000, 0x200'0000};
            return {Status::kSuccess, kVersions[static_cast<usize>(version)]};
        }
        case 3: {
            ++probes;
            const auto extension = static_cast<Extension>(which);
            const bool listed = lists_legacy || !is_legacy(extension);
            return {Status::kSuccess, listed && extensions.contains(extension) ? u64{1} : 0};
        }
        default:
            return kNotThere;
    }
}

Reply FakeFirmware::reset(u64 type, u64 reason) {
    const bool works = resets_that_work.contains(static_cast<sbi::ResetType>(type));
    leave(std::string(name_of(type)) + (reason == 1 ? " after a failure" : ""), works);
    return works ? Reply{Status::kSuccess, 0} : kNotThere;
}

Reply FakeFirmware::write_console(u64 size, u64 at) {
    ++console_writes;
    Take take = usual_take;
    if (!takes.empty()) {
        take = takes.front();
        takes.pop_front();
    }
    if (take.status != Status::kSuccess) return {take.status, 0};
    const u64 taken = std::min(take.bytes, size);
    if (!gone) console.append(reinterpret_cast<const char*>(at), taken);
    // A lie is as large as the test made it.
    return {Status::kSuccess, take.bytes == ~u64{0} ? size : take.bytes};
}

Reply FakeFirmware::legacy(Extension extension, u64 argument) {
    if (extension == Extension::kLegacyPutchar) {
        if (!gone) console += static_cast<char>(argument);
        return {Status::kSuccess, 0};
    }
    leave("legacy shutdown", legacy_shutdown_works);
    return kNotThere;
}

Reply FakeFirmware::call(Extension extension, u64 function, u64 a0, u64 a1, u64 a2, u64 a3) {
    if (!extensions.contains(extension)) {
        if (is_legacy(extension)) {
            if (extension == Extension::kLegacyShutdown) leave("legacy shutdown", false);
        } else {
            ++calls_of_missing;
        }
        return kNotThere;
    }
    if (is_legacy(extension)) return legacy(extension, a0);
    switch (extension) {
        case Extension::kBase:
            return base(function, a0);
        case Extension::kTimer:
            deadlines.push_back(a0);
            return {Status::kSuccess, 0};
        case Extension::kIpi:
            // One hart by a mask that begins at it is the only form in use.
            if (a0 != 1) ADD_FAILURE() << "hart mask " << a0;
            interrupted.push_back(a1);
            return {Status::kSuccess, 0};
        case Extension::kFence:
            if (function == 0) a2 = a3 = 0;  // a remote fence.i has no range
            fences.push_back({function, a0, a1, a2, a3});
            return {fence_answer, 0};
        case Extension::kHart:
            if (function != 0) return kNotThere;
            starts.push_back({a0, a1, a2});
            if (harts_that_refuse.contains(a0)) return {Status::kFailed, 0};
            return {Status::kSuccess, 0};
        case Extension::kReset:
            return function == 0 ? reset(a0, a1) : kNotThere;
        case Extension::kConsole:
            return function == 0 ? write_console(a0, a1) : kNotThere;
        default:
            return kNotThere;
    }
}

}  // namespace arch::riscv64::test

namespace arch::riscv64::sbi {

Reply call(Extension extension, u64 function, u64 a0, u64 a1, u64 a2, u64 a3) {
    if (test::current == nullptr) return {Status::kNotSupported, 0};
    return test::current->call(extension, function, a0, a1, a2, a3);
}

}  // namespace arch::riscv64::sbi
