// The files of #c about who: pid, ppid, pgrpid, user, hostowner, hostdomain, sysname, osversion.
#include "base/version.h"
#include "chan/owner.h"
#include "dev/cons/files.h"
#include "proc/proc.h"
#include "proc/self.h"
#include "sync/locked.h"

namespace kernel::dev::cons {
namespace {

constexpr usize kDomainMax = 64;
constexpr usize kSystemNameMax = 256;

template <usize N>
using SharedText = sync::Locked<FixedString<N>, sync::LockRank::kDeviceSpin>;

constinit SharedText<kDomainMax> host_domain;
constinit SharedText<kSystemNameMax> system_name;  // empty: kDefaultSystemName
constexpr std::string_view kDefaultSystemName = "procyon";

template <usize N>
Result<void> render_shared(SharedText<N>& shared, std::string_view default_text, Sink& sink) {
    const FixedString<N> copy = shared.with([](FixedString<N>& text) { return text; });
    sink.write(copy.empty() ? default_text : copy.view());
    return {};
}

template <usize N>
Result<void> set_shared(SharedText<N>& shared, std::string_view text) {
    if (text.size() > FixedString<N>::kCapacity) return Error::kNameTooLong;
    shared.with([&](FixedString<N>& name) { name.assign(text); });
    return {};
}

}  // namespace

Result<void> render_pid(Caller& caller, Sink& sink) {
    put_number<kNumberWidth>(sink, caller.pid());
    return {};
}

Result<void> render_ppid(Caller& caller, Sink& sink) {
    put_number<kNumberWidth>(sink, caller.parent_pid());
    return {};
}

Result<void> render_pgrpid(Caller&, Sink& sink) {
    put_number<kNumberWidth>(sink, proc::note_id(proc::current()));
    return {};
}

Result<void> render_user(Caller& caller, Sink& sink) {
    sink.write(caller.user());
    return {};
}

Result<void> command_user(Caller&, std::string_view text) {
    if (text != "none") return Error::kPermission;
    proc::set_user(text);
    return {};
}

Result<void> render_hostowner(Caller&, Sink& sink) {
    sink.write(chan::host_owner());
    return {};
}

Result<void> command_hostowner(Caller&, std::string_view text) {
    if (text.empty()) return Error::kBadArg;
    if (text.size() > chan::UserName::kCapacity) return Error::kNameTooLong;
    const chan::UserName before = chan::host_owner();
    chan::set_host_owner(text);
    proc::rename_user(before, text);
    proc::set_user(text);
    return {};
}

Result<void> render_hostdomain(Caller&, Sink& sink) { return render_shared(host_domain, "", sink); }
Result<void> command_hostdomain(Caller&, std::string_view text) {
    return set_shared(host_domain, text);
}

Result<void> render_sysname(Caller&, Sink& sink) {
    return render_shared(system_name, kDefaultSystemName, sink);
}
Result<void> command_sysname(Caller&, std::string_view text) {
    if (text.empty()) return Error::kBadArg;
    return set_shared(system_name, text);
}

Result<void> render_osversion(Caller&, Sink& sink) {
    format_to(sink, "2000 procyon {}", version());
    return {};
}

}  // namespace kernel::dev::cons
