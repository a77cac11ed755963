// Processes with programs: exec, forks, faults, notes, meetings. The programs are a few
// instructions that an interpreter executes.
#include <gtest/gtest.h>

#include "mm/user_copy.h"
#include "proc/broken.h"
#include "proc/control.h"
#include "proc/notes.h"
#include "proc/user_mode.h"
#include "tests/unit/proc/failing.h"
#include "tests/unit/proc/program_world.h"

namespace kernel::proc::test {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;

TEST(Programs, EndWithTheirStatus) {
    run_with(ending(0), "all done", [] {
        const ProcId child = run_program();
        EXPECT_EQ(message(), "prog " + std::to_string(child.pid) + ": all done");
    });
    run_with(ending(-1), "", [] {
        run_program();
        EXPECT_EQ(message(), "");
    });
}

TEST(Programs, FindTheirWordsOnTheStack) {
    // The second word is the status: argc, argv[0], argv[1] lie at sp.
    const Code code = Code{ld(a0, 16, sp)} + call(kExits);
    run_with(code, "", [] {
        run_program();
        EXPECT_TRUE(message().ends_with(": x"));
        run_program("#x/script");
        EXPECT_TRUE(message().ends_with(": one"));
    });
}

TEST(Programs, FindTheirTosInTheFirstArgument) {
    // Its pid is the process's: the short call says the same.
    const Code code =
        Code{lw(s0, 64, a0), li(a7, kPid), kEcall, beq(a0, s0, 20)} + ending(0) + ending(-1);
    run_with(code, "another", [] {
        run_program();
        EXPECT_EQ(message(), "");
    });
}

TEST(Programs, AreRefusedWithAReason) {
    run_with(ending(-1), "", [] {
        EXPECT_EQ(outcome(prepare("#x/none")), "file does not exist");
        EXPECT_EQ(outcome(prepare("#x/closed")), "permission denied");
        EXPECT_EQ(outcome(prepare("#x")), "permission denied");
        EXPECT_EQ(outcome(prepare("#x/prog", {})), "bad arg in system call");
        const auto detail = [] { return std::string(chan::Caller::error_detail().view()); };
        EXPECT_EQ(outcome(prepare("#x/junk")), "exec header invalid");
        EXPECT_EQ(detail(), ": not an ELF file");
        EXPECT_EQ(outcome(prepare("#x/nested")), "exec header invalid");
        EXPECT_EQ(detail(), ": the interpreter is a script");
        EXPECT_EQ(outcome(prepare("#x/empty")), "exec header invalid");
    });
}

TEST(Programs, WhoseWordsAreTooManyAreRefused) {
    run_with(ending(-1), "", [] {
        Arguments arguments;
        const std::string word(1000, 'w');
        usize count = 0;
        Result<void> added;
        while ((added = arguments.add(word)).ok()) ++count;
        EXPECT_EQ(added.error(), Error::kNoVirtualMemory);
        EXPECT_EQ(count, kArgumentBytesMax / (word.size() + 1));
        EXPECT_TRUE(PreparedProgram::prepare("#x/prog", std::move(arguments)).ok());
    });
}

TEST(Programs, ThatTouchWhatIsNotThereDieOfIt) {
    run_with(Code{ld(a0, 8, zero)}, "", [] {
        run_program();
        const std::string text = message();
        EXPECT_NE(text.find("sys: trap: fault read addr=0x8 pc=0x11000"), std::string::npos)
            << text;
        release_all_broken();
    });
    run_with(Code{lui(a0, kCode), sd(zero, 0, a0)}, "", [] {
        run_program();
        const std::string text = message();
        EXPECT_NE(text.find("fault write addr=0x11000 pc=0x11004"), std::string::npos) << text;
        release_all_broken();
    });
    run_with(Code{lui(a0, kData), jalr(zero, 0, a0)}, "", [] {
        run_program();
        const std::string text = message();
        EXPECT_NE(text.find("fault execute addr=0x20000"), std::string::npos) << text;
        release_all_broken();
    });
}

/// Forks with a0 as Memory and a1 as Begin: the child adds one to the word at kData + 8 and ends;
/// the maker waits and ends with "same" if it sees the word so, else with "own". The texts lie at
/// kData + 16 and + 24.
Code forking(Memory memory, Begin begin) {
    return Code{
               addi(a0, zero, static_cast<u64>(memory)),
               addi(a1, zero, static_cast<u64>(begin)),
               li(a7, kFork),
               kEcall,
               lui(s0, kData),
               bne(a0, zero, 48 - 20),
               ld(t0, 8, s0),
               addi(t0, t0, 1),
               sd(t0, 8, s0),
           } +
           ending(-1) +
           Code{
               li(a7, kWait),    kEcall,           ld(t0, 8, s0),
               addi(a0, s0, 24), beq(t0, zero, 8), addi(a0, s0, 16),
           } +
           call(kExits);
}
constexpr std::string_view kForkData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0same\0\0\0\0own\0\0\0\0\0",
                                     32);

