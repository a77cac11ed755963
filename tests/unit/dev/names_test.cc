// #d, #e, #| and #s: descriptors, variables, pipes and services as files.
#include <gtest/gtest.h>

#include <string>

#include "chan/fd_group.h"
#include "dev/dup.h"
#include "dev/env.h"
#include "dev/pipe.h"
#include "dev/srv.h"
#include "tests/unit/chan/world.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::create_name;
using chan::FdGroup;
using chan::kORClose;
using chan::kORdWr;
using chan::kORead;
using chan::kOTrunc;
using chan::kOWrite;
using chan::open_name;
using chan::remove_name;
using chan::test::contents;
using chan::test::listing;
using chan::test::must_open;
using chan::test::must_write;
using chan::test::outcome;
using chan::test::World;

std::array<chan::Dev*, 4> devices() {
    return {&dup_device(), &env_device(), &pipe_device(), &srv_device()};
}

void run(const std::function<void(Caller&)>& body, u32 harts = 2) {
    chan::test::run_world(
        [&](World& world) {
            init_services();
            body(world.caller);
        },
        devices(), harts);
}

chan::Stat must_stat(Caller& caller, std::string_view name) {
    chan::Stat out;
    const Result<Ref<Chan>> chan = chan::namec(caller, name, chan::NameUse::kAccess);
    EXPECT_EQ(outcome(chan), "ok") << name;
    if (chan.ok()) {
        EXPECT_EQ(outcome(chan::stat(caller, *chan.value(), out)), "ok");
    }
    return out;
}

std::string take(Caller& caller, Chan& chan, usize size = 100) {
    std::vector<std::byte> buffer(size);
    Caller::error_detail().clear();
    const Result<usize> count = chan::read(caller, chan, buffer);
    if (!count.ok()) return "<" + outcome(count) + ">";
    return std::string(as_text(Bytes(buffer).first(count.value())));
}

std::string put(Caller& caller, Chan& chan, std::string_view text) {
    Caller::error_detail().clear();
    const Result<usize> count = chan::write(caller, chan, as_bytes(text));
    return count.ok() ? "ok" : outcome(count);
}

// #d

TEST(Dup, ShowsTheDescriptorsOfTheLooker) {
    run([](Caller& caller) {
        EXPECT_EQ(listing(caller, "#d"), "");  // the listing's own channel is not in the table
        FdGroup& fds = caller.my_fds();
        ASSERT_TRUE(fds.put(1, must_open(caller, "/f", kOWrite)).ok());
        ASSERT_TRUE(fds.put(10, must_open(caller, "/f", kORdWr)).ok());
        EXPECT_EQ(listing(caller, "#d"), "1 1ctl 10 10ctl");
        EXPECT_EQ(must_stat(caller, "#d/1").mode, 0200u);
        EXPECT_EQ(must_stat(caller, "#d/10").mode, 0600u);
        EXPECT_EQ(must_stat(caller, "#d/10ctl").mode, 0400u);
        EXPECT_EQ(must_stat(caller, "#d").mode, chan::kDmDir | 0555);
    });
}

TEST(Dup, OpeningGivesTheSameChannel) {
    run([](Caller& caller) {
        const Ref<Chan> file = must_open(caller, "/f", kORead);
        ASSERT_TRUE(caller.my_fds().put(3, file).ok());
        EXPECT_EQ(must_open(caller, "#d/3", kORead), file);
        EXPECT_EQ(outcome(open_name(caller, "#d/3", kOWrite)), "inappropriate use of fd: '#d/3'");
        EXPECT_EQ(outcome(open_name(caller, "#d/4", kORead)), "file does not exist: '#d/4'");
        for (std::string_view name : {"#d/03", "#d/+3", "#d/x", "#d/3x", "#d/ctl", "#d/03ctl",
                                      "#d/99999999999999999999", "#d/5000"}) {
            EXPECT_EQ(outcome(open_name(caller, name, kORead)),
                      "file does not exist: '" + std::string(name) + "'");
        }
        EXPECT_EQ(outcome(create_name(caller, "#d/9", kOWrite, 0666)), "permission denied: '#d/9'");
    });
}

