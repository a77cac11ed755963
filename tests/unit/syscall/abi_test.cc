// What programs are told (user/include) is what the kernel does.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "machine/user.h"
#include "proc/limits.h"
#include "proc/tos.h"
#include "proc/user_notes.h"
#include "syscall/calls.h"
#include "syscall/rows/rows.h"
#include "syscall/table.h"
#include "user/include/abi.h"

namespace kernel::syscall {
namespace {

const std::map<u64, std::string> kCalls = {
#define SYSCALL(number, name, function) {number, #name},
#include "user/include/syscalls.def"
#undef SYSCALL
};

TEST(Abi, EveryCallHasTheNameAndNumberThatProgramsKnow) {
    for (u64 number = 0; number < machine::kSystemCalls + 4; ++number) {
        const auto known = kCalls.find(number);
        EXPECT_EQ(call_name(number), known == kCalls.end() ? "" : known->second) << number;
    }
}

TEST(Abi, EveryRowCanBeCalledAndOnlyBriefOnesAreShort) {
    for (u64 number = 0; number < machine::kSystemCalls; ++number) {
        const machine::SystemCall& row = machine::upcalls::procyon_system_calls[number];
        ASSERT_NE(row.run, nullptr) << number;
        EXPECT_EQ(row.run == rows::unknown, call_name(number).empty()) << number;
        const bool is_short = call_name(number) == "nsec" || call_name(number) == "getpid";
        EXPECT_EQ(row.full == 0, is_short) << number;
    }
    EXPECT_EQ(machine::upcalls::procyon_system_calls[machine::kSystemCalls - 1].run, rows::unknown);
}

static_assert(sizeof(::Ureg) == sizeof(machine::UserRegisters));
static_assert(offsetof(::Ureg, x) == offsetof(machine::UserRegisters, x1));
static_assert(offsetof(::Ureg, status) == offsetof(machine::UserRegisters, status));
static_assert(offsetof(::Ureg, value) == offsetof(machine::UserRegisters, value));
static_assert(sizeof(::Tos) == sizeof(proc::Tos));
static_assert(offsetof(::Tos, cyclefreq) == offsetof(proc::Tos, cycle_frequency));
static_assert(offsetof(::Tos, pid) == offsetof(proc::Tos, pid));
static_assert(offsetof(::Tos, clock) == offsetof(proc::Tos, clock));

static_assert(u32{::RFNAMEG} == kRfNameg && u32{::RFENVG} == kRfEnvg && u32{::RFFDG} == kRfFdg);
static_assert(u32{::RFNOTEG} == kRfNoteg && u32{::RFPROC} == kRfProc && u32{::RFMEM} == kRfMem);
static_assert(u32{::RFNOWAIT} == kRfNowait && u32{::RFCNAMEG} == kRfCnameg);
static_assert(u32{::RFCENVG} == kRfCenvg && u32{::RFCFDG} == kRfCfdg && u32{::RFREND} == kRfRend);
static_assert(u32{::RFNOMNT} == kRfNomnt && u32{::RFTHREAD} == kRfThread);
static_assert(u32{::RFPPWAIT} == kRfPpwait && u32{::RFSTOP} == kRfStop);

static_assert(u64{::NCONT} == static_cast<u64>(proc::Noted::kContinue));
static_assert(u64{::NDFLT} == static_cast<u64>(proc::Noted::kDefault));
static_assert(u64{::NSAVE} == static_cast<u64>(proc::Noted::kSave));
static_assert(u64{::NRSTR} == static_cast<u64>(proc::Noted::kRestore));
static_assert(usize{::ERRMAX} == kErrorTextMax && usize{::ERRMAX} == proc::kNoteMax);

}  // namespace
}  // namespace kernel::syscall