TEST(Programs, ForkWithWhatTheyAskFor) {
    const auto run_fork = [](Memory memory, Begin begin, std::string_view expected) {
        run_with(
            forking(memory, begin), kForkData,
            [expected] {
                run_program();
                const std::string text = message();
                EXPECT_TRUE(text.ends_with(expected)) << text;
            },
            8, 3);
    };
    run_fork(Memory::kCopy, Begin::kAtOnce, ": own");
    run_fork(Memory::kShareData, Begin::kAtOnce, ": same");
    run_fork(Memory::kShareData, Begin::kBeforeMaker, ": same");
    run_fork(Memory::kShareAll, Begin::kAtOnce, ": same");
    run_fork(Memory::kCopy, Begin::kBeforeMaker, ": own");
}

TEST(Programs, HandleNotesAndGoOn) {
    // The handler, at 8, counts in s1's place of the frame and continues; the program spins until
    // it sees that.
    const Code code =
        Code{
            jal(zero, 20),
            // 4: handler: a0 is the frame; x9 (s1) lies at word 9.
            addi(t0, zero, 1),
            sd(t0, 9 * 8, a0),
            addi(a0, zero, 0),
            jal(zero, 8),
            // 20
            jal(zero, 12),
            // 24: end of the handler
            li(a7, kNoted),
            kEcall,
            // 32: the program
            lui(a0, kCode),
            addi(a0, a0, 4),
            li(a7, kNotify),
            kEcall,
            addi(s1, zero, 0),
            beq(s1, zero, 0),
        } +
        ending(0);
    run_with(
        code, "handled",
        [] {
            const ProcId child = run_program();
            // Notes that come before there is a handler would end it.
            eventually([&] {
                const ProcHold hold = table().hold(child.pid);
                if (!hold) return false;
                hold->assert_held();
                return hold->signals().user_handler.value != 0;
            });
            EXPECT_TRUE(post_note(ref_of(child.pid), NoteKind::kUser, "hello").ok());
            EXPECT_TRUE(message().ends_with(": handled"));
        },
        6, 2);
}

/// Becomes a program when a note waits already, with a handler for it or without.
ProcId run_noted(bool handles) {
    return child([handles]() -> std::string {
        std::optional<PreparedProgram> program;
        {
            Result<PreparedProgram> prepared = prepare("#x/prog");
            if (!prepared.ok()) return std::string(error_text(prepared.error()));
            program.emplace(std::move(prepared.value()));
        }
        if (handles) {
            set_note_handler([](void*, const Note&) { return NoteAnswer::kHandled; }, nullptr);
        }
        EXPECT_TRUE(post_note(current().ref(), NoteKind::kUser, "kill").ok());
        PreparedProgram::become(std::move(*program));
    });
}

TEST(Programs, DieOfANoteThatCameBeforeThem) {
    run_with(ending(-1), "", [] {
        run_noted(false);
        EXPECT_TRUE(message().ends_with(": kill"));
        // This one was for the handler that is gone.
        run_noted(true);
        EXPECT_EQ(message(), "");
    });
}