TEST(Dup, ControlFilesGiveTheRow) {
    run([](Caller& caller) {
        const Ref<Chan> file = must_open(caller, "/f", kORdWr);
        ASSERT_TRUE(caller.my_fds().put(3, file).ok());
        must_write(caller, *file, "12345");
        EXPECT_EQ(contents(caller, "#d/3ctl"),
                  "  3 rw /    0 (0000000000000004 0 00)     0        5 /f\n");
        EXPECT_EQ(outcome(open_name(caller, "#d/3ctl", kOWrite)), "permission denied: '#d/3ctl'");
        const Ref<Chan> control = must_open(caller, "#d/3ctl", kORead);
        ASSERT_TRUE(caller.my_fds().close(3).ok());
        EXPECT_EQ(take(caller, *control), "<file does not exist>");
    });
}

// #e

TEST(Env, VariablesAreFiles) {
    run([](Caller& caller) {
        {
            const Ref<Chan> made = MUST(create_name(caller, "#e/path", kOWrite, 0666));
            must_write(caller, *made, "/bin");
        }
        EXPECT_EQ(contents(caller, "#e/path"), "/bin");
        ASSERT_TRUE(caller.my_environment().set("x", as_bytes("1")).ok());
        EXPECT_EQ(listing(caller, "#e"), "path x");
        EXPECT_EQ(must_stat(caller, "#e/path").length, 4u);
        EXPECT_EQ(must_stat(caller, "#e/path").mode, 0666u);
        must_open(caller, "#e/path", kOWrite | kOTrunc);
        EXPECT_EQ(contents(caller, "#e/path"), "");
        EXPECT_EQ(outcome(remove_name(caller, "#e/path")), "ok");
        EXPECT_EQ(contents(caller, "#e/path"), "<file does not exist: '#e/path'>");
        EXPECT_EQ(outcome(remove_name(caller, "#e")), "permission denied");
        EXPECT_EQ(outcome(create_name(caller, "#e/d", kORead, chan::kDmDir | 0777)),
                  "permission denied: '#e/d'");
        EXPECT_EQ(outcome(open_name(caller, "#e/x", chan::kOExec)), "permission denied: '#e/x'");
        EXPECT_EQ(outcome(open_name(caller, "#ex", kORead)), "bad attach specifier: '#ex'");
    });
}

TEST(Env, NamesAreTheLookersAndOpenFilesTheOpeners) {
    run([](Caller& caller) {
        ASSERT_EQ(outcome(chan::bind(caller, "#e", "/n", chan::kMRepl | chan::kMCreate)), "ok");
        ASSERT_TRUE(caller.my_environment().set("v", as_bytes("mine")).ok());
        Caller other;
        chan::test::start_like(caller, other, "eve");
        other.set_environment(MUST(caller.my_environment().copy()));
        ASSERT_TRUE(other.my_environment().set("v", as_bytes("other")).ok());
        EXPECT_EQ(contents(other, "/n/v"), "other");
        EXPECT_EQ(contents(caller, "/n/v"), "mine");
        // Opened here, read there.
        const Ref<Chan> file = must_open(caller, "/n/v", kORead);
        EXPECT_EQ(take(other, *file), "mine");
        other.finish();
    });
}

TEST(Env, AFileMarkedSoGoesWhenItIsClosed) {
    run([](Caller& caller) {
        {
            const Ref<Chan> made = MUST(create_name(caller, "#e/t", kOWrite | kORClose, 0666));
            EXPECT_EQ(listing(caller, "#e"), "t");
        }
        EXPECT_EQ(listing(caller, "#e"), "");
    });
}

TEST(Env, TheKernelsOwnIsForTheHostOwnerToChange) {
    run([](Caller& caller) {
        ASSERT_EQ(outcome(init_kernel_environment()), "ok");
        {
            const Ref<Chan> made = MUST(create_name(caller, "#ec/conf", kOWrite, 0666));
            must_write(caller, *made, "value");
        }
        EXPECT_EQ(contents(caller, "#ec/conf"), "value");
        EXPECT_EQ(listing(caller, "#e"), "");
        Caller other;
        chan::test::start_like(caller, other, "somebody");
        EXPECT_EQ(contents(other, "#ec/conf"), "value");
        EXPECT_EQ(outcome(open_name(other, "#ec/conf", kOWrite)), "permission denied: '#ec/conf'");
        EXPECT_EQ(outcome(create_name(other, "#ec/new", kOWrite, 0666)),
                  "permission denied: '#ec/new'");
        EXPECT_EQ(outcome(remove_name(other, "#ec/conf")), "permission denied");
        EXPECT_EQ(must_stat(other, "#ec/conf").device_number, 1u);
        other.finish();
        // The reference that the device keeps for good.
        const Ref<chan::EnvGroup> kept = Ref<chan::EnvGroup>::adopt(*kernel_environment());
    });
}

// #|

