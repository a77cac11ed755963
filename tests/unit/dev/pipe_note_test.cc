// A write to a pipe that nobody reads: the call fails, and the process gets a note.
#include <gtest/gtest.h>

#include <string>

#include "dev/pipe.h"
#include "proc/notes.h"
#include "proc/proc.h"
#include "proc/spawn.h"
#include "syscall/calls.h"
#include "tests/unit/chan/ram_dev.h"
#include "tests/unit/dev/as_process.h"

namespace kernel::dev {
namespace {

std::string noted;  // of one process

proc::NoteAnswer keep_note(void*, const proc::Note& note) {
    noted += note.text.view();
    noted += ";";
    return proc::NoteAnswer::kHandled;
}

TEST(PipeNote, WritingToAClosedPipeIsTold) {
    noted.clear();
    chan::test::RamDev root("/");
    const std::array<chan::Dev*, 2> devices = {&root, &pipe_device()};
    test::run_as_process({}, devices, [](chan::Caller&) {
        proc::set_note_handler(keep_note, nullptr);
        const std::array<i32, 2> ends = MUST(syscall::pipe());
        EXPECT_EQ(syscall::write(ends[0], as_bytes("x")).value(), 1u);
        EXPECT_EQ(noted, "");
        ASSERT_TRUE(syscall::close(ends[1]).ok());
        const Result<usize> refused = syscall::write(ends[0], as_bytes("y"));
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error(), Error::kClosedPipe);
        EXPECT_EQ(noted, "sys: write on closed pipe;");
        // Nothing to write is refused too.
        EXPECT_FALSE(syscall::write(ends[0], {}).ok());
        EXPECT_EQ(noted, "sys: write on closed pipe;sys: write on closed pipe;");
    });
}

TEST(PipeNote, WithoutAHandlerTheWriterEnds) {
    chan::test::RamDev root("/");
    const std::array<chan::Dev*, 2> devices = {&root, &pipe_device()};
    test::run_as_process({}, devices, [](chan::Caller&) {
        proc::SpawnOptions writer;
        writer.name = "writer";
        writer.body = [](void*) {
            const std::array<i32, 2> ends = MUST(syscall::pipe());
            ASSERT_TRUE(syscall::close(ends[1]).ok());
            (void)syscall::write(ends[0], as_bytes("y"));  // does not return
            syscall::exits("went on");
        };
        ASSERT_TRUE(proc::spawn(writer).ok());
        const Result<proc::WaitRecord> record = syscall::wait();
        ASSERT_TRUE(record.ok());
        const std::string status(record.value().message.view());
        EXPECT_NE(status.find("sys: write on closed pipe"), std::string::npos) << status;
    });
}

TEST(PipeNote, ANoteInterruptsAReaderAndAWriter) {
    noted.clear();
    chan::test::RamDev root("/");
    const std::array<chan::Dev*, 2> devices = {&root, &pipe_device()};
    test::run_as_process({}, devices, [](chan::Caller&) {
        proc::set_note_handler(keep_note, nullptr);
        const proc::ProcRef me = proc::current().ref();
        const std::array<i32, 2> ends = MUST(syscall::pipe());
        fixture::Spawned sender = fixture::spawn([&me] {
            // While the reader sleeps or just before; both must wake it.
            EXPECT_TRUE(proc::post_note(me, proc::NoteKind::kUser, "wake").ok());
        });
        std::array<std::byte, 10> buffer;
        const Result<usize> read = syscall::read(ends[1], buffer);
        EXPECT_FALSE(read.ok());
        EXPECT_EQ(read.error(), Error::kInterrupted);
        sender.join();
        EXPECT_EQ(noted, "wake;");

        noted.clear();
        fixture::Spawned second = fixture::spawn(
            [&me] { EXPECT_TRUE(proc::post_note(me, proc::NoteKind::kUser, "wake").ok()); });
        const std::string block(4096, 'x');
        Result<usize> written = usize{0};
        while (noted.empty()) written = syscall::write(ends[0], as_bytes(block));
        second.join();
        EXPECT_EQ(noted, "wake;");
        // What the queue took before is whole.
        std::array<std::byte, 8192> taken;
        const Result<usize> first = syscall::read(ends[1], taken);
        ASSERT_TRUE(first.ok());
        EXPECT_EQ(first.value(), block.size());
    });
}

}  // namespace
}  // namespace kernel::dev
