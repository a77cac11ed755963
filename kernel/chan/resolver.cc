// Walking names: elements, mounts, unions and `..`, without recursion.
#include "chan/resolver.h"

#include "chan/error_name.h"

namespace kernel::chan {
namespace {

bool is_control(char c) { return static_cast<u8>(c) < 0x20 || c == 0x7f; }

/// Which of two failures of a union to report: one that says more than that a member lacks the
/// name.
Error worse(Error first, Error second) { return first == Error::kNotExist ? second : first; }

}  // namespace

Result<void> Resolver::start() {
    Caller::error_detail().clear();
    if (name_.empty()) return Error::kEmptyName;
    element_end_ = name_.data();
    for (char c : name_) {
        if (is_control(c)) return at_name(Error::kBadName);
    }
    if (name_[0] == '#') return start_at_device();
    const Ref<Chan>& dot = caller_.my_dot();
    at_ = name_[0] == '/' || !dot ? caller_.my_name_space().root() : dot;
    path_ = at_->path();
    skip_separators();
    return {};
}

Result<void> Resolver::start_at_device() {
    follows_ = false;
    if (name_.size() < 2) return at_name(Error::kBadSharp);
    // The letter may be a slash, which then ends the device's name too.
    const usize end = name_[1] == '/' ? 2 : std::min(name_.find('/'), name_.size());
    element_end_ = name_.data() + end;
    rest_ = name_.substr(end);
    Dev* device = find_device(name_.substr(1));
    if (device == nullptr) return at_element(Error::kBadSharp);
    if ((caller_.my_name_space().devices() & device_set(device->letter())) == 0) {
        return at_element(Error::kNoAttach);
    }
    Result<Ref<Chan>> root = device->attach(caller_, name_.substr(0, end).substr(1 + device->letter().size()));
    if (!root.ok()) return at_element(root.error());
    at_ = std::move(root).value();
    owned_ = true;
    path_ = at_->path();
    skip_separators();
    return {};
}

void Resolver::skip_separators() {
    const auto is_separator = [](std::string_view rest) {
        return rest[0] == '/' || (rest[0] == '.' && (rest.size() == 1 || rest[1] == '/'));
    };
    while (!rest_.empty() && is_separator(rest_)) rest_.remove_prefix(1);
}

std::string_view Resolver::take() {
    const std::string_view element = rest_.substr(0, rest_.find('/'));
    rest_.remove_prefix(element.size());
    element_end_ = element.data() + element.size();
    skip_separators();
    return element;
}

bool Resolver::is_mounted_upon() const {
    return follows_ && static_cast<bool>(caller_.my_name_space().find(at_->key()));
}

Result<void> Resolver::settle(Crossing crossing) {
    if (settled_) return {};
    Ref<Union> mounted;
    if (crossing == Crossing::kCross && follows_)
        mounted = caller_.my_name_space().find(at_->key());
    const Ref<Chan> mount_point = mounted ? at_ : nullptr;
    if (!pending_.empty()) {
        path_ = TRY(Path::create_child(path_, pending_, mount_point));
        pending_ = {};
    } else if (!(path_->mount_point() == mount_point)) {
        path_ = TRY(path_->with_mount_point(mount_point));
    }
    settled_ = true;
    found_by_ = std::move(mounted);
    if (found_by_) {
        at_ = found_by_->members()[0].to;
        owned_ = false;
    }
    return {};
}

Result<void> Resolver::walk_from(const Ref<Chan>& from, bool owned, std::string_view element) {
    Ref<Chan> next = owned ? from : TRY(from->clone());
    TRY(next->device().walk(caller_, *next, element));
    stand_at(std::move(next), true);
    return {};
}

void Resolver::stand_at(Ref<Chan> chan, bool owned) {
    at_ = std::move(chan);
    owned_ = owned;
    settled_ = false;
    found_by_.reset();
}

Result<void> Resolver::go_up() {
    const Ref<Path> parent = pending_.empty() ? path_->parent() : path_;
    if (!parent) return {};  // at the root
    if (parent->mount_point()) {
        stand_at(parent->mount_point(), false);
    } else if (pending_.empty() && path_->mount_point()) {
        TRY(walk_from(path_->mount_point(), false, ".."));
    } else {
        TRY(walk_from(at_, owned_, ".."));
    }
    path_ = parent;
    pending_ = {};
    return {};
}

Result<void> Resolver::step(std::string_view element) {
    if (element.size() > kElementMax) return Error::kNameTooLong;
    if (!at_->is_dir()) return Error::kNotDir;
    if (element == "..") return go_up();
    TRY(settle(Crossing::kCross));
    if (!found_by_) {
        TRY(walk_from(at_, owned_, element));
    } else {
        TRY(walk_union(*found_by_, element));
    }
    pending_ = element;
    return {};
}

Result<void> Resolver::walk_union(const Union& from, std::string_view element) {
    Error error = Error::kNotExist;
    for (const Mount& member : from.members()) {
        const Result<void> walked = walk_from(member.to, false, element);
        if (walked.ok()) return walked;
        error = worse(error, walked.error());
    }
    return error;
}

Result<void> Resolver::walk_all() {
    while (has_more()) {
        const Result<void> stepped = step(take());
        if (!stepped.ok()) return at_element(stepped.error());
    }
    return {};
}

Result<Ref<Chan>> Resolver::own() {
    Ref<Chan> chan = owned_ ? at_ : TRY(at_->clone());
    chan->set_path(path_);
    chan->set_union(found_by_);
    at_ = chan;
    owned_ = false;
    return chan;
}

Result<Ref<Path>> Resolver::path_of(std::string_view element) const {
    return Path::create_child(path_, element);
}

// What interrupts a walk is no matter of the name, and programs compare that text.

Error Resolver::at_element(Error error) const {
    if (error != Error::kInterrupted) set_error_name(error, name_.substr(0, taken()));
    return error;
}

Error Resolver::at_name(Error error) const {
    if (error != Error::kInterrupted) set_error_name(error, name_);
    return error;
}

}  // namespace kernel::chan
