// #c as a process sees it: every file's format, permission and short reads, and what writes do.
#include "dev/cons/cons_device.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/version.h"
#include "chan/file.h"
#include "chan/namec.h"
#include "chan/owner.h"
#include "chan/wall_time.h"
#include "dev/cons/cons_file.h"
#include "dev/console/console.h"
#include "dev/kmesg.h"
#include "dev/random/random.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "mm/frames.h"
#include "sched/task.h"
#include "tests/fixture/stat_record.h"
#include "tests/host/devices/ns16550_model.h"
#include "tests/unit/dev/as_process.h"

namespace kernel::dev {
namespace {

using chan::Caller;

constexpr u32 kHarts = 3;

/// What a failed operation says, with its detail.
std::string text_of(Error error) {
    std::array<char, kErrorTextMax> text;
    BufferSink sink(text);
    chan::print_error(sink, error);
    return std::string(sink.text());
}

/// The process that a test is, and the files it uses.
class Process {
public:
    explicit Process(Caller& own) : caller(own) {}

    Result<Ref<chan::Chan>> open(std::string_view name, chan::OpenMode mode) {
        Caller::error_detail().clear();
        return chan::open_name(caller, std::string("#c/") + std::string(name), mode);
    }
    /// All of a file, read `step` bytes at a time; the error's text if it cannot be read.
    std::string read(std::string_view name, usize step = 1000, usize limit = 1 << 20) {
        Result<Ref<chan::Chan>> file = open(name, chan::kORead);
        if (!file.ok()) return text_of(file.error());
        std::string text;
        std::string part(step, '?');
        while (text.size() < limit) {
            const Result<usize> size =
                chan::read(caller, *file.value(), std::as_writable_bytes(std::span(part)));
            if (!size.ok()) return text_of(size.error());
            if (size.value() == 0) break;
            text += part.substr(0, size.value());
        }
        return text;
    }
    /// "ok" or the error's text.
    std::string write(std::string_view name, std::string_view text) {
        Result<Ref<chan::Chan>> file = open(name, chan::kOWrite);
        if (!file.ok()) return text_of(file.error());
        return write(*file.value(), text);
    }
    std::string write(chan::Chan& file, std::string_view text) {
        Caller::error_detail().clear();
        const Result<usize> size = chan::write(caller, file, as_bytes(text));
        if (!size.ok()) return text_of(size.error());
        EXPECT_EQ(size.value(), text.size());
        return "ok";
    }

