// Services: a list of named channels behind one sleeping lock.
#include "dev/srv.h"

#include "base/late.h"
#include "base/text.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/fd_group.h"
#include "mm/object_cache.h"
#include "sched/qlock.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::DirCursor;
using chan::OpenMode;
using chan::Stat;

/// A posted channel, or a name that waits for one. Guarded by Services::lock.
struct Service : Pinned {
    Service(std::string_view service_name, const chan::UserName& maker, u64 number, u32 mode)
        : name(service_name), owner(maker), path(number), permissions(mode) {}

    chan::ElementName name;
    chan::UserName owner;
    u64 path;  // of its Qid; never reused, and rising along the list
    u32 permissions;
    Ref<Chan> posted;  // null until written
    Service* next = nullptr;
};

constinit mm::ObjectCache<Service> cache{"service"};

/// The table. Channels are dropped outside its lock.
class Services : Pinned {
public:
    sched::QLock lock{sync::LockRank::kService};

    Service* find(u64 path) REQUIRES(lock) {
        Service* at = first_;
        while (at != nullptr && at->path != path) at = at->next;
        return at;
    }
    Service* find(std::string_view name) REQUIRES(lock) {
        Service* at = first_;
        while (at != nullptr && at->name.view() != name) at = at->next;
        return at;
    }
    /// The first whose path is above `path`.
    Service* after(u64 path) REQUIRES(lock) {
        Service* at = first_;
        while (at != nullptr && at->path <= path) at = at->next;
        return at;
    }
    Result<Service*> add(std::string_view name, const chan::UserName& owner, u32 permissions)
        REQUIRES(lock) {
        Service* made = TRY(cache.create(name, owner, last_path_ + 1, permissions));
        ++last_path_;
        Service** end = &first_;
        while (*end != nullptr) end = &(*end)->next;
        *end = made;
        return made;
    }
    /// Takes `service` off the list; returns the channel that was posted.
    Ref<Chan> remove(Service& service) REQUIRES(lock) {
        Service** at = &first_;
        while (*at != &service) at = &(*at)->next;
        *at = service.next;
        Ref<Chan> posted = std::move(service.posted);
        cache.destroy(service);
        return posted;
    }

private:
    Service* first_ GUARDED_BY(lock) = nullptr;
    u64 last_path_ GUARDED_BY(lock) = 0;
};

constinit Late<Services> services;

void describe_service(const Service& service, Stat& out) {
    describe(out, service.name, chan::file_qid(service.path), 0, service.permissions);
    out.uid = service.owner;
    out.muid = service.owner;
}

Result<void> check_owner(Caller& caller, const Service& service) {
    if (caller.is_eve() || caller.user().view() == service.owner.view()) return {};
    return Error::kPermission;
}

/// What may be posted: an open channel that neither goes away by itself nor asks for a password.
Result<Ref<Chan>> postable(Caller& caller, ConstBytes data) {
    const u64 fd = TRY(parse_canonical_decimal(trim(as_text(data))));
    if (fd >= chan::kFdMax) return Error::kBadFd;
    const std::optional<chan::FdRow> row = caller.my_fds().next(static_cast<i32>(fd));
    if (!row.has_value() || row->fd != static_cast<i32>(fd)) return Error::kBadFd;
    if (row->on_exec == chan::OnExec::kClose || row->chan->mode().removes_on_close() ||
        (row->chan->qid().type & chan::kQtAuth) != 0) {
        return Error::kBadUseFd;
    }
    return row->chan;
}

class SrvDevice final : public chan::Dev {
public:
    constexpr SrvDevice() : Dev("s", "srv") {}

    Result<void> walk(Caller&, Chan& chan, std::string_view name) override {
        if (name == "..") return {};  // the root is the only directory
        sched::QLockGuard guard(services->lock);
        const Service* found = services->find(name);
        if (found == nullptr) return Error::kNotExist;
        chan.set_qid(chan::file_qid(found->path));
        return {};
    }

