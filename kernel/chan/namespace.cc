// Name spaces: a hash table of unions, replaced whole when something is mounted or unmounted.
#include "chan/namespace.h"

#include "base/text.h"
#include "chan/caller.h"
#include "chan/namec.h"
#include "chan/release.h"
#include "mm/heap.h"
#include "mm/object_cache.h"

namespace kernel::chan {
namespace {

constinit mm::ObjectCache<Union> unions{"union"};
constinit mm::ObjectCache<Namespace> name_spaces{"namespace"};

u32 order_of(u32 flags) { return flags & kMOrder; }

/// The members that mounting `source` adds: itself, or all of the union it names.
usize count_sources(const Chan& source) {
    return source.found_by() ? source.found_by()->members().size() : 1;
}

Result<void> check_mount(const Chan& source, const Chan& target, u32 flags) {
    if ((flags & ~kMMask) != 0 || order_of(flags) == kMOrder) return Error::kBadArg;
    if (source.is_dir() != target.is_dir()) return Error::kMountType;
    if (!target.is_dir() && order_of(flags) != kMRepl) return Error::kMountType;
    // Where creation should go in a bound union is the union's own business.
    const Ref<Union>& found = source.found_by();
    if ((flags & kMCreate) != 0 && found &&
        (found->members().size() > 1 || (found->members()[0].flags & kMCreate) == 0)) {
        return Error::kMountType;
    }
    return {};
}

}  // namespace

// Unions.

Result<Ref<Union>> Union::create(Ref<Chan> from, usize room) {
    const Bytes memory = TRY(mm::allocate(room * sizeof(Mount)));
    Mount* members = reinterpret_cast<Mount*>(memory.data());
    for (usize i = 0; i < room; ++i) ::new (static_cast<void*>(members + i)) Mount();
    Result<Union*> made = unions.create(std::move(from), std::span(members, room));
    if (!made.ok()) {
        mm::deallocate(memory);
        return made.error();
    }
    return Ref<Union>::adopt(*made.value());
}

void Union::append(Ref<Chan> to, u64 id, u32 flags) {
    ASSERT(size_ < members_.size());
    members_[size_++] = {std::move(to), id, flags};
}

void Union::free(Union& object) {
    const std::span<Mount> members = object.members_;
    for (Mount& member : members) member.~Mount();
    unions.destroy(object);
    mm::deallocate(members.data(), members.size_bytes());
}

void Union::destroy(Union& object) {
    Release release;
    release.take(object);
    release.run();
}

// The table.

usize Namespace::bucket_of(const FileKey& file) {
    const u64 key =
        file.path ^ (u64{file.device_number} << 8) ^ file.device->rune();
    // A golden-ratio hash: neighbouring paths land in different buckets.
    static_assert(kBuckets == 1 << (64 - 59));
    return (key * 0x9e3779b97f4a7c15) >> 59;
}

Namespace::Head** Namespace::find_slot(Buckets& buckets, const FileKey& file) {
    Head** slot = &buckets[bucket_of(file)];
    while (*slot != nullptr && !((*slot)->mounted->mounted_on().key() == file)) {
        slot = &(*slot)->next;
    }
    return slot;
}

Result<void> Namespace::add_head(Head** slot, Ref<Union> mounted) {
    const Bytes memory = TRY(mm::allocate(sizeof(Head)));
    *slot = ::new (static_cast<void*>(memory.data())) Head{std::move(mounted), *slot};
    return {};
}

void Namespace::remove_head(Head** slot) {
    Head* head = *slot;
    *slot = head->next;
    head->~Head();
    mm::deallocate(head, sizeof(Head));
}

Result<Ref<Namespace>> Namespace::create(Ref<Chan> root) {
    root->set_path(TRY(Path::create_root("/")));
    return create_with(std::move(root));
}

Result<Ref<Namespace>> Namespace::create_with(Ref<Chan> root) {
    return Ref<Namespace>::adopt(*TRY(name_spaces.create(std::move(root))));
}

Result<Ref<Namespace>> Namespace::empty_copy() {
    Ref<Namespace> made = TRY(create_with(root_));
    made->restrict_devices(devices());
    return made;
}

Result<Ref<Namespace>> Namespace::copy() {
    Ref<Namespace> made = TRY(empty_copy());
    sched::ReadGuard guard(lock_);
    // Nobody else knows the copy: its fields need no lock, but the analysis cannot know. Two locks
    // of one rank are never held at once, so the table is built outside and put in later.
    Buckets heads{};
    Error error{};
    bool failed = false;
    for (usize i = 0; i < kBuckets && !failed; ++i) {
        for (Head* head = buckets_[i]; head != nullptr && !failed; head = head->next) {
            const Result<void> added = add_head(&heads[i], head->mounted);
            if (!added.ok()) {
                error = added.error();
                failed = true;
            }
        }
    }
    const u64 last_id = last_id_;
    const usize mounts = mounts_;
    guard.unlock();
    {
        sched::WriteGuard filling(made->lock_);
        made->buckets_ = heads;
        made->last_id_ = last_id;
        made->mounts_ = mounts;
        // relaxed: nobody else knows the copy.
        made->used_.store(used_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    if (failed) return error;
    return made;
}

void Namespace::destroy(Namespace& object) {
    Release release;
    Buckets heads;
    {
        // Nobody else is left; the lock is for the analysis.
        sched::WriteGuard guard(object.lock_);
        heads = std::exchange(object.buckets_, {});
    }
    for (Head*& bucket : heads) {
        while (bucket != nullptr) {
            release.drop(std::move(bucket->mounted));
            remove_head(&bucket);
        }
    }
    name_spaces.destroy(object);
    release.run();
}

Ref<Union> Namespace::find(const FileKey& file) {
    // relaxed: whoever knows of a mount, because he made it or was told, finds its bit; who does not
    // comes before it.
    const BucketSet used = used_.load(std::memory_order_relaxed);
    if ((used & (BucketSet{1} << bucket_of(file))) == 0) return {};
    sched::ReadGuard guard(lock_);
    const Head* head = *find_slot(buckets_, file);
    return head == nullptr ? Ref<Union>() : head->mounted;
}

Result<Ref<Union>> Namespace::extend(const Union* old, const Ref<Chan>& source,
                                     const Ref<Chan>& target, u32 flags) {
    const u32 order = order_of(flags);
    const usize added = count_sources(*source);
    // In a union that begins here the directory itself is a member.
    const bool keeps_target = old == nullptr && order != kMRepl;
    const usize kept = order == kMRepl ? 0 : keeps_target ? 1 : old->members().size();
    if (kept + added > kUnionMax || mounts_ + added + kept > kMountsMax) return Error::kNoMemory;

    Ref<Union> made = TRY(Union::create(target, kept + added));
    // Made first whatever the order, so that the records of /proc/n/ns, in order of ids, rebuild
    // the union.
    const u64 target_id = keeps_target ? ++last_id_ : 0;
    const auto keep_old = [&] {
        if (keeps_target) made->append(target, target_id, 0);
        if (order != kMRepl && old != nullptr) {
            for (const Mount& member : old->members()) {
                made->append(member.to, member.id, member.flags);
            }
        }
    };
    if (order == kMAfter) keep_old();
    made->append(source, ++last_id_, flags);
    if (source->found_by()) {
        const u32 rest_flags = order == kMRepl ? kMAfter : order;
        for (const Mount& member : source->found_by()->members().subspan(1)) {
            made->append(member.to, ++last_id_, rest_flags);
        }
    }
    if (order != kMAfter) keep_old();
    return made;
}

Result<u64> Namespace::mount(Ref<Chan> source, Ref<Chan> target, u32 flags) {
    TRY(check_mount(*source, *target, flags));
    Ref<Union> old;  // dropped after the lock is
    sched::WriteGuard guard(lock_);
    Head** slot = find_slot(buckets_, target->key());
    if (*slot != nullptr) old = (*slot)->mounted;
    Ref<Union> made = TRY(extend(old.get(), source, target, flags));
    const usize after = made->members().size();
    const u64 id = std::ranges::find_if(made->members(), [&](const Mount& member) {
                       return member.to == source;
                   })->id;
    if (*slot == nullptr) {
        TRY(add_head(slot, std::move(made)));
        // relaxed: see find().
        used_.fetch_or(BucketSet{1} << bucket_of(target->key()), std::memory_order_relaxed);
    } else {
        (*slot)->mounted = std::move(made);
    }
    mounts_ += after - (old ? old->members().size() : 0);
    return id;
}

Result<void> Namespace::unmount(const Chan* source, const Chan& target) {
    Ref<Union> old;  // dropped after the lock is
    sched::WriteGuard guard(lock_);
    Head** slot = find_slot(buckets_, target.key());
    if (*slot == nullptr) return Error::kUnmount;
    old = (*slot)->mounted;
    const std::span<const Mount> members = old->members();
    if (source == nullptr) {
        mounts_ -= members.size();
        remove_head(slot);
        return {};
    }
    usize found = 0;
    while (found < members.size() && !members[found].to->is_same_file(*source)) ++found;
    if (found == members.size()) return Error::kUnion;
    if (members.size() == 1) {
        remove_head(slot);
    } else {
        Ref<Union> made = TRY(Union::create((*slot)->mounted->from_, members.size() - 1));
        for (usize i = 0; i < members.size(); ++i) {
            if (i != found) made->append(members[i].to, members[i].id, members[i].flags);
        }
        (*slot)->mounted = std::move(made);
    }
    --mounts_;
    return {};
}

u64 Namespace::print_mount(u64 after, Sink& sink) {
    Ref<Union> holder;  // keeps `best` alive; dropped after the lock is
    sched::ReadGuard guard(lock_);
    const Mount* best = nullptr;
    for (const Head* bucket : buckets_) {
        for (const Head* head = bucket; head != nullptr; head = head->next) {
            for (const Mount& member : head->mounted->members()) {
                if (member.id > after && (best == nullptr || member.id < best->id)) {
                    best = &member;
                    holder = head->mounted;
                }
            }
        }
    }
    guard.unlock();
    if (best == nullptr) return 0;
    sink.write("bind ");
    if (best->flags != 0) sink.write("-");
    if (order_of(best->flags) == kMAfter) sink.write("a");
    if (order_of(best->flags) == kMBefore) sink.write("b");
    if ((best->flags & kMCreate) != 0) sink.write("c");
    if ((best->flags & kMCache) != 0) sink.write("C");
    sink.write(" ");
    put_quoted_path(sink, *best->to->path());
    sink.write(" ");
    put_quoted_path(sink, *holder->mounted_on().path());
    sink.write("\n");
    return best->id;
}

// By name.

Result<void> check_bind_flags(u32 flags) {
    if ((flags & ~kMMask) != 0 || order_of(flags) == kMOrder) return Error::kBadArg;
    return {};
}

Result<u64> bind(Caller& caller, std::string_view from, std::string_view onto, u32 flags) {
    TRY(check_bind_flags(flags));
    Ref<Chan> source = TRY(namec(caller, from, NameUse::kBind));
    Ref<Chan> target = TRY(namec(caller, onto, NameUse::kMountPoint));
    return caller.my_name_space().mount(std::move(source), std::move(target), flags);
}

Result<void> unmount(Caller& caller, std::string_view from, std::string_view onto) {
    const Ref<Chan> target = TRY(namec(caller, onto, NameUse::kMountPoint));
    if (from.empty()) return caller.my_name_space().unmount(nullptr, *target);
    const Ref<Chan> source = TRY(namec(caller, from, NameUse::kBind));
    return caller.my_name_space().unmount(source.get(), *target);
}

}  // namespace kernel::chan