    Caller& caller;
};

fixture::Outcome run(const std::function<void(Process&)>& body,
                     fixture::Options options = {.harts = kHarts},
                     fixture::Trouble trouble = fixture::Trouble::kFails) {
    chan::Dev* const devices[] = {&cons_device()};
    return test::run_as_process(
        std::move(options), devices,
        [&](Caller& caller) {
            chan::set_host_owner("eve");
            caller.set_user("eve");
            Process process(caller);
            body(process);
            chan::set_host_owner("eve");
        },
        trouble);
}

/// `text` with each run of digits as 9 and each run of blanks as one.
std::string shape(std::string_view text) {
    std::string out;
    for (char c : text) {
        const char kind = c >= '0' && c <= '9' ? '9' : c;
        if ((kind == '9' || kind == ' ') && !out.empty() && out.back() == kind) continue;
        out += kind;
    }
    return out;
}

/// The names of the text files, which end.
std::vector<std::string> text_files() {
    std::vector<std::string> names;
    for (const ConsFile& file : cons_files()) {
        if (file.render != nullptr) names.emplace_back(file.name);
    }
    return names;
}

TEST(ConsDevice, RowsAreSortedAndTheirModesAgreeWithTheirFunctions) {
    std::string_view last;
    for (const ConsFile& file : cons_files()) {
        EXPECT_LT(last, file.name);
        last = file.name;
        EXPECT_FALSE(file.render != nullptr && file.read != nullptr) << file.name;
        EXPECT_FALSE(file.command != nullptr && file.write != nullptr) << file.name;
        EXPECT_EQ(file.render != nullptr || file.read != nullptr, (file.permissions & 0444) != 0)
            << file.name;
        EXPECT_EQ(file.command != nullptr || file.write != nullptr, (file.permissions & 0222) != 0)
            << file.name;
        EXPECT_FALSE(file.help.empty()) << file.name;
    }
}

TEST(ConsDevice, ListingAndStatAgreeWithTheTable) {
    run([](Process& process) {
        Result<Ref<chan::Chan>> root = process.open("", chan::kORead);
        ASSERT_TRUE(root.ok());
        std::vector<std::byte> records(8192);
        const usize size = chan::read(process.caller, *root.value(), records).value();
        usize at = 0;
        for (const ConsFile& file : cons_files()) {
            const ConstBytes rest = ConstBytes(records).subspan(at, size - at);
            const usize record = chan::next_stat_record(rest).value();
            const chan::Stat stat = fixture::stat_of_record(rest.first(record)).value();
            at += record;
            EXPECT_EQ(stat.name.view(), file.name);
            EXPECT_EQ(stat.mode, file.permissions);
            EXPECT_EQ(stat.length, file.length);
            EXPECT_EQ(stat.uid.view(), "eve");
            EXPECT_EQ(stat.device, 'c');
        }
        EXPECT_EQ(at, size);
    });
}

TEST(ConsDevice, EveryTextFileHasItsFormat) {
    run([](Process& process) {
        const std::string sysstat_row = " 9 9 9 9 9 9 9 9 9 9 \n";
        const std::map<std::string, std::string> shapes = {
            {"cputime", " 9 9 9 9 9 9 "},
            {"drivers", "#c cons\n"},
            {"hostdomain", ""},
            {"hostowner", "eve"},
            {"msec", " 9 "},
            {"osversion", "9 procyon 9.9.9"},
            {"pgrpid", " 9 "},
            {"pid", " 9 "},
            {"ppid", " 9 "},
            {"reboot", "reboot\nhalt [status]\n"},
            {"swap", "9 memory\n9 pagesize\n9 kernel\n9/9 user\n9/9 swap\n"},
            {"sysname", "procyon"},
            {"sysstat", sysstat_row + sysstat_row + sysstat_row},
            {"time", " 9 9 9 9 "},
            {"user", "eve"},
        };
        for (const std::string& name : text_files()) {
            if (name == "bintime" || name == "kmesg") continue;  // have tests of their own
            ASSERT_TRUE(shapes.contains(name)) << name;
            EXPECT_EQ(shape(process.read(name)), shapes.at(name)) << name;
        }
        for (const ConsFile& file : cons_files()) {
            if (file.length == 0) continue;
            EXPECT_EQ(process.read(file.name).size(), file.length) << file.name;
        }
        EXPECT_EQ(process.read("pid"), "          1 ");
        EXPECT_EQ(process.read("ppid"), "          0 ");
        EXPECT_EQ(process.read("osversion"), "2000 procyon " + std::string(version()));
        EXPECT_TRUE(process.read("time").ends_with("            1000000000 "));
    });
}

TEST(ConsDevice, ReadsOfAnySizeGiveOneConsistentText) {
    run([](Process& process) {
        for (const char* name : {"drivers", "osversion", "pid", "reboot", "sysname", "user"}) {
            const std::string whole = process.read(name);
            for (usize step : {1, 2, 3, 7, 12}) EXPECT_EQ(process.read(name, step), whole) << name;
        }
        // What changes all the time is still one moment's text for one channel.
        for (usize step : {1, 5, 12}) {
            const std::string time = process.read("time", step);
            EXPECT_EQ(time.size(), 78u);
            const u64 seconds = std::stoull(time.substr(0, 12));
            EXPECT_EQ(std::stoull(time.substr(12, 22)) / 1'000'000'000, seconds);
            EXPECT_EQ(process.read("sysstat", step).size(), kHarts * 121u);
        }
    });
}

TEST(ConsDevice, ReadingAgainAtTheStartGivesAFreshText) {
    run([](Process& process) {
        Result<Ref<chan::Chan>> file = process.open("time", chan::kORead);
        ASSERT_TRUE(file.ok());
        const auto read = [&] {
            std::string text(78, '?');
            const auto out = std::as_writable_bytes(std::span(text));
            EXPECT_EQ(chan::read(process.caller, *file.value(), out, 0).value(), 78u);
            return text;
        };
        const std::string first = read();
        const Nanos now = machine::now();
        while (machine::now() == now) sched::yield();
        EXPECT_NE(read(), first);
    });
}

TEST(ConsDevice, NullZeroAndRandom) {
    run([](Process& process) {
        EXPECT_EQ(process.read("null"), "");
        EXPECT_EQ(process.write("null", std::string(100'000, 'x')), "ok");
        EXPECT_EQ(process.read("zero", 1000, 5000), std::string(5000, '\0'));
        const std::string random = process.read("random", 100'000, 100'000);
        EXPECT_EQ(random.size(), 100'000u);
        EXPECT_NE(random.substr(0, 1000), process.read("random", 1000, 1000));
        EXPECT_EQ(process.write("zero", "x"), "permission denied: '#c/zero'");
        EXPECT_EQ(process.write("random", "x"), "permission denied: '#c/random'");
    });
}

TEST(ConsDevice, SysstatHasARowForEachHartThatWorks) {
    run([](Process& process) {
        // Every hart gets a task, so every hart switches.
        fixture::in_parallel(kHarts, [](u32 i) {
            sched::Task::current().set_harts(sched::HartSet{1} << i);
            sched::yield();
        });
        const std::string text = process.read("sysstat");
        ASSERT_EQ(text.size(), kHarts * 121u);
        for (u32 hart = 0; hart < kHarts; ++hart) {
            const std::string row = text.substr(hart * 121, 121);
            EXPECT_EQ(row.back(), '\n');
            EXPECT_EQ(std::stoul(row.substr(0, 12)), hart);
            EXPECT_GT(std::stoul(row.substr(12, 12)), 0u) << "switches of hart " << hart;
            EXPECT_LE(std::stoul(row.substr(96, 12)), 100u) << "idle";
            EXPECT_LE(std::stoul(row.substr(108, 12)), 100u) << "in interrupts";
        }
    });
}

TEST(ConsDevice, SwapCountsTheMachinesMemory) {
    run([](Process& process) {
        const mm::PageCounts pages = mm::page_counts();
        const std::string text = process.read("swap");
        EXPECT_EQ(std::stoull(text), pages.total * kPageSize);
        const usize kernel = text.find("pagesize\n") + 9;
        const usize user = text.find("0/") + 2;
        EXPECT_EQ(std::stoull(text.substr(kernel)) + std::stoull(text.substr(user)), pages.total);
    });
}

TEST(ConsDevice, NobodyMayNotOpenWhatIsNotForHim) {
    run([](Process& process) {
        process.caller.set_user("none");
        for (const char* name : {"cons", "kmesg", "reboot"}) {
            EXPECT_EQ(process.read(name), "permission denied: '#c/" + std::string(name) + "'");
        }
        for (const char* name :
             {"consctl", "time", "bintime", "sysname", "hostowner", "hostdomain", "reboot"}) {
            EXPECT_EQ(process.write(name, "1"),
                      "permission denied: '#c/" + std::string(name) + "'");
        }
        EXPECT_EQ(process.read("user"), "none");
        EXPECT_EQ(process.write("null", "x"), "ok");
        EXPECT_EQ(process.read("consctl"), "permission denied: '#c/consctl'");
    });
}

TEST(ConsDevice, AnOpenFileDoesNotMakeItsHolderTheOwner) {
    run([](Process& process) {
        for (const char* name :
             {"time", "bintime", "sysname", "hostowner", "hostdomain", "reboot"}) {
            Result<Ref<chan::Chan>> file = process.open(name, chan::kOWrite);
            ASSERT_TRUE(file.ok()) << name;
            process.caller.set_user("none");
            EXPECT_EQ(process.write(*file.value(), "1"), "permission denied") << name;
            process.caller.set_user("eve");
        }
    });
}

TEST(ConsDevice, AUserMayOnlyBecomeNobody) {
    run([](Process& process) {
        EXPECT_EQ(process.write("user", "glenda"), "permission denied");
        EXPECT_EQ(process.write("user", ""), "permission denied");
        EXPECT_EQ(process.write("user", "none"), "ok");
        EXPECT_EQ(process.caller.user().view(), "none");
        EXPECT_FALSE(process.caller.is_eve());
    });
}

TEST(ConsDevice, ANewHostOwnerTakesTheProcessesAlong) {
    run([](Process& process) {
        EXPECT_EQ(process.write("hostowner", ""), "bad arg in system call");
        EXPECT_EQ(process.write("hostowner", std::string(28, 'x')), "name too long");
        EXPECT_EQ(process.read("hostowner"), "eve");
        EXPECT_EQ(process.write("hostowner", "glenda\n"), "ok");
        EXPECT_EQ(process.read("hostowner"), "glenda");
        EXPECT_EQ(process.read("user"), "glenda");
        EXPECT_TRUE(process.caller.is_eve());
        EXPECT_EQ(process.write("hostowner", std::string(27, 'y')), "ok");
        EXPECT_EQ(process.read("user"), std::string(27, 'y'));
    });
}

TEST(ConsDevice, NamesAreReplacedWhole) {
    run([](Process& process) {
        EXPECT_EQ(process.write("sysname", "gnot\n"), "ok");
        EXPECT_EQ(process.read("sysname"), "gnot");
        EXPECT_EQ(process.write("sysname", ""), "bad arg in system call");
        EXPECT_EQ(process.write("sysname", std::string(257, 'x')), "read or write too large");
        EXPECT_EQ(process.write("sysname", std::string(256, 'x')), "name too long");
        EXPECT_EQ(process.read("sysname"), "gnot");
        EXPECT_EQ(process.write("sysname", "procyon"), "ok");
        EXPECT_EQ(process.write("hostdomain", "example.com"), "ok");
        EXPECT_EQ(process.read("hostdomain"), "example.com");
        EXPECT_EQ(process.write("hostdomain", std::string(64, 'x')), "name too long");
        EXPECT_EQ(process.write("hostdomain", ""), "ok");
        EXPECT_EQ(process.read("hostdomain"), "");
    });
}

TEST(ConsDevice, TheTimeOfDayIsSetInSecondsOrNanoseconds) {
    run([](Process& process) {
        EXPECT_EQ(process.write("time", "1000000000\n"), "ok");
        const u64 seconds = std::stoull(process.read("time"));
        EXPECT_GE(seconds, 1'000'000'000u);
        EXPECT_LT(seconds, 1'000'000'100u);
        for (const char* bad : {"", "x", "-1", "1.5", "99999999999", "1 2"}) {
            EXPECT_EQ(process.write("time", bad), "bad arg in system call") << bad;
        }
        const char set[] = "n\x1b\xc1\x6d\x67\x4e\xc8\x00\x00";  // 2000000000 s
        EXPECT_EQ(process.write("bintime", {set, 9}), "ok");
        EXPECT_EQ(std::stoull(process.read("time")) / 100, 20'000'000u);
        EXPECT_EQ(process.write("bintime", {set, 8}), "bad arg in system call");
        EXPECT_EQ(process.write("bintime", "x12345678"), "bad arg in system call");
        EXPECT_EQ(process.write("bintime", "n\xff\xff\xff\xff\xff\xff\xff\xff"),
                  "bad arg in system call");
        const std::string binary = process.read("bintime");
        u64 nanos = 0;
        for (usize i = 0; i < 8; ++i) nanos = nanos << 8 | static_cast<u8>(binary[i]);
        EXPECT_EQ(nanos / 100'000'000'000, 20'000'000u);
        chan::set_wall_time(nanos_from_seconds(build_time()));
    });
}

TEST(ConsDevice, CputimeGrowsWithWork) {
    run([](Process& process) {
        const Nanos until = machine::now() + nanos_from_millis(30);
        while (machine::now() < until) machine::relax();
        const std::string text = process.read("cputime");
        ASSERT_EQ(text.size(), 72u);
        EXPECT_GE(std::stoull(text.substr(24, 12)), 30u) << "real time";
        EXPECT_GE(std::stoull(text.substr(12, 12)), 20u) << "system time";
        EXPECT_EQ(std::stoull(text.substr(0, 12)), 0u) << "user time of a kernel-resident process";
    });
}

TEST(ConsDevice, KmesgHoldsTheLogFromItsStart) {
    run([](Process& process) {
        set_log_writer(write_log);
        show_log(false);
        klog("a line for {}", "kmesg");
        const std::string text = process.read("kmesg");
        EXPECT_TRUE(text.ends_with("a line for kmesg\n")) << text;
        EXPECT_EQ(process.read("kmesg", 1), text);
        const std::string line = std::string(200, 'z');
        for (usize i = 0; i < 500; ++i) klog("{} {}", i, line);
        const std::string later = process.read("kmesg");
        EXPECT_EQ(shape(later.substr(0, later.find('\n'))), "(9 bytes lost)");
        EXPECT_EQ(later.size() - later.find('\n') - 1, MessageRing::kBytes);
        show_log(true);
    });
}

TEST(ConsDevice, ConsctlAndRebootRefuseWhatTheyDoNotKnow) {
    run([](Process& process) {
        EXPECT_EQ(process.write("reboot", ""), "empty control message");
        EXPECT_EQ(process.write("reboot", "frob 3"), "unknown control message \"frob 3\"");
        EXPECT_EQ(process.write("reboot", "reboot now"), "unknown control message \"reboot now\"");
        EXPECT_EQ(process.write("reboot", "halt 256"), "bad arg in system call");
        EXPECT_EQ(process.write("reboot", "halt x"), "bad arg in system call");
        EXPECT_EQ(process.write("reboot", std::string(300, 'x')), "read or write too large");
        EXPECT_EQ(process.write("consctl", ""), "empty control message");
        EXPECT_EQ(process.write("consctl", "rawon frob"), "unknown control message \"rawon frob\"");
    });
}

TEST(ConsDevice, HaltLeavesWithItsStatus) {
    for (const auto& [text, status] : std::map<std::string, u8>{{"halt", 0}, {"halt 7\n", 7}}) {
        const fixture::Outcome outcome =
            run([&](Process& process) { process.write("reboot", text); }, {.harts = 2},
                fixture::Trouble::kIsExpected);
        EXPECT_EQ(outcome.end, fixture::End::kPoweredOff);
        EXPECT_EQ(outcome.status, status);
    }
    const fixture::Outcome outcome =
        run([&](Process& process) { process.write("reboot", "reboot"); }, {.harts = 2},
            fixture::Trouble::kIsExpected);
    EXPECT_EQ(outcome.end, fixture::End::kRebooted);
}

TEST(ConsDevice, FailedWalksAndOpensSayWhichName) {
    run([](Process& process) {
        EXPECT_EQ(process.read("nothing"), "file does not exist: '#c/nothing'");
        EXPECT_EQ(process.read("pid/x"), "not a directory: '#c/pid/x'");
    });
}

TEST(ConsDevice, TheTerminalThroughItsFiles) {
    host::Ns16550Model port(host::Ns16550Kind::kPlain, {.line = 5});
    fixture::Options options{.harts = 2};
    options.devices = {{.compatible = "ns16550a",
                        .registers = {{0x1000'0000}, 0x100},
                        .model = &port,
                        .line = 5,
                        .is_console = true}};
    options.external = [](machine::IrqLine line) { console().external(line); };
    run(
        [&](Process& process) {
            ASSERT_TRUE(console().start(machine::boot_info().devices).ok());
            console().use_interrupts();
            EXPECT_EQ(process.write("consctl", "crlfoff"), "ok");
            EXPECT_EQ(process.write("cons", "raw\nbytes\n"), "ok");
            EXPECT_EQ(port.sent(), "raw\nbytes\n");
            EXPECT_EQ(process.write("consctl", "crlfon"), "ok");
            EXPECT_EQ(process.write("cons", "a\n"), "ok");
            EXPECT_EQ(port.sent(), "a\r\n");

            Result<Ref<chan::Chan>> cons = process.open("cons", chan::kORead);
            ASSERT_TRUE(cons.ok());
            const auto read = [&] {
                std::string text(100, '?');
                const auto out = std::as_writable_bytes(std::span(text));
                text.resize(chan::read(process.caller, *cons.value(), out).value());
                return text;
            };
            port.receive("typed\r");
            EXPECT_EQ(read(), "typed\n");

            // Raw mode lasts as long as consctl is open.
            Result<Ref<chan::Chan>> consctl = process.open("consctl", chan::kOWrite);
            ASSERT_TRUE(consctl.ok());
            EXPECT_EQ(process.write(*consctl.value(), "rawon"), "ok");
            port.sent();
            port.receive("r");
            EXPECT_EQ(read(), "r");
            EXPECT_EQ(process.write("consctl", "crlfoff"), "ok");
            port.receive("s");
            EXPECT_EQ(read(), "s") << "another consctl came and went";
            EXPECT_EQ(port.sent(), "") << "no echo";
            EXPECT_EQ(process.write(*consctl.value(), "introff"), "ok");
            port.receive("\x03");
            EXPECT_EQ(read(), "\x03");
            consctl.value().reset();
            port.receive("t\n");
            EXPECT_EQ(read(), "t\n");
            EXPECT_EQ(port.sent(), "t\n");

            // Ctrl-C is for whoever said last that it is.
            static std::atomic<u32> interrupted;
            interrupted = 0;
            console().set_interrupt_target([](u32 foreground) { interrupted = foreground; });
            console().set_foreground(55);
            port.receive("\x03t\n");
            EXPECT_EQ(read(), "t\n");
            EXPECT_EQ(interrupted.exchange(0), 55u);
            EXPECT_EQ(process.write("consctl", "foreground crlfoff"), "ok");
            port.receive("\x03t\n");
            EXPECT_EQ(read(), "t\n");
            EXPECT_EQ(interrupted.load(), process.caller.pid());
            console().set_interrupt_target(nullptr);
        },
        options);
}

}  // namespace
}  // namespace kernel::dev