TEST(Pipe, WhatIsWrittenAtOneEndIsReadAtTheOther) {
    run([](Caller& caller) {
        const std::array<Ref<Chan>, 2> ends = MUST(chan::open_pipe(caller));
        must_write(caller, *ends[0], "to one");
        must_write(caller, *ends[0], "again");
        must_write(caller, *ends[1], "to zero");
        EXPECT_EQ(take(caller, *ends[1]), "to one");
        EXPECT_EQ(take(caller, *ends[1], 2), "ag");
        EXPECT_EQ(take(caller, *ends[1]), "ain");
        EXPECT_EQ(take(caller, *ends[0]), "to zero");
        EXPECT_EQ(outcome(chan::seek(caller, *ends[0], 0, chan::Whence::kStart)),
                  "inappropriate use of fd");
    });
}

TEST(Pipe, ClosingAnEndEndsReadsAndRefusesWrites) {
    run([](Caller& caller) {
        std::array<Ref<Chan>, 2> ends = MUST(chan::open_pipe(caller));
        must_write(caller, *ends[0], "left");
        must_write(caller, *ends[1], "lost");
        ends[0].reset();
        EXPECT_EQ(put(caller, *ends[1], "x"), "write on closed pipe");
        EXPECT_EQ(take(caller, *ends[1]), "left");
        EXPECT_EQ(take(caller, *ends[1]), "");
        EXPECT_EQ(take(caller, *ends[1]), "");
    });
}

TEST(Pipe, EachAttachIsAPipeOfItsOwnWithTwoFiles) {
    run([](Caller& caller) {
        ASSERT_EQ(outcome(chan::bind(caller, "#|", "/n", chan::kMRepl)), "ok");
        ASSERT_EQ(outcome(chan::bind(caller, "#|", "/a", chan::kMRepl)), "ok");
        EXPECT_EQ(listing(caller, "/n"), "data data1");
        const Ref<Chan> writer = must_open(caller, "/n/data", kOWrite);
        const Ref<Chan> reader = must_open(caller, "/n/data1", kORead);
        const Ref<Chan> second = must_open(caller, "/n/data1", kORead);
        must_write(caller, *writer, "hello");
        EXPECT_EQ(must_stat(caller, "/n/data1").length, 5u);
        EXPECT_EQ(must_stat(caller, "/a/data1").length, 0u);
        EXPECT_EQ(take(caller, *second), "hello");
        EXPECT_NE(must_stat(caller, "/n/data").qid.path, must_stat(caller, "/a/data").qid.path);
        EXPECT_EQ(outcome(open_name(caller, "/n/data2", kORead)),
                  "file does not exist: '/n/data2'");
        Caller other;
        chan::test::start_like(caller, other, "somebody");
        EXPECT_EQ(outcome(open_name(other, "/n/data", kORead)), "permission denied: '/n/data'");
        other.finish();
    });
}

TEST(Pipe, AnEndIsClosedWithItsLastOpener) {
    run([](Caller& caller) {
        std::array<Ref<Chan>, 2> ends = MUST(chan::open_pipe(caller));
        ASSERT_TRUE(caller.my_fds().put(3, ends[0]).ok());
        Ref<Chan> again = must_open(caller, "#d/3", kOWrite);
        ends[0].reset();
        ASSERT_TRUE(caller.my_fds().close(3).ok());
        must_write(caller, *again, "still");
        again.reset();
        EXPECT_EQ(take(caller, *ends[1]), "still");
        EXPECT_EQ(take(caller, *ends[1]), "");
    });
}

TEST(Pipe, SmallWritesAreNotMixed) {
    run(
        [](Caller& caller) {
            const std::array<Ref<Chan>, 2> ends = MUST(chan::open_pipe(caller));
            constexpr u32 kWriters = 4;
            constexpr int kMessages = 100;
            fixture::Spawned writers = fixture::spawn([&] {
                fixture::in_parallel(kWriters, [&](u32 writer) {
                    // Of several blocks, so that mixing would be easy.
                    const std::string text(5000 + writer, static_cast<char>('a' + writer));
                    for (int i = 0; i < kMessages; ++i) {
                        EXPECT_EQ(put(caller, *ends[0], text), "ok");
                    }
                });
            });
            std::array<int, kWriters> seen{};
            for (u32 i = 0; i < kWriters * kMessages; ++i) {
                const std::string text = take(caller, *ends[1], 8192);
                ASSERT_GE(text.size(), 5000u);
                ASSERT_EQ(text.find_first_not_of(text[0]), std::string::npos);
                const u32 writer = static_cast<u32>(text[0] - 'a');
                ASSERT_LT(writer, kWriters);
                EXPECT_EQ(text.size(), 5000 + writer);
                ++seen[writer];
            }
            writers.join();
            for (int count : seen) EXPECT_EQ(count, kMessages);
        },
        4);
}

