// #¤: who may make a capability, who may use it, and how often.
#include <gtest/gtest.h>

#include <string>

#include "chan/owner.h"
#include "dev/cap/cap_device.h"
#include "dev/cap/sha1.h"
#include "proc/proc.h"
#include "proc/self.h"
#include "tests/unit/chan/ram_dev.h"
#include "tests/unit/chan/world.h"
#include "tests/unit/dev/as_process.h"

namespace kernel::dev {
namespace {

using chan::test::contents;
using chan::test::listing;
using chan::test::outcome;

constexpr std::string_view kHash = "#¤/caphash";
constexpr std::string_view kUse = "#¤/capuse";

void run(const std::function<void(chan::Caller&)>& body) {
    chan::test::RamDev root("/");
    const std::array<chan::Dev*, 2> devices = {&root, &cap_device()};
    test::run_as_process({}, devices, [&](chan::Caller& caller) {
        init_capabilities();
        chan::set_host_owner("eve");
        proc::set_user("eve");
        body(caller);
    });
}

/// What writing `data` to `name` answers: ok, or the error.
std::string write(chan::Caller& caller, std::string_view name, std::string_view data) {
    chan::Caller::error_detail().clear();
    const Result<Ref<chan::Chan>> opened = chan::open_name(caller, name, chan::kOWrite);
    if (!opened.ok()) return outcome(opened);
    const Result<usize> written = chan::write(caller, *opened.value(), as_bytes(data));
    if (written.ok()) {
        EXPECT_EQ(written.value(), data.size());
    }
    return outcome(written);
}

std::string make(chan::Caller& caller, std::string_view whom, std::string_view key) {
    const Sha1Digest hash = hmac_sha1(as_bytes(key), as_bytes(whom));
    return write(caller, kHash, {reinterpret_cast<const char*>(hash.data()), hash.size()});
}

/// The same on an open caphash.
std::string write_open(chan::Caller& caller, chan::Chan& chan) {
    chan::Caller::error_detail().clear();
    return outcome(chan::write(caller, chan, as_bytes("01234567890123456789")));
}

std::string remove(chan::Caller& caller, std::string_view name) {
    chan::Caller::error_detail().clear();
    return outcome(chan::remove_name(caller, name));
}

std::string user(chan::Caller& caller) { return std::string(caller.user().view()); }

TEST(Capabilities, OneIsUsedOnceByWhomItIsFor) {
    run([](chan::Caller& me) {
        EXPECT_EQ(write(me, kUse, "eve@glenda@key"), "invalid capability eve@glenda@key");
        EXPECT_EQ(make(me, "eve@glenda", "key"), "ok");
        EXPECT_EQ(write(me, kUse, "eve@glenda@kex"), "invalid capability eve@glenda@kex");
        proc::current().task().set_priority(3, true);
        EXPECT_EQ(write(me, kUse, "eve@glenda@key"), "ok");
        EXPECT_EQ(user(me), "glenda");
        EXPECT_EQ(proc::current().task().base_priority(), sched::kNormalPriority);
        EXPECT_EQ(write(me, kUse, "eve@glenda@key"), "invalid capability eve@glenda@key");
        EXPECT_EQ(make(me, "glenda@eve", "key"), "permission denied: '#¤/caphash'");
    });
}

TEST(Capabilities, OneWithoutAUserIsForAnybody) {
    run([](chan::Caller& me) {
        EXPECT_EQ(make(me, "glenda", "key"), "ok");
        EXPECT_EQ(make(me, "bob", "key@with@signs"), "ok");
        EXPECT_EQ(write(me, kUse, "glenda@key"), "ok");
        EXPECT_EQ(user(me), "glenda");
        EXPECT_EQ(write(me, kUse, "bob@key@with@signs"), "invalid capability bob@key@with@signs");
    });
}

TEST(Capabilities, OneForAnotherIsUsedUp) {
    run([](chan::Caller& me) {
        EXPECT_EQ(make(me, "bob@glenda", "key"), "ok");
        EXPECT_EQ(write(me, kUse, "bob@glenda@key"), "capability must match user");
        EXPECT_EQ(write(me, kUse, "bob@glenda@key"), "invalid capability bob@glenda@key");
        EXPECT_EQ(user(me), "eve");
    });
}

TEST(Capabilities, WhatIsNoneIsRefused) {
    run([](chan::Caller& me) {
        EXPECT_EQ(write(me, kHash, std::string(19, 'x')), "i/o count too small");
        EXPECT_EQ(write(me, kHash, std::string(25, 'x')), "ok");
        EXPECT_EQ(write(me, kUse, ""), "i/o count too small");
        EXPECT_EQ(write(me, kUse, "glenda"), "i/o count too small");
        EXPECT_EQ(write(me, kUse, std::string(513, '@')), "read or write too large");
        EXPECT_EQ(make(me, "eve@", "key"), "ok");
        EXPECT_EQ(write(me, kUse, "eve@@key"), "bad arg in system call");
        const std::string name(28, 'n');
        EXPECT_EQ(make(me, name, "key"), "ok");
        EXPECT_EQ(write(me, kUse, name + "@key"), "name too long");
        EXPECT_EQ(user(me), "eve");
        EXPECT_EQ(outcome(chan::open_name(me, kUse, chan::kORead)), "permission denied: '#¤/capuse'");
    });
}

TEST(Capabilities, TheOldestGoesForOneTooMany) {
    run([](chan::Caller& me) {
        EXPECT_EQ(make(me, "eve@first", "key"), "ok");
        EXPECT_EQ(make(me, "eve@second", "key"), "ok");
        for (usize i = 1; i < kCapabilitiesMax; ++i) {
            EXPECT_EQ(make(me, "eve@other", std::to_string(i)), "ok");
        }
        EXPECT_EQ(write(me, kUse, "eve@first@key"), "invalid capability eve@first@key");
        // One from the middle closes the gap.
        EXPECT_EQ(make(me, "eve@eve", "self"), "ok");
        EXPECT_EQ(write(me, kUse, "eve@eve@self"), "ok");
        EXPECT_EQ(write(me, kUse, "eve@other@255"), "ok");
    });
}

TEST(Capabilities, WithoutCaphashNoMoreAreMade) {
    run([](chan::Caller& me) {
        EXPECT_EQ(listing(me, "#¤"), "capuse caphash");
        const Ref<chan::Chan> open = MUST(chan::open_name(me, kHash, chan::kOWrite));
        EXPECT_EQ(make(me, "eve@glenda", "key"), "ok");
        EXPECT_EQ(remove(me, kUse), "permission denied");
        EXPECT_EQ(remove(me, kHash), "ok");
        EXPECT_EQ(listing(me, "#¤"), "capuse");
        EXPECT_EQ(make(me, "eve@bob", "key"), "file does not exist: '#¤/caphash'");
        EXPECT_EQ(write_open(me, *open), "permission denied");
        EXPECT_EQ(write(me, kUse, "eve@glenda@key"), "ok");
        EXPECT_EQ(user(me), "glenda");
    });
}

TEST(Capabilities, OthersMakeNone) {
    run([](chan::Caller& me) {
        const Ref<chan::Chan> open = MUST(chan::open_name(me, kHash, chan::kOWrite));
        proc::set_user("glenda");
        EXPECT_EQ(outcome(chan::open_name(me, kHash, chan::kOWrite)), "permission denied: '#¤/caphash'");
        EXPECT_EQ(write_open(me, *open), "permission denied");
        EXPECT_EQ(remove(me, kHash), "permission denied");
        me.my_name_space().forbid_devices();
        EXPECT_EQ(outcome(chan::open_name(me, kUse, chan::kOWrite)), "mount/attach disallowed: '#¤'");
    });
}

}  // namespace
}  // namespace kernel::dev