TEST(Programs, ThatSpinDieOfNotesFromOtherHarts) {
    run_with(
        Code{jal(zero, 0)}, "",
        [] {
            const ProcId child = run_program();
            eventually([&] {
                const ProcHold hold = table().hold(child.pid);
                return hold && hold->task().on_hart() && hold->task().times().user.value != 0;
            });
            EXPECT_TRUE(post_note(ref_of(child.pid), NoteKind::kUser, "enough").ok());
            EXPECT_TRUE(message().ends_with(": enough"));
        },
        6, 2);
}

TEST(Programs, GoOnWhileAnInterruptWaitsForACallThatBlocks) {
    run_with(
        Code{jal(zero, 0)}, "",
        [] {
            const ProcId child = run_program();
            const auto user_time = [&] {
                const ProcHold hold = table().hold(child.pid);
                return hold ? hold->task().times().user.value : 0;
            };
            eventually([&] { return user_time() != 0; });
            EXPECT_TRUE(interrupt(ref_of(child.pid)).ok());
            const u64 before = user_time();
            eventually([&] { return user_time() > before + nanos_from_millis(1).value; });
            EXPECT_TRUE(kill(ref_of(child.pid)).ok());
            EXPECT_TRUE(message().ends_with(": Killed"));
        },
        4, 2);
}

TEST(Programs, MeetAndExchange) {
    // A child that shares all and its maker meet at tag 5; each ends with what the other brought.
    const Code code =
        Code{
            addi(a0, zero, static_cast<u64>(Memory::kCopy)),
            addi(a1, zero, 0),
            li(a7, kFork),
            kEcall,
            lui(s0, kData),
            addi(s0, s0, 8),
            beq(a0, zero, 8),
            addi(s0, s0, 8),
            // each brings where its text is
            addi(a0, zero, 5),
            addi(a1, s0, 0),
        } +
        call(kMeet) + call(kExits);
    constexpr std::string_view kTexts("\0\0\0\0\0\0\0\0child\0\0\0maker\0\0\0", 24);
    run_with(
        code, kTexts,
        [] {
            run_program();
            // The maker does not wait for its child, so that may become ours.
            std::string all;
            for (;;) {  // until nobody is left
                const Result<WaitRecord> record = wait();
                if (!record.ok()) break;
                all += record.value().message.view();
            }
            EXPECT_NE(all.find(": child"), std::string::npos) << all;
            eventually([] { return table().counts().live == 1; });
        },
        8, 3);
}

TEST(Programs, ExecIsAllOrNothing) {
    run_with(
        ending(-1), "",
        [] {
            fail_each(
                []() -> Result<void> {
                    (void)TRY(prepare("#x/prog"));
                    return {};
                },
                [] {});
            fail_each(
                []() -> Result<void> {
                    (void)TRY(prepare("#x/script"));
                    return {};
                },
                [] {});
        },
        1, 1);
}

TEST(Programs, ForksAreAllOrNothing) {
    run_with(
        ending(-1), "",
        [] {
            // The body becomes a process with a program for as long as it makes children.
            Ref<mm::AddressSpace> space = mm::AddressSpace::create().value();
            ASSERT_TRUE(space->add({.start = {kData}, .end = {kData + 4 * kPageSize}}).ok());
            ASSERT_TRUE(space->put({kData}, as_bytes(std::string_view("data"))).ok());
            UserMode::replace(current(), std::move(space), {});
            current().registers() = {};
            current().registers().pc = 0x30000;  // nothing: the children die of that
            for (const Memory memory : {Memory::kCopy, Memory::kShareData, Memory::kShareAll}) {
                for (const Begin begin : {Begin::kAtOnce, Begin::kBeforeMaker}) {
                    const auto make = [memory, begin]() -> Result<void> {
                        TRY(spawn({.name = "forked",
                                   .memory = memory,
                                   .rendezvous = Inherit::kEmpty,
                                   .begin = begin}));
                        return {};
                    };
                    const auto undo = [] {
                        must_wait();
                        release_all_broken();
                        eventually([] { return table().counts().live == 1; });
                    };
                    // The first child that shares data changes how its maker has them.
                    ASSERT_TRUE(make().ok());
                    undo();
                    fail_each(make, undo);
                }
            }
            UserMode::replace(current(), {}, {});
        },
        1, 1);
}

}  // namespace
}  // namespace kernel::proc::test
