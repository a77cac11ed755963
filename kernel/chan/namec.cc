// What names are looked up for: access, bind, open, create, remove.
#include "chan/namec.h"

#include "chan/resolver.h"

namespace kernel::chan {
namespace {

/// Crosses what is mounted at the end of the walk, and makes sure of what the name demands.
Result<Ref<Chan>> arrive(Resolver& walk, Crossing crossing) {
    if (walk.demands_directory() && !walk.is_dir()) return walk.at_name(Error::kNotDir);
    const Result<void> settled = walk.settle(crossing);
    if (!settled.ok()) return walk.at_name(settled.error());
    Result<Ref<Chan>> chan = walk.own();
    if (!chan.ok()) return walk.at_name(chan.error());
    return chan;
}

Result<Ref<Chan>> open_chan(Caller& caller, Ref<Chan> chan, OpenMode mode) {
    const OpenMode device_mode = mode.without(kOCExec | kOExcl);
    Chan* const asked = chan.get();
    Ref<Chan> opened = TRY(asked->device().open(caller, std::move(chan), device_mode));
    if (opened.get() == asked) opened->mark_open(device_mode);
    ASSERT(opened->is_open());
    return opened;
}

Result<Ref<Chan>> open_here(Caller& caller, Resolver& walk, OpenMode mode) {
    Ref<Chan> chan = TRY(arrive(walk, Crossing::kCross));
    Result<Ref<Chan>> opened = open_chan(caller, std::move(chan), mode);
    if (!opened.ok()) return walk.at_name(opened.error());
    return opened;
}

/// The directory of a union that new files go into.
const Mount* creation_member(const Union& object) {
    for (const Mount& member : object.members()) {
        if ((member.flags & kMCreate) != 0) return &member;
    }
    return nullptr;
}

/// Creates `name` in the directory where the walk stands, crossed already.
Result<Ref<Chan>> create_here(Caller& caller, Resolver& walk, std::string_view name, OpenMode mode,
                              u32 permissions) {
    Ref<Chan> chan;
    if (walk.found_by()) {
        const Mount* member = creation_member(*walk.found_by());
        if (member == nullptr) return Error::kNoCreate;
        chan = TRY(member->to->clone());
    } else {
        chan = TRY(walk.clone_here());
    }
    Ref<Path> path = TRY(walk.path_of(name));
    const OpenMode device_mode = mode.without(kOCExec | kOExcl);
    TRY(chan->device().create(caller, *chan, name, device_mode, permissions));
    chan->set_path(std::move(path));
    chan->mark_open(device_mode);
    return chan;
}

}  // namespace

Result<Ref<Chan>> namec(Caller& caller, std::string_view name, NameUse use) {
    Resolver walk(caller, name);
    TRY(walk.start());
    TRY(walk.walk_all());
    if (use == NameUse::kChangeDir && !walk.is_dir()) return walk.at_name(Error::kNotDir);
    const bool crosses = use == NameUse::kAccess || use == NameUse::kBind;
    return arrive(walk, crosses ? Crossing::kCross : Crossing::kStay);
}

Result<Ref<Chan>> open_name(Caller& caller, std::string_view name, OpenMode mode) {
    Resolver walk(caller, name);
    TRY(walk.start());
    TRY(walk.walk_all());
    return open_here(caller, walk, mode);
}

Result<Ref<Chan>> create_name(Caller& caller, std::string_view name, OpenMode mode,
                              u32 permissions) {
    Resolver walk(caller, name);
    TRY(walk.start());
    if (!walk.has_more()) return walk.at_name(Error::kExists);
    std::string_view last = walk.take();
    while (walk.has_more()) {
        const Result<void> stepped = walk.step(last);
        if (!stepped.ok()) return walk.at_element(stepped.error());
        last = walk.take();
    }
    if (last == "..") return walk.at_name(Error::kExists);
    // Somebody else may create the file between our looking for it and our creating it, and remove
    // it again: then we look again, but not for ever.
    constexpr int kTries = 3;
    for (int i = 0; i < kTries; ++i) {
        const Result<void> found = walk.step(last);
        if (found.ok()) {
            if (mode.is_exclusive()) return walk.at_name(Error::kExists);
            return open_here(caller, walk, mode | kOTrunc);
        }
        if (found.error() != Error::kNotExist) return walk.at_name(found.error());
        if (walk.demands_directory() && (permissions & kDmDir) == 0) {
            return walk.at_name(Error::kNotDir);
        }
        Result<Ref<Chan>> created = create_here(caller, walk, last, mode, permissions);
        if (created.ok()) return created;
        if (created.error() != Error::kExists || mode.is_exclusive()) {
            return walk.at_name(created.error());
        }
    }
    return walk.at_name(Error::kExists);
}

Result<void> remove_name(Caller& caller, std::string_view name) {
    Resolver walk(caller, name);
    TRY(walk.start());
    TRY(walk.walk_all());
    if (walk.is_mounted_upon()) return walk.at_name(Error::kIsMountPoint);
    const Ref<Chan> chan = TRY(arrive(walk, Crossing::kStay));
    return chan->device().remove(caller, *chan);
}

Result<std::array<Ref<Chan>, 2>> open_pipe(Caller& caller) {
    Dev* device = find_device("|");
    if (device == nullptr) return Error::kBadSharp;
    const Ref<Chan> root = TRY(device->attach(caller, {}));
    constexpr std::array<std::string_view, 2> kEnds = {"data", "data1"};
    std::array<Ref<Chan>, 2> ends;
    for (usize i = 0; i < kEnds.size(); ++i) {
        Ref<Chan> end = TRY(root->clone());
        TRY(device->walk(caller, *end, kEnds[i]));
        end->set_path(TRY(Path::create_child(root->path(), kEnds[i])));
        ends[i] = TRY(open_chan(caller, std::move(end), kORdWr));
    }
    return ends;
}

}  // namespace kernel::chan