TEST(Pipe, AWriteOfNothingIsAnEmptyRead) {
    run([](Caller& caller) {
        const std::array<Ref<Chan>, 2> ends = MUST(chan::open_pipe(caller));
        must_write(caller, *ends[0], "");
        must_write(caller, *ends[0], "x");
        EXPECT_EQ(take(caller, *ends[1]), "");
        EXPECT_EQ(take(caller, *ends[1]), "x");
    });
}

TEST(Pipe, ReadersAndWritersMeetUnderAllSchedules) {
    chan::test::run_world_seeds(
        200,
        [](World& world) {
            Caller& caller = world.caller;
            std::array<Ref<Chan>, 2> ends = MUST(chan::open_pipe(caller));
            fixture::Spawned echo = fixture::spawn([&caller, end = std::move(ends[1])]() mutable {
                for (;;) {
                    const std::string text = take(caller, *end);
                    if (text.empty()) break;
                    EXPECT_EQ(put(caller, *end, "<" + text + ">"), "ok");
                }
                end.reset();
            });
            for (int i = 0; i < 5; ++i) {
                must_write(caller, *ends[0], std::to_string(i));
                EXPECT_EQ(take(caller, *ends[0]), "<" + std::to_string(i) + ">");
            }
            ends[0].reset();
            echo.join();
        },
        devices(), 3);
}

// #s

TEST(Srv, APostedChannelIsWhatOpeningGives) {
    run([](Caller& caller) {
        const Ref<Chan> file = must_open(caller, "/f", kORead);
        ASSERT_TRUE(caller.my_fds().put(5, file).ok());
        Ref<Chan> service = MUST(create_name(caller, "#s/it", kOWrite, 0666));
        EXPECT_EQ(outcome(open_name(caller, "#s/it", kORead)), "device shut down: '#s/it'");
        EXPECT_EQ(put(caller, *service, "7"), "fd out of range or not open");
        EXPECT_EQ(put(caller, *service, "x"), "bad arg in system call");
        EXPECT_EQ(put(caller, *service, "99999"), "fd out of range or not open");
        EXPECT_EQ(put(caller, *service, "5\n"), "ok");
        EXPECT_EQ(put(caller, *service, "5"), "inappropriate use of fd");
        service.reset();
        EXPECT_EQ(must_open(caller, "#s/it", kORead), file);
        EXPECT_EQ(outcome(open_name(caller, "#s/it", kOWrite)), "permission denied: '#s/it'");
        EXPECT_EQ(outcome(create_name(caller, "#s/it", kOWrite, 0666)),
                  "file already exists: '#s/it'");
        EXPECT_EQ(listing(caller, "#s"), "it");
        EXPECT_EQ(outcome(remove_name(caller, "#s/it")), "ok");
        EXPECT_EQ(listing(caller, "#s"), "");
        EXPECT_EQ(file->ref_count(), 2u);
    });
}

TEST(Srv, OnlyPlainFilesOpenForWritingAreCreated) {
    run([](Caller& caller) {
        EXPECT_EQ(outcome(create_name(caller, "#s/x", kORdWr, 0666)), "permission denied: '#s/x'");
        EXPECT_EQ(outcome(create_name(caller, "#s/x", kOWrite, chan::kDmDir | 0777)),
                  "permission denied: '#s/x'");
        EXPECT_EQ(outcome(remove_name(caller, "#s")), "permission denied");
        const Ref<Chan> service = MUST(create_name(caller, "#s/x", kOWrite, 0666));
        ASSERT_TRUE(
            caller.my_fds().put(5, must_open(caller, "/f", kORead), chan::OnExec::kClose).ok());
        EXPECT_EQ(put(caller, *service, "5"), "inappropriate use of fd");
        EXPECT_EQ(outcome(remove_name(caller, "#s/x")), "ok");
        EXPECT_EQ(put(caller, *service, "5"), "inappropriate use of fd");
    });
}