    Result<bool> entry(Caller&, Chan&, DirCursor& cursor, Stat& out) override {
        sched::QLockGuard guard(services->lock);
        const Service* found = services->after(cursor);
        if (found == nullptr) return false;
        cursor = found->path;
        describe_service(*found, out);
        return true;
    }

    Result<void> stat(Caller&, Chan& chan, Stat& out) override {
        if (chan.is_dir()) {
            describe(out, out.name, chan.qid(), 0, 0555);
            return {};
        }
        sched::QLockGuard guard(services->lock);
        const Service* found = services->find(chan.qid().path);
        if (found == nullptr) return Error::kNotExist;
        describe_service(*found, out);
        return {};
    }

    Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) override {
        if (chan->is_dir()) {
            TRY(chan::check_directory_open(mode));
            return chan;
        }
        sched::QLockGuard guard(services->lock);
        const Service* found = services->find(chan->qid().path);
        if (found == nullptr) return Error::kNotExist;
        if (!found->posted) return Error::kShutDown;
        if (mode.truncates()) return Error::kExists;
        TRY(chan::check_permission(caller, found->owner, found->permissions, mode));
        const OpenMode posted = found->posted->mode();
        if ((mode.reads() && !posted.reads()) || (mode.writes() && !posted.writes())) {
            return Error::kPermission;
        }
        return found->posted;
    }

    Result<void> create(Caller& caller, Chan& chan, std::string_view name, OpenMode mode,
                        u32 permissions) override {
        if ((permissions & chan::kDmDir) != 0) return Error::kPermission;
        if (mode.access() != chan::OpenAccess::kWrite) return Error::kPermission;
        sched::QLockGuard guard(services->lock);
        if (services->find(name) != nullptr) return Error::kExists;
        const Service* made =
            TRY(services->add(name, caller.user(), permissions & chan::kPermissionBits));
        chan.set_qid(chan::file_qid(made->path));
        return {};
    }

    void close(Chan& chan) override {
        if (!chan.is_open() || chan.is_dir() || !chan.mode().removes_on_close()) return;
        sched::QLockGuard guard(services->lock);
        Service* found = services->find(chan.qid().path);
        if (found != nullptr) chan.drop_after_close(services->remove(*found));
    }

    /// Only the channel that created a service is ever open on it.
    Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, u64) override {
        Ref<Chan> posted = TRY(postable(caller, data));
        sched::QLockGuard guard(services->lock);
        Service* found = services->find(chan.qid().path);
        if (found == nullptr) return Error::kNotExist;
        if (found->posted) return Error::kBadUseFd;
        found->posted = std::move(posted);
        return data.size();
    }

    Result<void> remove(Caller& caller, Chan& chan) override {
        if (chan.is_dir()) return Error::kPermission;
        Ref<Chan> posted;  // dropped after the lock is
        sched::QLockGuard guard(services->lock);
        Service* found = services->find(chan.qid().path);
        if (found == nullptr) return Error::kNotExist;
        TRY(check_owner(caller, *found));
        posted = services->remove(*found);
        return {};
    }

    Result<void> wstat(Caller& caller, Chan& chan, const Stat& changes) override {
        if (chan.is_dir()) return Error::kPermission;
        sched::QLockGuard guard(services->lock);
        Service* found = services->find(chan.qid().path);
        if (found == nullptr) return Error::kNotExist;
        TRY(check_owner(caller, *found));
        const bool renames = !changes.name.empty() && changes.name.view() != found->name.view();
        if (renames && services->find(changes.name.view()) != nullptr) return Error::kExists;
        if (renames) found->name = changes.name;
        if (changes.mode != chan::kKeep32)
            found->permissions = changes.mode & chan::kPermissionBits;
        if (!changes.uid.empty()) found->owner = changes.uid;
        return {};
    }
};

constinit SrvDevice device;

}  // namespace

chan::Dev& srv_device() { return device; }

void init_services() { services.make(); }

void rename_service_owner(std::string_view before, std::string_view after) {
    sched::QLockGuard guard(services->lock);
    for (Service* at = services->after(0); at != nullptr; at = at->next) {
        if (at->owner.view() == before) at->owner.assign(after);
    }
}

}  // namespace kernel::dev