TEST(Srv, PermissionsAreTheOwnersToGive) {
    run([](Caller& caller) {
        Caller other;
        chan::test::start_like(caller, other, "somebody");
        ASSERT_TRUE(caller.my_fds().put(5, must_open(caller, "/f", kORdWr)).ok());
        {
            const Ref<Chan> service = MUST(create_name(other, "#s/x", kOWrite, 0600));
            EXPECT_EQ(put(other, *service, "5"), "ok");
        }
        EXPECT_EQ(must_stat(caller, "#s/x").uid.view(), "somebody");
        EXPECT_EQ(outcome(open_name(caller, "#s/x", kORead)), "permission denied: '#s/x'");
        EXPECT_EQ(outcome(open_name(other, "#s/x", kORead)), "ok");

        chan::Stat changes = chan::keep_stat();
        changes.mode = 0666;
        const auto apply = [&](Caller& by) {
            std::array<std::byte, chan::kStatRecordMax> record;
            const usize size = MUST(chan::marshal_stat(changes, record));
            const Ref<Chan> chan = MUST(chan::namec(by, "#s/x", chan::NameUse::kAccess));
            return outcome(chan::wstat(by, *chan, Bytes(record).first(size)));
        };
        EXPECT_EQ(apply(other), "ok");
        EXPECT_EQ(outcome(open_name(caller, "#s/x", kORead)), "ok");
        rename_service_owner("somebody", "glenda");
        EXPECT_EQ(must_stat(caller, "#s/x").uid.view(), "glenda");
        EXPECT_EQ(apply(other), "permission denied");
        EXPECT_EQ(outcome(remove_name(other, "#s/x")), "permission denied");
        EXPECT_EQ(outcome(remove_name(caller, "#s/x")), "ok");
        other.finish();
    });
}

TEST(Srv, AServiceMarkedSoGoesWithItsCreator) {
    run([](Caller& caller) {
        const Ref<Chan> file = must_open(caller, "/f", kORead);
        ASSERT_TRUE(caller.my_fds().put(5, file).ok());
        Ref<Chan> service = MUST(create_name(caller, "#s/x", kOWrite | kORClose, 0600));
        EXPECT_EQ(put(caller, *service, "5"), "ok");
        EXPECT_EQ(file->ref_count(), 3u);
        service.reset();
        EXPECT_EQ(listing(caller, "#s"), "");
        EXPECT_EQ(file->ref_count(), 2u);
    });
}

TEST(Srv, ChainsOfServicesCloseWithoutRecursion) {
    run([](Caller& caller) {
        // What is posted in each service is the channel that made the one before, and takes that
        // one along. Only a posted channel can still be given that mode.
        Ref<Chan> last = must_open(caller, "/f", kORead);
        constexpr int kServices = 2000;
        for (int i = 0; i < kServices; ++i) {
            const std::string name = "#s/" + std::to_string(i);
            Ref<Chan> next = MUST(create_name(caller, name, kOWrite, 0600));
            ASSERT_TRUE(caller.my_fds().put(5, last).ok());
            ASSERT_EQ(put(caller, *next, "5"), "ok");
            ASSERT_TRUE(caller.my_fds().close(5).ok());
            if (i > 0) last->mark_open(kOWrite | kORClose);
            last = std::move(next);
        }
        EXPECT_EQ(outcome(remove_name(caller, "#s/" + std::to_string(kServices - 1))), "ok");
        EXPECT_EQ(listing(caller, "#s"), "");
    });
}

// All of them: what does not fit into memory.

TEST(NameDevices, EachAllocationMayFail) {
    run([](Caller& caller) {
        ASSERT_TRUE(caller.my_fds().put(5, must_open(caller, "/f", kORead)).ok());
        EXPECT_GT(chan::test::fail_each_allocation([&]() -> Result<void> {
                      const std::array<Ref<Chan>, 2> ends = TRY(chan::open_pipe(caller));
                      TRY(chan::write(caller, *ends[0], as_bytes("text")));
                      return {};
                  }),
                  4u);
        EXPECT_GT(chan::test::fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan =
                          TRY(create_name(caller, "#e/v", kOWrite | kORClose, 0666));
                      TRY(chan::write(caller, *chan, as_bytes("text")));
                      return {};
                  }),
                  4u);
        EXPECT_GT(chan::test::fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan =
                          TRY(create_name(caller, "#s/v", kOWrite | kORClose, 0666));
                      TRY(chan::write(caller, *chan, as_bytes("5")));
                      return {};
                  }),
                  3u);
        EXPECT_GT(chan::test::fail_each_allocation([&]() -> Result<void> {
                      const Ref<Chan> chan = TRY(open_name(caller, "#d/5ctl", kORead));
                      std::array<std::byte, 100> buffer;
                      TRY(chan::read(caller, *chan, buffer));
                      return {};
                  }),
                  4u);
    });
}

}  // namespace
}  // namespace kernel::dev
